import type {RemedyOffer} from '@gradwire/core';

const clipping = offered('@gradwire/clipping', 'packages/clipping/README.md#clipping');
const guards = offered('@gradwire/clipping', 'packages/clipping/README.md#gradients-that-are-not-finite');
const normalization = offered('@gradwire/normalization', 'packages/normalization/README.md');
const initializers = offered('@gradwire/init', 'packages/init/README.md#initializers');
const models = offered('@gradwire/init', 'packages/init/README.md#initialisation-of-whole-models');
const layers = offered('@gradwire/layers', 'packages/layers/README.md');
const optimizers = offered('@gradwire/optimizers', 'packages/optimizers/README.md#optimizers');
const schedules = offered('@gradwire/optimizers', 'packages/optimizers/README.md#learning-rate-schedules');
const averages = offered('@gradwire/optimizers', 'packages/optimizers/README.md#averaged-weights-lookahead');
/** Acts while the run goes on. */
const inFlight = offered('@gradwire/remedies', 'packages/remedies/README.md#for-one-illness');

const clipByGlobalNorm = clipping('clipByGlobalNorm');
const autoClip = clipping('autoClip');
const clipUpdates = clipping('clipUpdates');
const equalizeLayers = normalization('equalizeLayers');
const normalizeByNorm = normalization('normalizeByNorm');
const lsuv = models('lsuv');
const heNormal = initializers('heNormal');
const randomizedLeakyReLU = layers('randomizedLeakyReLU');
const residual = layers('residual');
const linearWarmup = schedules('linearWarmup');
const findLearningRate = offered(
  '@gradwire/optimizers',
  'packages/optimizers/README.md#finding-a-learning-rate',
)('findLearningRate');
const gradientNoise = offered('@gradwire/noise', 'packages/noise/README.md')('gradientNoise');
const sigmoidRescue = offered(
  '@gradwire/remedies',
  'packages/remedies/README.md#what-each-part-does',
)('sigmoidRescue');
/** Type of `earlyStopping`, an option of `fit`. */
const earlyStopping = offered(
  '@gradwire/trainer',
  'packages/trainer/README.md#what-fit-takes',
)('EarlyStopping');

/** Against gradients that are lost because steps were too large. */
export const againstLargeSteps: readonly RemedyOffer[] = Object.freeze([
  findLearningRate,
  linearWarmup,
  clipByGlobalNorm,
]);

/** Against a loss that grows although steps are small. */
export const againstLargeGradients: readonly RemedyOffer[] = Object.freeze([clipByGlobalNorm, autoClip]);

/** What this project offers against each illness, by the rule that finds it; the likeliest help first. */
export const remedyOffers: Readonly<Record<string, readonly RemedyOffer[]>> = Object.freeze({
  vanishingGradients: [
    inFlight('vanishingGradientsRemedy'),
    normalizeByNorm,
    equalizeLayers,
    lsuv,
    residual,
    sigmoidRescue,
  ],
  explodingGradients: [
    inFlight('explodingGradientsRemedy'),
    clipByGlobalNorm,
    autoClip,
    lsuv,
    initializers('orthogonal'),
  ],
  nonFinite: [
    inFlight('nonFiniteRemedy'),
    guards('skipNonFinite'),
    guards('zeroNonFinite'),
    clipByGlobalNorm,
    linearWarmup,
  ],
  gradientSpike: [inFlight('gradientSpikeRemedy'), clipping('clipSpikes'), clipByGlobalNorm, autoClip],
  deadUnits: [inFlight('deadUnitsRemedy'), findLearningRate, heNormal, randomizedLeakyReLU, clipByGlobalNorm],
  saturatedUnits: [
    inFlight('saturatedUnitsRemedy'),
    initializers('glorotUniform'),
    lsuv,
    layers('standardize'),
    findLearningRate,
  ],
  updateRatio: [
    inFlight('updateRatioRemedy'),
    findLearningRate,
    clipUpdates,
    normalization('scaleToWeights'),
    optimizers('lamb'),
  ],
  frozenParameters: [inFlight('frozenParametersRemedy'), heNormal, randomizedLeakyReLU, residual],
  poorInitialization: [
    inFlight('poorInitializationRemedy'),
    lsuv,
    models('reinitialize'),
    sigmoidRescue,
    equalizeLayers,
  ],
  lossPlateau: [
    inFlight('lossPlateauRemedy'),
    findLearningRate,
    normalizeByNorm,
    schedules('cosineRestarts'),
    gradientNoise,
  ],
  lossDivergence: [
    inFlight('lossDivergenceRemedy'),
    findLearningRate,
    linearWarmup,
    clipByGlobalNorm,
    autoClip,
  ],
  oscillation: [
    inFlight('oscillationRemedy'),
    schedules('reduceOnPlateau'),
    averages('lookahead'),
    averages('averageWeights'),
    clipUpdates,
  ],
  overfitting: [
    inFlight('overfittingRemedy'),
    earlyStopping,
    optimizers('adamW'),
    layers('maxNormRegularizer'),
    layers('unitDropout'),
    layers('withGaussianNoise'),
  ],
});

function offered(from: string, doc: string): (name: string) => RemedyOffer {
  return (name) => Object.freeze({name, package: from, doc});
}
