import type {ParamSpec} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * An initializer that tfjs-layers takes as well: `tf.layers.dense({units: 1, kernelInitializer: heNormal()})`.
 *
 * Called, it is an {@link Initializer} of `@gradwire/core`, to which the same seed gives the same values. Its members
 * are what tfjs asks for. tfjs tells an initializer nothing but the shape: `apply` draws a seed from `Math.random` each time, so
 * that layers of one shape never get one kernel.
 */
export interface LayerInitializer {
  (spec: ParamSpec, seed: number): tf.Tensor;
  /** What saved models know it by: `gradwire>` and the name of its factory. */
  readonly className: string;
  /** The options of its factory; a new object each time, since tfjs writes into it. */
  readonly config: tf.serialization.ConfigDict;
  apply(shape: (number | null)[], dtype?: tf.DataType): tf.Tensor;
  getConfig(): tf.serialization.ConfigDict;
  getClassName(): string;
  fromConfigUsesCustomObjects(): boolean;
}
