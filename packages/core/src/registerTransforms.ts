import * as tf from '@tensorflow/tfjs-core';
import {chain} from './chain.js';
import {everyNSteps} from './everyNSteps.js';
import {GradientOptimizer} from './gradientOptimizer.js';
import {masked} from './masked.js';
import {partition} from './partition.js';
import {selectorFromJson} from './selector.js';
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
 * combinators of this package (`chain`, `masked`, `partition`, `everyNSteps`) come along with any call.
 *
 * A factory is known by its function name. Bundlers that rename functions must be told to keep names
 * (esbuild `keepNames`, terser `keep_fnames`) where models with an optimizer are loaded.
 *
 * @param transformFactories the factories, e.g. `clipByGlobalNorm`.
 * @throws TypeError if one is not a function, or has no name.
 * @example
 * ```ts
 * import {registerTransforms} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * registerTransforms(clipByGlobalNorm, gradientNoise);
 * // const model = await tf.loadLayersModel(...); goes on where the saved training stopped
 * ```
 */
export function registerTransforms(...transformFactories: readonly TransformFactory[]): void {
  tf.serialization.registerClass(GradientOptimizer);
  addFactory('chain', ({transforms}: {transforms: SerializedTransform[]}) =>
    chain(...transforms.map(deserializeTransform)),
  );
  addFactory('masked', ({select, transform}: {select: unknown; transform: SerializedTransform}) =>
    masked(selectorFromJson(select), deserializeTransform(transform)),
  );
  addFactory('partition', ({rules}: {rules: [unknown, SerializedTransform][]}) =>
    partition(
      rules.map(
        ([select, transform]) => [selectorFromJson(select), deserializeTransform(transform)] as const,
      ),
    ),
  );
  addFactory('everyNSteps', ({n, transform}: {n: number; transform: SerializedTransform}) =>
    everyNSteps(n, deserializeTransform(transform)),
  );
  for (const factory of transformFactories) {
    if (typeof factory !== 'function' || factory.name === '') {
      throw new TypeError(`registerTransforms: expected named transform factories, got ${String(factory)}.`);
    }
    addFactory(factory.name, factory);
  }
}
