import type {RemedyOffer} from '@gradwire/core';

const clipping = offered('@gradwire/clipping', 'packages/clipping/README.md#clipping');
const guards = offered('@gradwire/clipping', 'packages/clipping/README.md#gradients-that-are-not-finite');
const normalization = offered('@gradwire/normalization', 'packages/normalization/README.md');

const clipByGlobalNorm = clipping('clipByGlobalNorm');
const autoClip = clipping('autoClip');
const clipUpdates = clipping('clipUpdates');
const equalizeLayers = normalization('equalizeLayers');
const normalizeByNorm = normalization('normalizeByNorm');
const gradientNoise = offered('@gradwire/noise', 'packages/noise/README.md')('gradientNoise');
const sigmoidRescue = offered(
  '@gradwire/remedies',
  'packages/remedies/README.md#what-each-part-does',
)('sigmoidRescue');
/** Has `initialize`: new values for the parameters that a glob names. */
const defineRemedy = offered('@gradwire/trainer', 'packages/trainer/README.md#what-is-in-it')('defineRemedy');
/** Type of `earlyStopping`, an option of `fit`. */
const earlyStopping = offered(
  '@gradwire/trainer',
  'packages/trainer/README.md#what-fit-takes',
)('EarlyStopping');
/** Type of `schedule`, an option of the trainer. */
const schedule = offered('@gradwire/core', 'packages/core/README.md')('LearningRateSchedule');

/** Against gradients that are lost because steps were too large. */
export const againstLargeSteps: readonly RemedyOffer[] = Object.freeze([schedule, clipByGlobalNorm]);

/** Against a loss that grows although steps are small. */
export const againstLargeGradients: readonly RemedyOffer[] = Object.freeze([clipByGlobalNorm, autoClip]);

/** What this project offers against each illness, by the rule that finds it; the likeliest help first. */
export const remedyOffers: Readonly<Record<string, readonly RemedyOffer[]>> = Object.freeze({
  vanishingGradients: [equalizeLayers, normalizeByNorm, sigmoidRescue, defineRemedy],
  explodingGradients: [clipByGlobalNorm, autoClip, defineRemedy],
  nonFinite: [guards('skipNonFinite'), guards('zeroNonFinite'), clipByGlobalNorm, schedule],
  gradientSpike: [clipping('clipSpikes'), clipByGlobalNorm, autoClip],
  deadUnits: [schedule, clipByGlobalNorm, defineRemedy],
  saturatedUnits: [defineRemedy, schedule],
  updateRatio: [schedule, clipUpdates, normalization('scaleToWeights')],
  frozenParameters: [defineRemedy],
  poorInitialization: [defineRemedy, sigmoidRescue, equalizeLayers],
  lossPlateau: [schedule, normalizeByNorm, gradientNoise],
  lossDivergence: [schedule, clipByGlobalNorm, autoClip],
  oscillation: [schedule, clipUpdates],
  overfitting: [earlyStopping, gradientNoise],
});

function offered(from: string, doc: string): (name: string) => RemedyOffer {
  return (name) => Object.freeze({name, package: from, doc});
}
