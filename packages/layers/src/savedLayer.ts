import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

type Config = tf.serialization.ConfigDict;
type Registered = ReturnType<typeof tf.serialization.SerializationMap.getMap>['classNameMap'][string];

/** A layer or model as it stands in a saved file. */
export function savedLayer(layer: tfl.layers.Layer): Config {
  return {className: layer.getClassName(), config: layer.getConfig()};
}

/** The inverse; `customObjects` are those of `tf.models.modelFromJSON`. */
export function loadedLayer<Layer extends tfl.layers.Layer>(
  {className, config}: Config,
  customObjects: Readonly<Record<string, unknown>> = {},
): Layer {
  const name = String(className);
  const entry =
    (customObjects[name] as Registered | undefined) ??
    tf.serialization.SerializationMap.getMap().classNameMap[name];
  if (entry === undefined) {
    throw new Error(`residual: the saved block has a layer ${name}, whose class is not registered.`);
  }
  const [Class, fromConfig] = entry;
  return fromConfig(Class, {...(config as Config), customObjects: customObjects as Config}) as Layer;
}
