import * as tf from '@tensorflow/tfjs-core';

/** The optimizer that a saved configuration names. */
export function deserializeOptimizer(saved: unknown): tf.Optimizer {
  const {className, config} = saved as {className: string; config: tf.serialization.ConfigDict};
  const known = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (known === undefined) {
    throw new Error(
      `GradientOptimizer: the inner optimizer '${className}' is unknown. Call tf.serialization.registerClass.`,
    );
  }
  const [innerClass, fromConfig] = known;
  return fromConfig(innerClass, config) as tf.Optimizer;
}
