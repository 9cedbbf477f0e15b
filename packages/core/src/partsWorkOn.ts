import type {GradientTransform} from './gradientTransform.js';

/**
 * What a combinator of these transforms works on: what they all work on.
 *
 * @param where the combinator.
 * @throws TypeError if some are for gradients and some for updates.
 */
export function partsWorkOn(
  where: string,
  transforms: readonly GradientTransform[],
): 'gradients' | 'updates' {
  const [first, ...others] = transforms;
  const on = first?.on ?? 'gradients';
  const other = others.find((transform) => (transform.on ?? 'gradients') !== on);
  if (other === undefined) return on;
  throw new TypeError(
    `${where}: '${first!.name}' changes ${on} and '${other.name}' ${other.on ?? 'gradients'}. ` +
      'Keep what changes updates apart: transformGradients(optimizer, forGradients, forUpdates).',
  );
}
