import type * as tf from '@tensorflow/tfjs';
import {expectTypeOf} from 'vitest';
import {
  accumulateGradients,
  type AccumulateGradientsOptions,
  chain,
  everyNSteps,
  type GradientOptimizer,
  type GradientTransform,
  globalNorm,
  mapTensors,
  lintChain,
  masked,
  type NamedTensors,
  type NumericOption,
  type OptionSchedule,
  partition,
  registerTransforms,
  requireOptions,
  scheduled,
  type Selector,
  shadow,
  type ShadowReport,
  type StateTree,
  stateless,
  type StepContext,
  transformGradients,
  when,
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
expectTypeOf(when(({step, epoch = 0}) => step > epoch, withMoments)).toEqualTypeOf<typeof withMoments>();
expectTypeOf(shadow(withMoments)).toEqualTypeOf<GradientTransform>();
expectTypeOf(partition([['**', withMoments]])).toExtend<GradientTransform>();
expectTypeOf<Selector>().toEqualTypeOf<
  string | RegExp | ((param: Parameters<Extract<Selector, (...args: never) => unknown>>[0]) => boolean)
>();
// @ts-expect-error: a number selects nothing.
masked(1, withMoments);

// @ts-expect-error: a predicate answers at once.
when(async () => true, withMoments);
// @ts-expect-error: a predicate answers true or false.
when(({step}) => step, withMoments);

// A schedule is for an option that is a number, of a factory that takes options.
interface AllOptional {
  readonly eta?: number;
  readonly gamma?: number;
  readonly unit?: 'step' | 'epoch';
}
interface SomeRequired {
  readonly limit: number;
  readonly spread: number;
  readonly kind?: string;
}
declare const allOptional: (options?: AllOptional) => GradientTransform<number>;
declare const someRequired: (options: SomeRequired) => GradientTransform<undefined>;
declare const oneRequired: (options: {readonly maxNorm: number}) => GradientTransform<undefined>;
declare const falling: OptionSchedule;
expectTypeOf<NumericOption<AllOptional>>().toEqualTypeOf<'eta' | 'gamma'>();
expectTypeOf<NumericOption<SomeRequired>>().toEqualTypeOf<'limit' | 'spread'>();
expectTypeOf<NumericOption<AccumulateGradientsOptions>>().toEqualTypeOf<'steps'>();
expectTypeOf(scheduled('maxNorm', falling, oneRequired)).toEqualTypeOf<GradientTransform>();
scheduled('eta', falling, allOptional);
scheduled('eta', falling, allOptional, {unit: 'epoch'});
scheduled('limit', falling, someRequired, {spread: 1});
scheduled('maxNorm', (step, {epoch = 0}) => step + epoch, oneRequired);
// @ts-expect-error: the factory has no such option.
scheduled('maxNorms', falling, oneRequired);
// @ts-expect-error: this option is text.
scheduled('unit', falling, allOptional);
// @ts-expect-error: the factory needs its other option.
scheduled('limit', falling, someRequired);
// @ts-expect-error: the factory needs its other option.
scheduled('limit', falling, someRequired, {kind: 'l2'});
// @ts-expect-error: the other option is a number.
scheduled('limit', falling, someRequired, {spread: '1'});
// @ts-expect-error: the option that follows the schedule has no other value.
scheduled('eta', falling, allOptional, {eta: 1});
// @ts-expect-error: a schedule returns numbers.
scheduled('maxNorm', (step) => String(step), oneRequired);
// @ts-expect-error: a transform is no factory.
scheduled('maxNorm', falling, withMoments);
// @ts-expect-error: a factory without options has none to schedule.
scheduled('maxNorm', falling, () => withMoments);

// Reports are numbers.
shadow(withMoments, {
  report: (report) => {
    expectTypeOf(report).toEqualTypeOf<ShadowReport>();
    expectTypeOf(report.parameters['w']).toExtend<{readonly cosine: number} | undefined>();
  },
});
// @ts-expect-error: there is no such option.
shadow(withMoments, {log: () => {}});

expectTypeOf(accumulateGradients({steps: 4})).toExtend<GradientTransform>();
// @ts-expect-error: how many?
accumulateGradients();
// @ts-expect-error: how many?
accumulateGradients({});
expectTypeOf(lintChain([withMoments, withoutState])[0]!.reason).toEqualTypeOf<string>();
// @ts-expect-error: it takes a list.
lintChain(withMoments);
expectTypeOf<GradientTransform['on']>().toEqualTypeOf<'gradients' | 'updates' | undefined>();

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
expectTypeOf<GradientOptimizer['skipped']>().toEqualTypeOf<number>();
// @ts-expect-error: counted, not set.
transformGradients(optimizer).skipped = 0;
// @ts-expect-error: the wrapper's chain does not change.
transformGradients(optimizer).transforms.push(withoutState);
// @ts-expect-error: the name of an optimizer is none.
transformGradients('adam');
