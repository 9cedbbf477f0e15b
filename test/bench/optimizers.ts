import {adamW, lamb, lion, sgd} from '@gradwire/optimizers';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import type {Comparison} from './harness.js';
import {networks} from './networks.js';

const contenders: Readonly<Record<string, () => tf.Optimizer>> = {
  'tf.train.momentum': () => tf.train.momentum(1e-3, 0.9),
  sgd: () => sgd({learningRate: 1e-3, momentum: 0.9}),
  'tf.train.adam': () => tf.train.adam(1e-3),
  adamW: () => adamW({learningRate: 1e-3}),
  lion: () => lion({learningRate: 1e-4}),
  lamb: () => lamb({learningRate: 1e-3}),
};

/** A step of `minimize` with our optimizers against those of tfjs. */
export async function* optimizers(): AsyncGenerator<Comparison> {
  await prepareWasm();
  for (const [backend, network] of [
    ['wasm', 'circles'],
    ['cpu', 'circles'],
    ['wasm', 'mlp'],
  ] as const) {
    await tf.setBackend(backend);
    yield comparison(network);
    tf.disposeVariables();
  }
}

function comparison(network: 'circles' | 'mlp'): Comparison {
  const steps = network === 'circles' ? 50 : 3;
  return {
    name: `${network}, one step of minimize (${tf.getBackend()})`,
    rounds: 15,
    contenders: Object.fromEntries(
      Object.entries(contenders).map(([name, make]) => {
        const {model, x, y} = networks[network](tf);
        const optimizer = make();
        const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
        const loss =
          network === 'circles' ? tf.metrics.binaryCrossentropy : tf.metrics.categoricalCrossentropy;
        const f = (): tf.Scalar =>
          tf.mean(loss(y, model.apply(x, {training: true}) as tf.Tensor)) as tf.Scalar;
        const run = async (): Promise<void> => {
          for (let step = 0; step < steps; step++) optimizer.minimize(f, false, variables);
          await variables[0]!.data();
        };
        return [name, {steps, run}];
      }),
    ),
    aims: [
      {of: 'sgd', to: 'tf.train.momentum', atMost: 1.1},
      {of: 'adamW', to: 'tf.train.adam', atMost: 1.1},
    ],
  };
}
