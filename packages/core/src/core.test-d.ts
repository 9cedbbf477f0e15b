import type * as tf from '@tensorflow/tfjs';
import {expectTypeOf} from 'vitest';
import {
  chain,
  everyNSteps,
  type GradientOptimizer,
  type GradientTransform,
  globalNorm,
  mapTensors,
  masked,
  type NamedTensors,
  partition,
  registerTransforms,
  requireOptions,
  type Selector,
  type StateTree,
  stateless,
  type StepContext,
  transformGradients,
} from './index.js';

declare const optimizer: tf.Optimizer;
declare const grads: NamedTensors;
declare const withMoments: GradientTransform<{readonly m: NamedTensors; readonly count: number}>;
declare const withoutState: GradientTransform<undefined>;

// A chain takes transforms of any state and is a transform again.
expectTypeOf(chain(withMoments, withoutState)).toEqualTypeOf<GradientTransform<readonly StateTree[]>>();
expectTypeOf(chain(chain(), withMoments)).toExtend<GradientTransform>();
// @ts-expect-error: a factory is no transform.
chain(mapTensors);
// @ts-expect-error: a list of transforms is no transform.
chain([withMoments]);

// Combinators keep the type of the state.
expectTypeOf(masked('**', withMoments)).toEqualTypeOf<typeof withMoments>();
expectTypeOf(everyNSteps(2, withMoments)).toEqualTypeOf<typeof withMoments>();
expectTypeOf(partition([['**', withMoments]])).toExtend<GradientTransform>();
expectTypeOf<Selector>().toEqualTypeOf<
  string | RegExp | ((param: Parameters<Extract<Selector, (...args: never) => unknown>>[0]) => boolean)
>();
// @ts-expect-error: a number selects nothing.
masked(1, withMoments);

// The contract.
expectTypeOf<GradientTransform['update']>().returns.toEqualTypeOf<
  readonly [grads: NamedTensors, state: StateTree]
>();
expectTypeOf<GradientTransform<number>['init']>().returns.toEqualTypeOf<number>();
expectTypeOf<GradientTransform>().toHaveProperty('name').toEqualTypeOf<string>();
expectTypeOf(stateless('x', {}, (given) => given)).toEqualTypeOf<GradientTransform<undefined>>();
// @ts-expect-error: update must return gradients and state.
stateless('x', {}, () => [grads, undefined]);
// @ts-expect-error: text is no state.
export type Text = GradientTransform<string>;
// @ts-expect-error: a promise is no state.
export type Later = GradientTransform<Promise<number>>;

// State trees.
expectTypeOf<undefined>().toExtend<StateTree>();
expectTypeOf<readonly [number, {a: tf.Tensor; b?: undefined}]>().toExtend<StateTree>();
expectTypeOf<tf.Variable>().toExtend<StateTree>();
expectTypeOf<null>().not.toExtend<StateTree>();
expectTypeOf<boolean>().not.toExtend<StateTree>();

// Named tensors and the context are read only.
// @ts-expect-error: read only.
grads['w'] = globalNorm(grads);
// @ts-expect-error: read only.
delete grads['w'];
expectTypeOf<Record<string, tf.Tensor>>().toExtend<NamedTensors>();
expectTypeOf(grads['v']).toEqualTypeOf<tf.Tensor | undefined>();
expectTypeOf<StepContext>().toEqualTypeOf<Readonly<StepContext>>();
expectTypeOf<StepContext['epoch']>().toEqualTypeOf<number | undefined>();

// Factories are registered as a record.
registerTransforms({scale: ({factor}: {factor: number}) => stateless('scale', {factor}, (given) => given)});
// @ts-expect-error: a factory is no record of factories.
registerTransforms(mapTensors);
// @ts-expect-error: a transform is no factory.
registerTransforms({withMoments});

// Checks of options know all of them.
declare const options: {readonly eta: number; readonly seed?: number};
expectTypeOf(requireOptions('noise', options, {eta: 0.3, seed: 42})).toEqualTypeOf<typeof options>();
// @ts-expect-error: an option is missing.
requireOptions('noise', options, {eta: 0.3});
// @ts-expect-error: there is no such option.
requireOptions('noise', options, {eta: 0.3, seed: 42, gamma: 1});

// The wrapper is an optimizer for tfjs.
expectTypeOf(transformGradients(optimizer, withMoments, withoutState)).toEqualTypeOf<GradientOptimizer>();
expectTypeOf<GradientOptimizer>().toExtend<tf.Optimizer>();
expectTypeOf<GradientOptimizer['learningRate']>().toEqualTypeOf<number>();
// @ts-expect-error: the wrapper's chain does not change.
transformGradients(optimizer).transforms.push(withoutState);
// @ts-expect-error: the name of an optimizer is none.
transformGradients('adam');
