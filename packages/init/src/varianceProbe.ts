import {mixSeeds, type NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {drawTensor} from './drawTensor.js';
import {openLayers} from './openLayers.js';
import type {Batch} from './preActivation.js';
import {wrapCalls} from './wrapCalls.js';

/** What layers return, and the gradients of that; by layer, in the order of their calls. Kept. */
export interface VarianceProbe {
  readonly outputs: NamedTensors;
  readonly gradients: NamedTensors;
}

/** One forward pass, and one backward pass from a random gradient at the model's outputs. */
export function varianceProbe(
  model: tfl.LayersModel,
  batch: Batch,
  {seed, training}: {seed: number; training: boolean},
): VarianceProbe {
  const outputs: Record<string, tf.Tensor> = {};
  const gradients: Record<string, tf.Tensor> = {};
  const names = openLayers(model.layers);
  const project = (zero: tf.Tensor): tf.Tensor =>
    wrapCalls(
      names.keys(),
      (layer, call) => (inputs, kwargs) => {
        const returned = call(inputs, kwargs);
        const [first, ...others] = Array.isArray(returned) ? returned : [returned];
        const name = names.get(layer)!;
        if (first === undefined || first.dtype !== 'float32' || Object.hasOwn(outputs, name)) return returned;
        outputs[name] = tf.keep(tf.clone(first));
        const seen = seeGradient(first, zero, (gradient) => {
          gradients[name] = tf.keep(tf.clone(gradient));
        });
        return others.length === 0 ? seen : [seen, ...others];
      },
      () => randomProjection([model.apply(batch, {training})].flat() as tf.Tensor[], seed),
    );
  try {
    tf.tidy(() => void tf.grad(project)(tf.scalar(0)));
    return {outputs, gradients};
  } catch (error) {
    tf.dispose([outputs, gradients]);
    disposeTape();
    throw error;
  }
}

/** tfjs keeps what operations have saved for the backward pass when a forward or backward pass throws. */
function disposeTape(): void {
  for (const {saved} of tf.engine().state.activeTape ?? []) tf.dispose(saved ?? []);
}

/** Σ r · outputs: its gradient at the outputs is r. */
function randomProjection(outputs: readonly tf.Tensor[], seed: number): tf.Tensor {
  const sums = outputs.map((output, i) =>
    tf.sum(
      tf.mul(
        output,
        drawTensor(output.shape, mixSeeds(seed, i), (random) => random.normal()),
      ),
    ),
  );
  return tf.addN(sums);
}

/**
 * The tensor itself, whose gradient is shown to `look` on its way back.
 *
 * It also comes from `origin`: the gradient goes back to that, which every layer is passed for, with weights or without.
 */
function seeGradient(tensor: tf.Tensor, origin: tf.Tensor, look: (gradient: tf.Tensor) => void): tf.Tensor {
  const pass = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => {
      look(dy);
      return [dy, tf.zerosLike(origin)];
    },
  }));
  return pass(tensor, origin);
}
