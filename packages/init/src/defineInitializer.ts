import {describeValue, type Initializer, type ParamSpec, paramSpec} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {classNameOf, type InitializerFactory, registerFactory} from './initializerRegistry.js';
import type {LayerInitializer} from './layerInitializer.js';
import {randomSeed} from './randomSeed.js';

/** What {@link defineInitializer} makes an initializer of. */
export interface InitializerDefinition {
  /** The factory's name: letters and digits. */
  readonly name: string;
  /** The factory that calls this; it makes the initializer of a saved model anew, from `config`. */
  readonly factory: InitializerFactory;
  /**
   * The factory's options: plain JSON. tfjs turns camelCase into snake_case in saved files and back, in keys and in strings, so both
   * have to be camelCase.
   */
  readonly config: Readonly<Record<string, unknown>>;
  /** Makes the values; runs inside `tf.tidy`. */
  readonly draw: Initializer;
}

/**
 * Makes an initializer that works in rules, as `reinitialize` has them, and in layers of tfjs.
 *
 * It also makes the factory known to `tf.loadLayersModel`; a process that only loads a model calls `registerInitializers`.
 *
 * @param definition name, factory, options, and how values are drawn.
 * @throws TypeError if the name has other characters, or a function is none.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {defineInitializer, type LayerInitializer} from '@gradwire/init';
 *
 * // What recurrent networks of ReLUs start from.
 * function scaledIdentity({scale}: {scale: number}): LayerInitializer {
 *   return defineInitializer({
 *     name: 'scaledIdentity',
 *     factory: scaledIdentity,
 *     config: {scale},
 *     draw: ({shape}) => tf.mul(scale, tf.eye(shape[0]!, shape[1]!)),
 *   });
 * }
 *
 * const layer = tf.layers.dense({units: 2, inputShape: [2], kernelInitializer: scaledIdentity({scale: 0.9})});
 * tf.sequential({layers: [layer]});
 * layer.getWeights()[0]!.print(); // [[0.9, 0], [0, 0.9]]
 * ```
 */
export function defineInitializer(definition: InitializerDefinition): LayerInitializer {
  const {name, factory, config, draw} = requireDefinition(definition);
  registerFactory(name, factory);
  const initialize = (spec: ParamSpec, seed: number): tf.Tensor => tf.tidy(() => draw(spec, seed));
  const getConfig = (): tf.serialization.ConfigDict => structuredClone(config) as tf.serialization.ConfigDict;
  Object.defineProperties(initialize, {
    name: {value: name},
    className: {value: classNameOf(name), enumerable: true},
    config: {get: getConfig, enumerable: true},
    // In the place of Function.prototype.apply: tfjs calls it so.
    apply: {
      value: (shape: number[], dtype: tf.DataType = 'float32') =>
        tf.tidy(() => tf.cast(draw(paramSpec('', shape), randomSeed()), dtype)),
    },
    getConfig: {value: getConfig},
    getClassName: {value: () => classNameOf(name)},
    fromConfigUsesCustomObjects: {value: () => false},
  });
  return Object.freeze(initialize) as unknown as LayerInitializer;
}

function requireDefinition(definition: InitializerDefinition): InitializerDefinition {
  const {name, factory, draw} = definition;
  const wrong =
    typeof name !== 'string' || !/^[a-z][a-z\d]*$/i.test(name)
      ? `name must consist of letters and digits, got ${describeValue(name)}`
      : typeof factory !== 'function'
        ? `factory must be a function, got ${describeValue(factory)}`
        : typeof draw !== 'function' && `draw must be a function, got ${describeValue(draw)}`;
  if (wrong !== false) throw new TypeError(`defineInitializer: ${wrong}.`);
  return definition;
}
