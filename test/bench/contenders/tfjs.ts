// A child process: trains a network on a backend of TensorFlow.js. Arguments: how, which network, where tfjs-node-gpu is.
import type {Scalar, Tensor, Variable} from '@tensorflow/tfjs';
import {networks} from '../networks.js';
import {serve} from './serve.js';
import {tensorflow} from './tensorflow.js';

const [how, network, beside] = process.argv.slice(2) as [string, keyof typeof networks, string];
const tf = await tensorflow(how, beside);
const {model, x, y} = networks[network](tf);
const optimizer = tf.train.momentum(3e-4, 0.9);
const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
const last = variables.at(-1)!;

serve(
  {
    step: async () => {
      tf.tidy(() => {
        const loss = (): Scalar =>
          tf.mean(
            tf.metrics.categoricalCrossentropy(y, model.apply(x, {training: true}) as Tensor),
          ) as Scalar;
        optimizer.minimize(loss, false, variables);
      });
      // Backends may compute on while the step has returned.
      await last.data();
    },
  },
  tf.version as unknown as Record<string, string>,
);
