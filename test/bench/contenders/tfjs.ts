// A child process: trains a network on a backend of TensorFlow.js. Arguments: how, which network, where tfjs-node-gpu is.
import {createRequire} from 'node:module';
import {join} from 'node:path';
import type {Scalar, Tensor, Variable} from '@tensorflow/tfjs';
import {networks, type TensorFlow} from '../networks.js';
import {serve} from './serve.js';

const [how, network, beside] = process.argv.slice(2) as [string, keyof typeof networks, string];
const tf = await tensorflow();
const {model, x, y} = networks[network](tf);
const optimizer = tf.train.momentum(3e-4, 0.9);
const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
const last = variables.at(-1)!;

serve(
  async () => {
    tf.tidy(() => {
      const loss = (): Scalar =>
        tf.mean(tf.metrics.categoricalCrossentropy(y, model.apply(x, {training: true}) as Tensor)) as Scalar;
      optimizer.minimize(loss, false, variables);
    });
    // Backends may compute on while the step has returned.
    await last.data();
  },
  tf.version as unknown as Record<string, string>,
);

/** With the backend set that `how` names. */
async function tensorflow(): Promise<TensorFlow> {
  if (how === 'native') {
    return createRequire(join(beside, 'package.json'))('@tensorflow/tfjs-node-gpu') as TensorFlow;
  }
  const installed = await import('@tensorflow/tfjs');
  await import('@tensorflow/tfjs-backend-wasm');
  const threads = /prepared, (\d) thread/.exec(how)?.[1];
  if (threads !== undefined) {
    const {prepareWasm} = await import('@gradwire/wasm');
    await prepareWasm({threads: Number(threads)});
  }
  await installed.setBackend(how === 'cpu' ? 'cpu' : 'wasm');
  return installed;
}
