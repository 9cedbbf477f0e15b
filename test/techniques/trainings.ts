import type {GradientTransform, NamedTensors, StepContext} from '@gradwire/core';
import {type CaptureEvent, createTrainer, ofType, type StepEvent, type Trainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';

/** Where a weight goes that begins at 0 and gets these gradients. */
export function walk(optimizer: tf.Optimizer, gradients: readonly number[]): number[] {
  const weight = tf.variable(tf.scalar(0), true);
  return gradients.map((gradient) => {
    optimizer.minimize(() => tf.mul(weight, gradient) as tf.Scalar, false, [weight]);
    return weight.dataSync()[0]!;
  });
}

export const values = (x: unknown): number[] => [...(x as tf.Tensor).dataSync()];

export const outputs = (layer: tf.layers.Layer, x: tf.Tensor, training = false): number[] =>
  values(layer.apply(x, {training}));

export const context = (step: number, epoch: number): StepContext => ({
  step,
  epoch,
  params: {},
  keys: {w: 1},
  seed: 3,
});

export const transformed = (transform: GradientTransform, grads: NamedTensors, ctx: StepContext): number[] =>
  values(transform.update(grads, transform.init(grads), ctx)[0]['w']);

export const noiseAt = (transform: GradientTransform, step: number, epoch: number): number[] =>
  transformed(transform, {w: tf.zeros([100, 1000])}, context(step, epoch));

export const logitsLoss = (labels: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
  tf.losses.softmaxCrossEntropy(labels, logits);

const oneHot = (labels: readonly number[], classes: number): tf.Tensor =>
  tf.oneHot(tf.tensor1d([...labels], 'int32'), classes).toFloat();

export const labelled = (samples: number, inputs: number, classes = 3) => ({
  x: tf.randomUniform([samples, inputs], -1, 1, 'float32', 5),
  y: oneHot(
    Array.from({length: samples}, (_, i) => i % classes),
    classes,
  ),
});

function listen<T>(trainer: Trainer, type: 'step' | 'capture'): T[] {
  const seen: T[] = [];
  trainer.events$.pipe(ofType(type)).subscribe((event) => seen.push(event as T));
  return seen;
}

/** A trainer that learns nothing, and tells of each batch. */
export function watcher(tell: (batch: number[]) => void): Trainer {
  const weight = tf.variable(tf.scalar(1));
  return createTrainer({
    model: (x) => {
      tell(values(x));
      return tf.mul(x as tf.Tensor, weight);
    },
    variables: [weight],
    loss: (labels: tf.Tensor, predicted: tf.Tensor) => tf.losses.meanSquaredError(labels, predicted),
    optimizer: tf.train.sgd(0),
  });
}

export const stepsOf = (trainer: Trainer): StepEvent[] => listen(trainer, 'step');
export const capturesOf = (trainer: Trainer): CaptureEvent[] => listen(trainer, 'capture');

export const weightsOf = (layer: tf.layers.Layer): number[] => layer.getWeights().flatMap(values);

export const matrix = (columns: number, entries: readonly number[]): tf.Tensor2D =>
  tf.tensor2d([...entries], [entries.length / columns, columns]);
