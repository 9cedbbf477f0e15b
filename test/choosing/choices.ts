import {
  adaptiveGradientClip,
  autoClip,
  clipByGlobalNorm,
  clipByValue,
  clipSpikes,
  clipUpdates,
  skipNonFinite,
  zeroNonFinite,
} from '@gradwire/clipping';
import type {GradientTransform, LearningRateSchedule} from '@gradwire/core';
import {getLearningRate} from '@gradwire/core';
import {
  constant,
  dataDependent,
  heNormal,
  type LayerInitializer,
  lsuv,
  orthogonal,
  reinitialize,
  varianceScaling,
} from '@gradwire/init';
import {gradientNormalization, residual, standardize, unitDropout} from '@gradwire/layers';
import {gradientNoise} from '@gradwire/noise';
import {equalizeLayers, normalizeByNorm, scaleToWeights} from '@gradwire/normalization';
import {
  adamW,
  cosineDecay,
  exponentialDecay,
  lamb,
  linearWarmup,
  lookahead,
  oneCycle,
  constantSchedule,
  radam,
  sgd,
} from '@gradwire/optimizers';
import {sigmoidRescue} from '@gradwire/remedies';
import type {Patient} from '@gradwire/testing/pathologies';
import * as tf from '@tensorflow/tfjs';
import {type Change, STRETCH} from '../remedies/train.js';

/** One thing that one could do about an illness. */
export interface Choice {
  /** As code, as short as it goes. */
  readonly name: string;
  readonly change: Change;
}

const stepsOf = ({x, batchSize, epochs, validationSplit = 0}: Patient): number =>
  STRETCH * epochs * Math.ceil(Math.floor(x.shape[0]! * (1 - validationSplit)) / batchSize);

const transform = (name: string, make: () => GradientTransform): Choice => ({
  name,
  change: ({transforms = []}) => ({transforms: [...transforms, make()]}),
});

const optimizer = (name: string, make: (rate: number) => tf.Optimizer): Choice => ({
  name,
  change: (patient) => ({optimizer: make(getLearningRate(patient.optimizer))}),
});

const schedule = (name: string, make: (rate: number, steps: number) => LearningRateSchedule): Choice => ({
  name,
  change: (patient) => ({schedule: make(getLearningRate(patient.optimizer), stepsOf(patient))}),
});

const rate = (factor: number): Choice =>
  schedule(`the rate × ${factor}`, (own) => constantSchedule({rate: factor * own}));

const kernels = (name: string, make: () => LayerInitializer): Choice => ({
  name,
  change({model}, seed) {
    reinitialize(model, {'**/*kernel': make(), '**/bias': constant({value: 0})}, {seed});
    return {};
  },
});

/** A sequential model with something behind, or around, each hidden layer. */
const layers = (
  name: string,
  place: (layer: tf.layers.Layer, isFirst: boolean) => readonly tf.layers.Layer[],
): Choice => ({
  name,
  change({model}) {
    const last = model.layers.length - 1;
    return {
      model: tf.sequential({
        layers: model.layers.flatMap((layer, i) => (i === last ? [layer] : place(layer, i === 0))),
      }),
    };
  },
});

/** The same layer, not built yet. */
const anew = (layer: tf.layers.Layer): tf.layers.Layer => {
  const {name: _name, ...config} = layer.getConfig() as unknown as Parameters<typeof tf.layers.dense>[0];
  return tf.layers.dense(config);
};

const onFirstBatch = (
  name: string,
  init: (model: tf.LayersModel, batch: tf.Tensor) => Promise<unknown>,
): Choice => ({
  name,
  async change({model, x}) {
    const batch = tf.slice(x, 0, Math.min(32, x.shape[0]!));
    await init(model, batch);
    batch.dispose();
    return {};
  },
});

const wide = kernels('kernels N(0, 16 / fanIn)', () =>
  varianceScaling({scale: 16, mode: 'fanIn', distribution: 'untruncatedNormal'}),
);
const byHe = kernels('`heNormal()`', heNormal);
const byOrthogonal = kernels('`orthogonal()`', orthogonal);
const byLsuv = onFirstBatch('`lsuv(model, batch)`', (model, batch) => lsuv(model, batch));
const byData = onFirstBatch('`dataDependent(model, batch)`', (model, batch) => dataDependent(model, batch));
const clip = transform('`clipByGlobalNorm({maxNorm: 1})`', () => clipByGlobalNorm({maxNorm: 1}));
const unitNorms = transform('`normalizeByNorm()`', () => normalizeByNorm());
const noise = transform('`gradientNoise({eta: 0.3})`', () => gradientNoise({eta: 0.3}));
const batchNorm = layers('`tf.layers.batchNormalization()` behind each layer', (layer) => [
  layer,
  tf.layers.batchNormalization(),
]);

