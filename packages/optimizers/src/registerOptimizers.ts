import {registerTransforms, selectorFromJson, type SelectorJson} from '@gradwire/core';
import {addDecayedWeights} from './addDecayedWeights.js';
import {averageWeights} from './averageWeights.js';
import {clipByRms} from './clipByRms.js';
import {ema} from './ema.js';
import {lookahead} from './lookahead.js';
import {scaleByAdam} from './scaleByAdam.js';
import {scaleByFactoredRms} from './scaleByFactoredRms.js';
import {scaleByLion} from './scaleByLion.js';
import {scaleByNadam} from './scaleByNadam.js';
import {scaleByParameterRms} from './scaleByParameterRms.js';
import {scaleByRadam} from './scaleByRadam.js';
import {scaleByRelativeStep} from './scaleByRelativeStep.js';
import {scaleByRms} from './scaleByRms.js';
import {scaleByTrustRatio} from './scaleByTrustRatio.js';
import {scaleGradients} from './scaleGradients.js';
import {trace} from './trace.js';

type Groups<Value> = readonly (Value & {readonly select: SelectorJson})[];

/**
 * Makes the optimizers of this package known to `tf.loadLayersModel`. Call it once before loading a model that was saved with one
 * of them and `{includeOptimizer: true}`; for everything else it is not needed.
 *
 * Registers the transforms that they are made of, with `registerTransforms`.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {adamW, registerOptimizers} from '@gradwire/optimizers';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3]})]});
 * model.compile({loss: 'meanSquaredError', optimizer: adamW()});
 * await model.fit(tf.ones([8, 3]), tf.ones([8, 1]), {epochs: 1, verbose: 0});
 * let saved: tf.io.ModelArtifacts = {};
 * const save = tf.io.withSaveHandler(async (artifacts) => {
 *   saved = artifacts;
 *   return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};
 * });
 * await model.save(save, {includeOptimizer: true});
 *
 * registerOptimizers();
 * const again = await tf.loadLayersModel(tf.io.fromMemory(saved)); // trains on where the other has stopped
 * ```
 */
export function registerOptimizers(): void {
  registerTransforms({
    averageWeights,
    clipByRms,
    ema,
    lookahead,
    scaleByAdam,
    scaleByFactoredRms,
    scaleByLion,
    scaleByNadam,
    scaleByParameterRms,
    scaleByRadam,
    scaleByRelativeStep,
    scaleByRms,
    scaleByTrustRatio,
    trace,
    addDecayedWeights: ({rate, groups}: {rate: number; groups: Groups<{rate: number}>}) =>
      addDecayedWeights({rate, groups: groups.map(restored)}),
    scaleGradients: ({factor, groups}: {factor: number; groups: Groups<{factor: number}>}) =>
      scaleGradients({factor, groups: groups.map(restored)}),
  });
}

/** A saved group with its selector as it was given. */
function restored<Value extends {readonly select: SelectorJson}>(group: Value) {
  return {...group, select: selectorFromJson(group.select)};
}
