import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {run} from './encode.js';

type Layer = tfl.layers.Layer;

/**
 * Names of the layers that do not give the same in training as in inference, found by trying: dropout, noise, batch
 * normalisation, random augmentation, and whatever custom layers do.
 *
 * @param inputs a batch. Weights are afterwards as before.
 */
export async function actsOtherwiseInTraining(
  model: tfl.LayersModel,
  inputs: tf.Tensor[],
): Promise<string[]> {
  const differences = new Map<string, tf.Tensor>();
  const weights = model.weights.map((weight) => [weight, tf.clone(weight.read())] as const);
  const undo = model.layers.map((layer) =>
    spyOn(layer, (difference) => {
      differences.get(layer.name)?.dispose();
      differences.set(layer.name, difference);
    }),
  );
  try {
    tf.tidy(() => void run(model, inputs));
    const names: string[] = [];
    for (const [name, difference] of differences) {
      if ((await difference.data())[0]! > 0) names.push(name);
    }
    return names;
  } finally {
    for (const restore of undo) restore();
    for (const [weight, value] of weights) weight.write(value);
    tf.dispose([...differences.values(), ...weights.map(([, value]) => value)]);
  }
}

/** Calls a layer in both ways, and tells the largest difference of its outputs. */
function spyOn(layer: Layer, tell: (difference: tf.Tensor) => void): () => void {
  const own = Object.getOwnPropertyDescriptor(layer, 'call');
  const call = layer.call.bind(layer);
  const value: Layer['call'] = (inputs, kwargs) => {
    const given = call(inputs, {...kwargs, training: false});
    tell(
      tf.keep(
        tf.tidy(() => {
          const others = [call(inputs, {...kwargs, training: true})].flat();
          return tf.max(tf.stack([given].flat().map((output, i) => largestDifference(output, others[i]!))));
        }),
      ),
    );
    return given;
  };
  Object.defineProperty(layer, 'call', {value, configurable: true, writable: true});
  return () => {
    if (own === undefined) Reflect.deleteProperty(layer, 'call');
    else Object.defineProperty(layer, 'call', own);
  };
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (a.shape.join() !== b.shape.join()) return tf.scalar(Infinity);
  return tf.max(tf.abs(tf.sub(tf.cast(a, 'float32'), tf.cast(b, 'float32'))));
}