/** What is tried against each illness, besides the default set. */
export const choices: Readonly<Record<string, readonly Choice[]>> = {
  vanishingGradients: [
    wide,
    byOrthogonal,
    byLsuv,
    byData,
    unitNorms,
    transform('`equalizeLayers()`', () => equalizeLayers()),
    noise,
    layers('`gradientNormalization()` behind each layer', (layer) => [layer, gradientNormalization()]),
    layers('`standardize()` behind each layer', (layer) => [layer, standardize()]),
    batchNorm,
    layers('`residual` around each layer', (layer, isFirst) => [isFirst ? layer : residual([anew(layer)])]),
    optimizer('`tf.train.adam(0.01)`', () => tf.train.adam(0.01)),
    {
      name: '`sigmoidRescue({steps})`',
      change: (patient) => ({remedies: [sigmoidRescue({steps: stepsOf(patient)})]}),
    },
    rate(10),
  ],
  explodingGradients: [
    clip,
    transform('`clipByValue({value: 1})`', () => clipByValue({value: 1})),
    transform('`autoClip()`', () => autoClip()),
    transform('`adaptiveGradientClip()`', () => adaptiveGradientClip()),
    byHe,
    byOrthogonal,
    rate(0.1),
  ],
  nonFinite: [
    transform('`skipNonFinite()`', () => skipNonFinite()),
    transform('`zeroNonFinite()`', () => zeroNonFinite()),
    clip,
    rate(0.1),
    rate(0.01),
  ],
  gradientSpike: [
    clip,
    transform('`clipSpikes()`', () => clipSpikes()),
    transform('`autoClip()`', () => autoClip()),
    transform('`clipUpdates({maxNorm: 0.1})`', () => clipUpdates({maxNorm: 0.1})),
    rate(0.1),
  ],
  deadUnits: [byHe, byLsuv, byData, clip, rate(0.1), rate(0.01)],
  saturatedUnits: [
    kernels('`varianceScaling()` (LeCun)', () => varianceScaling({})),
    byLsuv,
    byData,
    batchNorm,
    unitNorms,
    rate(10),
  ],
  updateRatio: [
    rate(0.01),
    rate(1000),
    optimizer('`lamb({learningRate: 0.01})`', () => lamb({learningRate: 0.01})),
    transform('`scaleToWeights()`', () => scaleToWeights()),
    schedule('`cosineDecay`', (own, steps) => cosineDecay({rate: own, steps})),
  ],
  frozenParameters: [byHe, byLsuv, rate(10)],
  poorInitialization: [
    byHe,
    byOrthogonal,
    byLsuv,
    byData,
    batchNorm,
    unitNorms,
    optimizer('`tf.train.adam(0.01)`', () => tf.train.adam(0.01)),
  ],
  lossPlateau: [byHe, rate(10), noise, unitNorms],
  lossDivergence: [
    rate(0.1),
    clip,
    schedule('`cosineDecay`', (own, steps) => cosineDecay({rate: own, steps})),
    schedule('`linearWarmup` for a tenth', (own, steps) =>
      linearWarmup({steps: Math.ceil(steps / 10)}, constantSchedule({rate: own})),
    ),
    optimizer('`radam({learningRate: 0.01})`', () => radam({learningRate: 0.01})),
  ],
  oscillation: [
    rate(0.1),
    schedule('`exponentialDecay` to a hundredth', (own, steps) =>
      exponentialDecay({rate: own, factor: 0.01, every: steps}),
    ),
    schedule('`oneCycle`', (own, steps) => oneCycle({peak: own, steps})),
    transform('`lookahead()`', () => lookahead()),
    optimizer('`sgd` with momentum 0.9', (own) => sgd({learningRate: Math.min(own, 0.2), momentum: 0.9})),
  ],
  overfitting: [
    {
      name: '`earlyStopping: {patience: 3}`',
      change: () => ({fit: {earlyStopping: {monitor: 'val_loss', patience: 3}}}),
    },
    optimizer('`adamW` with decay 0.1', (own) => adamW({learningRate: own, weightDecay: 0.1})),
    noise,
    layers('`unitDropout({rate: 0.5})` behind each layer', (layer) => [layer, unitDropout({rate: 0.5})]),
    rate(0.1),
  ],
};
