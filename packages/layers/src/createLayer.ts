import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {LayerConfig} from './layerConfig.js';
import type {LayerOptions} from './layerOptions.js';

/** A class of layers that can be registered. */
interface LayerClass<Settings, Layer extends tfl.layers.Layer> {
  readonly className: string;
  new (config: LayerConfig & Settings): Layer;
}

/** Makes a layer and its class known to `tf.loadLayersModel`. */
export function createLayer<Settings extends object, Layer extends tfl.layers.Layer>(
  Class: LayerClass<Settings, Layer>,
  {name, inputShape}: LayerOptions,
  settings: Settings,
): Layer {
  tf.serialization.registerClass(Class as unknown as tf.serialization.SerializableConstructor<Layer>);
  return new Class({
    ...settings,
    ...(name === undefined ? {} : {name}),
    ...(inputShape === undefined ? {} : {inputShape: [...inputShape]}),
  });
}
