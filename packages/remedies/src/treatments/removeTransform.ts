import {describeValue} from '@gradwire/core';
import {defineTreatment, type Treatment} from '../treatment.js';

/**
 * Switches off the transforms of a name.
 *
 * @param name name of the transform.
 * @throws TypeError if `name` is no string.
 * @example
 * ```ts
 * import {onAlert, removeTransform} from '@gradwire/remedies';
 *
 * const remedy = onAlert('lossPlateau', removeTransform('gradientNoise'), {undo: true});
 * ```
 */
export function removeTransform(name: string): Treatment {
  if (typeof name !== 'string') {
    throw new TypeError(`removeTransform: name must be that of a transform, got ${describeValue(name)}.`);
  }
  return defineTreatment('removeTransform', ({optimizer}) => {
    const {transforms} = optimizer;
    const rest = transforms.filter((transform) => transform.name !== name);
    if (rest.length === transforms.length) throw new Error(`there is no transform '${name}' to switch off.`);
    optimizer.replaceTransforms(rest);
    return {change: `${name} off`};
  });
}
