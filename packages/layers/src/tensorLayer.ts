import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {type CallArguments, type LayerConfig, plainName} from './layerConfig.js';

/** What tfjs itself puts into a configuration. */
const OF_TFJS = new Set(['name', 'trainable', 'inputShape', 'batchInputShape', 'dtype', 'customObjects']);

/** A layer that makes of one tensor another of the same shape; `settings` are its options, defaults filled in. */
export abstract class TensorLayer<Settings extends object> extends tfl.layers.Layer {
  override supportsMasking = true;
  protected readonly settings: Settings;

  constructor(config: LayerConfig & Settings) {
    super(config);
    this.name = plainName(this.name);
    const own = Object.entries(config).filter(([option]) => !OF_TFJS.has(option));
    this.settings = Object.fromEntries(own) as Settings;
  }

  /** Runs inside a tidy. */
  protected abstract compute(x: tf.Tensor, training: boolean): tf.Tensor;

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      return this.compute(Array.isArray(inputs) ? inputs[0]! : inputs, kwargs['training'] === true);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), ...this.settings};
  }
}
