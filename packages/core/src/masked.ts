import {applyTransform} from './applyTransform.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {pickTensors} from './pickTensors.js';
import {replaceTensors} from './replaceTensors.js';
import {requireTransform} from './requireTransform.js';
import {
  compileSelector,
  requireSelection,
  requireSelector,
  type Selector,
  selectorToJson,
} from './selector.js';
import type {StateTree} from './stateTree.js';
import {serializeTransform} from './transformRegistry.js';

/**
 * Applies a transform to the selected parameters only; the others pass unchanged.
 *
 * The transform sees nothing of the rest: `masked('**\/kernel', clipByGlobalNorm({maxNorm: 1}))` clips by the joint
 * norm of the kernels.
 *
 * @param select which parameters.
 * @param transform what happens to them.
 * @throws TypeError if `select` is no selector or `transform` no transform.
 * @throws Error at the first step, before any update, if the selector matches no parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {masked, transformGradients} from '@gradwire/core';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const optimizer = transformGradients(tf.train.adam(), masked('**\/kernel', gradientNoise({eta: 0.01})));
 * ```
 */
export function masked<S extends StateTree>(
  select: Selector,
  transform: GradientTransform<S>,
): GradientTransform<S> {
  requireTransform('masked', 'transform', transform, 'Call masked(select, transform).');
  requireSelector('masked', 'select', select);
  const selected = compileSelector(select);
  return Object.freeze({
    name: 'masked',
    on: transform.on ?? 'gradients',
    parts: [transform],
    get config() {
      return {select: selectorToJson('masked', select), transform: serializeTransform(transform)};
    },
    init(params: NamedTensors) {
      const names = selected(params);
      requireSelection('masked', 'parameter', select, names, Object.keys(params));
      return transform.init(pickTensors(params, names));
    },
    update(grads: NamedTensors, state: S, ctx: StepContext) {
      const names = selected(ctx.params);
      const [changed, next] = applyTransform(transform, pickTensors(grads, names), state, ctx);
      return [replaceTensors(grads, names, changed), next] as const;
    },
  });
}
