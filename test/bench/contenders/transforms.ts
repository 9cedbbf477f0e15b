// A child process: trains a network with each transform of the catalogue in turn, and with none. Arguments: on which backend,
// which network, with which optimizer, where tfjs-node-gpu and our packages for it are.
import type * as Clipping from '@gradwire/clipping';
import type * as Core from '@gradwire/core';
import type * as Noise from '@gradwire/noise';
import type * as Normalization from '@gradwire/normalization';
import type {Optimizer, Scalar, Tensor, Variable} from '@tensorflow/tfjs';
import {networks} from '../networks.js';
import {ours} from './ours.js';
import {serve} from './serve.js';
import {tensorflow} from './tensorflow.js';

const [how, network, optimizer, beside] = process.argv.slice(2) as [
  string,
  'mlp' | 'circles',
  'momentum' | 'rmsprop' | 'sgd',
  string,
];
const tf = await tensorflow(how, beside);
const core = await ours<typeof Core>('core', how, beside);
const clipping = await ours<typeof Clipping>('clipping', how, beside);
const noise = await ours<typeof Noise>('noise', how, beside);
const normalization = await ours<typeof Normalization>('normalization', how, beside);

const inner = (): Optimizer => {
  if (optimizer === 'momentum') return tf.train.momentum(3e-4, 0.9);
  return optimizer === 'rmsprop' ? tf.train.rmsprop(1e-3) : tf.train.sgd(3e-4);
};

/** Limits that are exceeded in every step: a clip that has nothing to do is nearly free. */
const stateless: Readonly<Record<string, () => Core.GradientTransform>> = {
  clipByValue: () => clipping.clipByValue({value: 1e-5}),
  clipByNorm: () => clipping.clipByNorm({maxNorm: 1e-3}),
  clipByGlobalNorm: () => clipping.clipByGlobalNorm({maxNorm: 1e-3}),
  adaptiveGradientClip: () => clipping.adaptiveGradientClip({clipping: 1e-4}),
  zeroNonFinite: () => clipping.zeroNonFinite(),
  standardizeGradients: () => normalization.standardizeGradients(),
  normalizeByNorm: () => normalization.normalizeByNorm(),
  centralizeGradients: () => normalization.centralizeGradients(),
  signGradients: () => normalization.signGradients(),
  scaleToWeights: () => normalization.scaleToWeights(),
  equalizeLayers: () => normalization.equalizeLayers(),
  gradientNoise: () => noise.gradientNoise({eta: 1e-6}),
  uniformNoise: () => noise.uniformNoise({limit: 1e-3}),
  langevinNoise: () => noise.langevinNoise({temperature: 1e-9}),
  dropGradients: () => noise.dropGradients({rate: 0.3}),
};
const stateful: Readonly<Record<string, () => Core.GradientTransform>> = {
  clipSpikes: () => clipping.clipSpikes({}),
  autoClip: () => clipping.autoClip({}),
  clipUpdates: () => clipping.clipUpdates({maxNorm: 1e-6}),
  skipNonFinite: () => clipping.skipNonFinite({}),
};
const optimizers: Record<string, () => Optimizer> = {
  none: inner,
  'clipByGlobalNorm, gradientNoise': () =>
    core.transformGradients(inner(), stateless['clipByGlobalNorm']!(), stateless['gradientNoise']!()),
};
for (const [name, transform] of Object.entries({...stateless, ...stateful})) {
  optimizers[name] = () => core.transformGradients(inner(), transform());
}

const jobs = Object.fromEntries(Object.entries(optimizers).map(([name, make]) => [name, training(make())]));
const {params} = trainable();
const noisy = noise.gradientNoise({eta: 1});
const keys = core.parameterKeys(Object.keys(params));

serve(
  {
    ...jobs,
    'gradientNoise, generator': generating(() =>
      Object.values(noisy.update(params, undefined, {step: 0, params, keys, seed: 0})[0]),
    ),
    'tf.randomNormal': generating(() => Object.values(params).map(({shape}) => tf.randomNormal(shape))),
  },
  tf.version as unknown as Record<string, string>,
);

function training(trained: Optimizer): () => Promise<void> {
  const {variables, lossOf} = trainable();
  const last = variables.at(-1)!;
  return async () => {
    tf.tidy(() => void trained.minimize(lossOf, false, variables));
    await last.data();
  };
}

function trainable() {
  const {model, x, y} = networks[network](tf);
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const metric = network === 'mlp' ? tf.metrics.categoricalCrossentropy : tf.metrics.binaryCrossentropy;
  const lossOf = (): Scalar => tf.mean(metric(y, model.apply(x, {training: true}) as Tensor)) as Scalar;
  return {
    variables,
    lossOf,
    params: Object.fromEntries(variables.map((variable) => [variable.name, variable])),
  };
}

function generating(make: () => Tensor[]): () => Promise<void> {
  return async () => {
    const tensors = make();
    await tensors.at(-1)!.data();
    tf.dispose(tensors);
  };
}
