import {Writable} from 'node:stream';
import {progress} from '@gradwire/loggers';
import {createTrainer} from '@gradwire/trainer';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import type {Comparison} from './harness.js';
import {mlp} from './networks.js';

interface Job {
  readonly name: string;
  readonly model: () => tf.LayersModel;
  readonly optimizer: () => tf.Optimizer;
  readonly loss: 'binaryCrossentropy' | 'categoricalCrossentropy';
  readonly data: () => {x: tf.Tensor2D; y: tf.Tensor2D};
  readonly batchSize: number;
  readonly epochs: number;
  readonly rounds: number;
  /** Largest share of `model.fit`'s time that the trainer may take. */
  readonly fitShare: number;
}

/** The second seed's network: so small that everything but arithmetic shows. */
const circles: Job = {
  name: '2-5-5-5-5-1, batch 32, RMSprop',
  model: () => mlp(tf, [2, 5, 5, 5, 5, 1], 'sigmoid', 'sigmoid'),
  optimizer: () => tf.train.rmsprop(1e-3),
  loss: 'binaryCrossentropy',
  data: () => ({
    x: tf.randomNormal([1000, 2]),
    y: tf.cast(tf.randomUniform([1000, 1], 0, 2, 'int32'), 'float32'),
  }),
  batchSize: 32,
  epochs: 5,
  rounds: 15,
  fitShare: 0.75,
};

/** The first seed's five-layer network: nearly all arithmetic. */
const deep = (rounds: number): Job => ({
  name: '784-512-512-256-256-128-10, batch 512, momentum',
  model: () => mlp(tf, [784, 512, 512, 256, 256, 128, 10], 'tanh', 'softmax'),
  optimizer: () => tf.train.momentum(3e-4, 0.9),
  loss: 'categoricalCrossentropy',
  data: () => ({
    x: tf.randomUniform([512, 784]),
    y: tf.cast(tf.oneHot(tf.randomUniform([512], 0, 10, 'int32'), 10), 'float32') as tf.Tensor2D,
  }),
  batchSize: 512,
  epochs: 2,
  rounds,
  fitShare: 1,
});

/** The trainer with its event stream and a progress bar against `model.fit` and a bare `optimizer.minimize` loop. */
export async function* trainerLoop(): AsyncGenerator<Comparison> {
  await prepareWasm();
  for (const [backend, rounds] of [
    ['wasm', 15],
    ['cpu', 3],
  ] as const) {
    await tf.setBackend(backend);
    yield comparison(circles);
    yield comparison(deep(rounds));
    tf.disposeVariables();
  }
}

function comparison({
  model,
  optimizer,
  loss,
  data,
  batchSize,
  epochs,
  rounds,
  fitShare,
  name,
}: Job): Comparison {
  const {x, y} = data();
  const fitted = model();
  fitted.compile({loss, optimizer: optimizer()});

  const trainer = createTrainer({
    model: model(),
    loss,
    optimizer: optimizer(),
    consumers: [progress({stream: silentTerminal()})],
  });

  const minimized = model();
  const bare = optimizer();
  const variables = minimized.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const lossOf = tf.metrics[loss];
  const steps = epochs * Math.ceil(x.shape[0] / batchSize);

  return {
    name: `${name} (${tf.getBackend()})`,
    rounds,
    contenders: {
      'model.fit': {
        steps,
        run: async () => void (await fitted.fit(x, y, {epochs, batchSize, verbose: 0})),
      },
      trainer: {steps, run: async () => void (await trainer.fit({x, y}, {epochs, batchSize}))},
      minimize: {
        steps,
        run: async () => {
          for (let epoch = 0; epoch < epochs; epoch++) {
            const order = tf.util.createShuffledIndices(x.shape[0]);
            for (let start = 0; start < order.length; start += batchSize) {
              tf.tidy(() => {
                const rows = tf.tensor1d(Int32Array.from(order.subarray(start, start + batchSize)), 'int32');
                const [bx, by] = [tf.gather(x, rows), tf.gather(y, rows)];
                const f = (): tf.Scalar =>
                  tf.mean(lossOf(by, minimized.apply(bx, {training: true}) as tf.Tensor)) as tf.Scalar;
                bare.minimize(f, true, variables);
              });
            }
          }
        },
      },
    },
    aims: [
      {of: 'trainer', to: 'model.fit', atMost: fitShare},
      {of: 'trainer', to: 'minimize', atMost: 1.1},
    ],
  };
}

/** A terminal that nobody looks at: the bar is painted, but not on the bench's own output. */
function silentTerminal(): NodeJS.WriteStream {
  const stream = new Writable({write: (_chunk, _encoding, done) => done()});
  return Object.assign(stream, {isTTY: true, columns: 80}) as unknown as NodeJS.WriteStream;
}
