import {architectures} from './healthy/architectures.js';
import {dense} from './healthy/dense.js';
import {regularized} from './healthy/regularized.js';
import {deadUnits} from './ill/deadUnits.js';
import {explodingGradients} from './ill/explodingGradients.js';
import {frozenParameters} from './ill/frozenParameters.js';
import {gradientSpike} from './ill/gradientSpike.js';
import {lossDivergence} from './ill/lossDivergence.js';
import {lossPlateau} from './ill/lossPlateau.js';
import {nonFinite} from './ill/nonFinite.js';
import {oscillation} from './ill/oscillation.js';
import {overfitting} from './ill/overfitting.js';
import {poorInitialization} from './ill/poorInitialization.js';
import {saturatedUnits} from './ill/saturatedUnits.js';
import {updateRatio} from './ill/updateRatio.js';
import {vanishingGradients} from './ill/vanishingGradients.js';
import type {Pathology} from './pathology.js';

/**
 * Small trainings that each show one illness, and healthy ones of every architecture (illness `none`): what a rule that
 * recognises an illness should find, and where it should be silent. Each takes at most a few hundred steps.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import {pathologies} from '@gradwire/testing/pathologies';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const seed = 1;
 * for (const {name, create} of pathologies.filter(({illness}) => illness === 'lossDivergence')) {
 *   const {model, loss, optimizer, transforms = [], x, y, dispose, ...options} = create(seed);
 *   const trainer = createTrainer({model, loss, optimizer, transforms, seed});
 *   trainer.events$.pipe(ofType('epochEnd')).subscribe(({epoch, logs}) => console.log(name, epoch, logs.loss));
 *   await trainer.fit({x, y}, options);
 *   trainer.dispose();
 *   dispose();
 * }
 * ```
 */
export const pathologies: readonly Pathology[] = Object.freeze([
  ...vanishingGradients,
  ...explodingGradients,
  ...nonFinite,
  ...gradientSpike,
  ...deadUnits,
  ...saturatedUnits,
  ...updateRatio,
  ...frozenParameters,
  ...poorInitialization,
  ...lossPlateau,
  ...lossDivergence,
  ...oscillation,
  ...overfitting,
  ...dense,
  ...regularized,
  ...architectures,
]);
