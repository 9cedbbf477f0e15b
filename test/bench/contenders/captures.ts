// A child process: trains the large network with a trainer that measures nothing, and with some that do. Arguments: on which
// backend, where tfjs-node-gpu and our packages for it are.
import type * as Capture from '@gradwire/capture';
import type * as Core from '@gradwire/core';
import type * as Training from '@gradwire/trainer';
import {mlp} from '../networks.js';
import {ours} from './ours.js';
import {serve} from './serve.js';
import {tensorflow} from './tensorflow.js';

/** Steps of one call of `fit`. */
const STEPS = 10;

const [how, beside] = process.argv.slice(2) as [string, string];
const tf = await tensorflow(how, beside);
const {every} = await ours<typeof Core>('core', how, beside);
const {gradientStats} = await ours<typeof Capture>('capture', how, beside);
const {createTrainer} = await ours<typeof Training>('trainer', how, beside);

const batchSize = 512;
const x = tf.randomUniform([batchSize * STEPS, 784]);
const classes = tf.randomUniform([batchSize * STEPS], 0, 10, 'int32');
const y = tf.cast(tf.oneHot(classes, 10), 'float32');

serve(
  {
    'no capture': training([]),
    'gradientStats at every step': training([gradientStats({when: every(1)})]),
    'gradientStats at every 10th': training([gradientStats({when: every(10)})]),
  },
  tf.version as unknown as Record<string, string>,
);

/** An epoch of a trainer whose events somebody listens to. */
function training(captures: Core.Capture[]): () => Promise<void> {
  const trainer = createTrainer({
    model: mlp(tf, [784, 512, 512, 256, 256, 128, 10], 'tanh', 'softmax'),
    loss: 'categoricalCrossentropy',
    optimizer: tf.train.momentum(3e-4, 0.9),
    captures,
  });
  let measured = 0;
  trainer.events$.subscribe(({type}) => {
    if (type === 'capture') measured++;
  });
  return async () => {
    const before = measured;
    await trainer.fit({x, y}, {epochs: 1, batchSize});
    if (captures.length > 0 && measured === before) throw new Error('Nothing has been measured.');
  };
}
