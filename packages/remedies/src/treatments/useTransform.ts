import type {GradientTransform} from '@gradwire/core';
import {defineTreatment, type Treatment} from '../treatment.js';
import {requireTransform} from '../requireTransform.js';

/**
 * Switches a transform on: in the place of one of the same name, whose options it thereby changes, or at the end.
 *
 * @param transform what the gradients go through from now on.
 * @throws TypeError if `transform` is none.
 * @example
 * ```ts
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {onAlert, useTransform} from '@gradwire/remedies';
 *
 * const remedy = onAlert('explodingGradients', useTransform(clipByGlobalNorm({maxNorm: 1})));
 * ```
 */
export function useTransform(transform: GradientTransform): Treatment {
  requireTransform('useTransform', transform);
  return defineTreatment('useTransform', ({optimizer}) => {
    const {transforms} = optimizer;
    if (transforms.includes(transform)) return {change: `${transform.name} stays on`};
    const hasOne = transforms.some(({name}) => name === transform.name);
    optimizer.replaceTransforms(
      hasOne
        ? transforms.map((old) => (old.name === transform.name ? transform : old))
        : [...transforms, transform],
    );
    const options = JSON.stringify(transform.config ?? {});
    return {change: `${transform.name}(${options === '{}' ? '' : options}) on`};
  });
}
