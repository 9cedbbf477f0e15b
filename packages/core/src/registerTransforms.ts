import * as tf from '@tensorflow/tfjs-core';
import {accumulateGradients} from './accumulateGradients.js';
import {chain} from './chain.js';
import {describeValue} from './describeValue.js';
import {everyNSteps} from './everyNSteps.js';
import {GradientOptimizer} from './gradientOptimizer.js';
import {masked} from './masked.js';
import {partition} from './partition.js';
import {selectorFromJson, type SelectorJson} from './selector.js';
import {shadow} from './shadow.js';
import {isPlainRecord} from './stateTree.js';
import {
  addFactory,
  deserializeTransform,
  type SerializedTransform,
  type TransformFactory,
} from './transformRegistry.js';

/**
 * Makes transform factories known to `tf.loadLayersModel`, as `tf.serialization.registerClass` does for layers.
 *
 * A model that was saved with `{includeOptimizer: true}` names its transforms; loading needs their factories. The
 * transforms of this package (`chain`, `masked`, `accumulateGradients`, …) come along with any call.
 *
 * A factory is known by its key, which must be the `name` of the transforms that it makes. Bundlers that rename
 * functions leave keys alone.
 *
 * @param transformFactories the factories by name, e.g. `{clipByGlobalNorm}`.
 * @throws TypeError if it is no record, or a factory is not a function.
 * @example
 * ```ts
 * import {registerTransforms} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * registerTransforms({clipByGlobalNorm, gradientNoise});
 * // const model = await tf.loadLayersModel(...); goes on where the saved training stopped
 * ```
 */
export function registerTransforms(transformFactories: Readonly<Record<string, TransformFactory>>): void {
  requireFactories(transformFactories);
  tf.serialization.registerClass(GradientOptimizer);
  for (const [name, factory] of Object.entries(transformFactories)) addFactory(name, factory);
  // After the others, so that naming a combinator does no harm: these take their arguments as options.
  addFactory('chain', ({transforms}: {transforms: SerializedTransform[]}) =>
    chain(...transforms.map(deserializeTransform)),
  );
  addFactory('masked', ({select, transform}: {select: SelectorJson; transform: SerializedTransform}) =>
    masked(selectorFromJson(select), deserializeTransform(transform)),
  );
  addFactory('partition', ({rules}: {rules: [SelectorJson, SerializedTransform][]}) =>
    partition(
      rules.map(
        ([select, transform]) => [selectorFromJson(select), deserializeTransform(transform)] as const,
      ),
    ),
  );
  addFactory('accumulateGradients', accumulateGradients);
  addFactory('shadow', ({transform}: {transform: SerializedTransform}) =>
    shadow(deserializeTransform(transform)),
  );
  addFactory('everyNSteps', ({n, transform}: {n: number; transform: SerializedTransform}) =>
    everyNSteps(n, deserializeTransform(transform)),
  );
}

function requireFactories(transformFactories: unknown): void {
  const hint = 'e.g. registerTransforms({clipByGlobalNorm})';
  if (!isPlainRecord(transformFactories)) {
    throw new TypeError(
      `registerTransforms: transformFactories must be a record, ${hint}, got ${describeValue(transformFactories)}.`,
    );
  }
  for (const [name, factory] of Object.entries(transformFactories)) {
    if (typeof factory === 'function') continue;
    throw new TypeError(
      `registerTransforms: ${name} must be a transform factory, ${hint}, got ${describeValue(factory)}.`,
    );
  }
}
