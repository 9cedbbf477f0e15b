import * as tf from '@tensorflow/tfjs-core';
import type {LayerInitializer} from './layerInitializer.js';

/** Makes an initializer out of the options that an equal one was saved with. */
export type InitializerFactory = (options: never) => LayerInitializer;

/** tfjs has initializers of the same names, so ours carry the package's. */
export function classNameOf(name: string): string {
  return `gradwire>${name}`;
}

/** Makes a factory known to tfjs, whose registry holds classes: one whose `fromConfig` calls it. */
export function registerFactory(name: string, factory: InitializerFactory): void {
  const className = classNameOf(name);
  const [known] = tf.serialization.SerializationMap.getMap().classNameMap[className] ?? [];
  if ((known as {factory?: InitializerFactory} | undefined)?.factory === factory) return;
  class SavedInitializer extends tf.serialization.Serializable {
    static readonly className = className;
    static readonly factory = factory;
    static override fromConfig<T extends tf.serialization.Serializable>(
      _cls: tf.serialization.SerializableConstructor<T>,
      config: tf.serialization.ConfigDict,
    ): T {
      // tfjs adds what the caller of its `fromConfig` knows of other classes.
      const {customObjects: _customObjects, ...options} = config;
      return factory(options as never) as unknown as T;
    }
    override getConfig(): tf.serialization.ConfigDict {
      return {};
    }
  }
  tf.serialization.registerClass(SavedInitializer, 'gradwire', name);
}
