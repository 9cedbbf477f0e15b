/**
 * What caching frozen lower layers brings, on MNIST with the third source's larger network, 784-300-100-50-10, whose two lowest
 * layers are frozen. Node, wasm:
 *
 *     npx tsc --build && node test/procedures/cacheSpeed.mjs FOLDER [THREADS]
 *
 * FOLDER has `train-images-idx3-ubyte.gz` and `train-labels-idx1-ubyte.gz`. Prints a line per run: time per epoch in both ways
 * as `trainFromCache` has measured it by the clock, then the CPU time of whole epochs.
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {trainFromCache} from '@gradwire/procedures';
import {createTrainer, ofType} from '@gradwire/trainer';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';

const [folder, threads = '1'] = process.argv.slice(2);
await prepareWasm({threads: Number(threads)});
await tf.setBackend('wasm');

const read = (name, header) =>
  gunzipSync(readFileSync(join(folder, `train-${name}-ubyte.gz`))).subarray(header);
const SAMPLES = 55_000;
const pixels = read('images-idx3', 16).subarray(0, SAMPLES * 784);
const labels = read('labels-idx1', 8).subarray(0, SAMPLES);
const x = tf.tensor2d(
  Float32Array.from(pixels, (value) => value / 255),
  [SAMPLES, 784],
);
const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10), 'float32'));

const dense = (units, name, more = {}) =>
  tf.layers.dense({units, name, activation: 'relu', kernelInitializer: 'heNormal', ...more});
const build = () =>
  tf.sequential({
    layers: [
      dense(300, 'hidden1', {inputShape: [784]}),
      dense(100, 'hidden2'),
      dense(50, 'hidden3'),
      dense(10, 'outputs', {activation: 'softmax'}),
    ],
  });
const common = {loss: 'categoricalCrossentropy', metrics: ['accuracy']};
const training = {epochs: 2, batchSize: 100};

/** CPU time of the epochs: with one thread it hardly depends on what else the machine does. */
const epochTimes = (times) => (events$) => {
  let began;
  return events$.pipe(ofType('epochBegin', 'epochEnd')).subscribe(({type}) => {
    if (type === 'epochBegin') began = process.cpuUsage();
    else times.push(process.cpuUsage(began).user / 1000);
  });
};

for (let run = 0; run < 2; run++) {
  const [model, fromCache, through] = [build(), [], []];
  const began = process.cpuUsage();
  let filled = began;
  const {speed} = await trainFromCache({
    ...common,
    ...training,
    model,
    from: 'hidden3',
    data: {x, y},
    optimizer: () => tf.train.sgd(0.01),
    onCache: () => {
      filled = process.cpuUsage(began);
    },
    consumers: [epochTimes(fromCache)],
  });
  for (const layer of model.layers.slice(0, 2)) layer.trainable = false;
  const trainer = createTrainer({
    ...common,
    model,
    optimizer: tf.train.sgd(0.01),
    consumers: [epochTimes(through)],
  });
  await trainer.fit({x, y}, training);
  trainer.dispose();
  const ms = (value) => `${value.toFixed(0)} ms`;
  console.log(
    `told: ${ms(speed.epochFromCache)} and ${ms(speed.epochThroughAll)} an epoch, ${speed.factor.toFixed(1)} times; ` +
      `filling ${ms(speed.filling)}. CPU time: epochs ${fromCache.map(ms)} and ${through.map(ms)}, filling ${ms(filled.user / 1000)}`,
  );
  model.dispose();
}
