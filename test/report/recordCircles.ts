import {
  activationStats,
  chainNorms,
  diagnosis,
  diagnosisCaptures,
  gradientMagnitude,
  gradientStats,
  histograms,
  updateStats,
  weightSnapshots,
} from '@gradwire/capture';
import {clipByGlobalNorm} from '@gradwire/clipping';
import {every, everyEpoch} from '@gradwire/core';
import {circles} from '@gradwire/datasets';
import {gradientNoise} from '@gradwire/noise';
import type {DecisionBoundary, RecordedRun} from '@gradwire/report';
import {createTrainer, type TrainingEvent} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';

export type Activation = 'sigmoid' | 'tanh' | 'relu';

const {dense} = tf.layers;
const GRID = Array.from({length: 40}, (_, i) => -1.5 + (3 * i) / 39);

/** Trains the 2-5-5-5-5-1 network on two noisy circles, with noise and clipping, and records everything there is to draw. */
export async function recordCircles(activation: Activation, epochs: number): Promise<RecordedRun> {
  const {x, y} = circles({samples: 256, factor: 0.5, noise: 0.1, seed: 42});
  const model = tf.sequential();
  for (const layer of [1, 2, 3, 4, 5]) {
    model.add(
      dense({
        units: layer === 5 ? 1 : 5,
        name: `${activation}${layer}`,
        activation: layer === 5 ? 'sigmoid' : activation,
        kernelInitializer: tf.initializers.randomNormal({stddev: 1, seed: layer}),
        ...(layer === 1 ? {inputShape: [2]} : {}),
      }),
    );
  }
  const trainer = createTrainer({
    model,
    loss: 'binaryCrossentropy',
    optimizer: tf.train.rmsprop(5e-3),
    metrics: ['accuracy'],
    seed: 1,
    transforms: [clipByGlobalNorm({maxNorm: 0.1}), gradientNoise({eta: 0.001})],
    captures: [
      gradientStats({when: every(4)}),
      gradientStats({when: every(4), stage: 'final'}),
      gradientMagnitude({when: every(4), parameters: '{*1,*3,*5}/kernel'}),
      histograms({of: 'gradients', when: everyEpoch()}),
      histograms({of: 'gradients', when: everyEpoch(), stage: 'final'}),
      chainNorms({when: every(4)}),
      updateStats({when: every(4)}),
      weightSnapshots({when: everyEpoch()}),
      activationStats({when: everyEpoch()}),
      ...diagnosisCaptures({when: every(8)}).filter(
        ({name}) => !/^(gradient|weight|update|activation)Stats$/.test(name),
      ),
    ],
    consumers: [diagnosis()],
  });
  const events: TrainingEvent[] = [];
  trainer.events$.subscribe((event) => events.push(event));
  await trainer.fit({x, y}, {epochs, batchSize: 32, validationData: {x, y}});
  const {acc} = await trainer.evaluate({x, y});
  const boundary = await boundaryOf(model, x, y);
  trainer.dispose();
  model.dispose();
  tf.dispose([x, y]);
  return {
    name: activation,
    events,
    config: {activation, epochs, 'learning rate': 5e-3, batchSize: 32},
    environment: {node: process.versions.node, tfjs: tf.version.tfjs},
    metrics: {train_acc: acc!},
    boundary,
  };
}

async function boundaryOf(model: tf.Sequential, x: tf.Tensor2D, y: tf.Tensor2D): Promise<DecisionBoundary> {
  const grid = tf.tensor2d(GRID.flatMap((row) => GRID.map((column) => [column, row])));
  const predicted = model.predict(grid) as tf.Tensor;
  const classes = [...(await predicted.data())].map((p) => (p > 0.5 ? 1 : 0));
  const [places, labels] = [await x.array(), await y.data()];
  tf.dispose([grid, predicted]);
  return {
    xs: GRID,
    ys: GRID,
    classes,
    points: places.map(([px, py], i) => ({x: px!, y: py!, label: labels[i]!})),
  };
}
