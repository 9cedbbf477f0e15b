import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** For dimensions that the model leaves open, but the batch: enough for five poolings, and not too many time steps. */
const OPEN = 32;

/** One training step on zeros, in a batch of one, without its update. */
export function dryRun(model: LayersModel): void {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const forward = () => lossOf(model, outputsOf(model));
  try {
    tf.tidy(() => {
      tf.variableGrads(forward, variables);
    });
  } finally {
    freeTape();
  }
}

function outputsOf(model: LayersModel): tf.Tensor[] {
  const inputs = model.inputs.map(({shape, dtype}) => tf.zeros(closed(shape), dtype));
  return [model.apply(inputs, {training: true}) as tf.Tensor | tf.Tensor[]].flat();
}

/** As `fit` computes it; of a model that is not compiled, the sum of the outputs' means. */
function lossOf(model: LayersModel, outputs: tf.Tensor[]): tf.Scalar {
  // A Sequential leaves them to the model that it wraps.
  const {lossFunctions} = (model as {model?: LayersModel}).model ?? model;
  const losses = outputs.map((output, i) => {
    const loss = lossFunctions?.[i];
    return tf.mean<tf.Scalar>(loss === undefined ? output : ofZeros(loss, output));
  });
  return tf.addN<tf.Scalar>([...losses, ...model.calculateLosses()]);
}

/** The loss of targets that are zeros: in the shape of the output or, as for class indices, with one in the end. */
function ofZeros(loss: LayersModel['lossFunctions'][number], output: tf.Tensor): tf.Tensor {
  try {
    return loss(tf.zerosLike(output), output);
  } catch {
    return loss(tf.zeros([...output.shape.slice(0, -1), 1]), output);
  }
}

function closed([batch, ...rest]: readonly (number | null)[]): number[] {
  return [batch ?? 1, ...rest.map((size) => size ?? OPEN)];
}

/** What TensorFlow.js leaves behind where a gradient throws. */
function freeTape(): void {
  const {state} = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const {saved = []} of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = null as unknown as typeof state.activeTape;
}
