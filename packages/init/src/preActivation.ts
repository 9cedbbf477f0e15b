import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Layer} from './openLayers.js';
import {wrapCalls} from './wrapCalls.js';

/** A batch of inputs, one tensor for each input of the model. */
export type Batch = tf.Tensor | tf.Tensor[];

/** Ends a forward pass: the layers that come after need not compute. */
class Reached extends Error {}

/** Takes the place of an activation; layers ask it for its name, too. */
const LINEAR = {apply: (x: tf.Tensor) => x, getClassName: () => 'linear', getConfig: () => ({})};

/** What `layer` returns for a batch before its activation, where it is called first. It is kept: dispose it. */
export function preActivation(model: tfl.LayersModel, batch: Batch, layer: Layer): tf.Tensor {
  let output: tf.Tensor | undefined;
  const measure = (): void => {
    tf.tidy(() => void model.apply(batch));
  };
  try {
    wrapCalls(
      [layer],
      (_, call) => (inputs, kwargs) => {
        output = tf.keep(tf.tidy(() => withoutActivation(layer, () => call(inputs, kwargs) as tf.Tensor)));
        throw new Reached();
      },
      measure,
    );
  } catch (error) {
    if (!(error instanceof Reached)) throw error;
  }
  return output!;
}

function withoutActivation<T>(layer: Layer, run: () => T): T {
  const activated = layer as unknown as {activation?: unknown};
  const {activation} = activated;
  if (activation == null) return run();
  activated.activation = LINEAR;
  try {
    return run();
  } finally {
    activated.activation = activation;
  }
}
