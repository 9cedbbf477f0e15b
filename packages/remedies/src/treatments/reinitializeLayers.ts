import {requireOptions} from '@gradwire/core';
import {counted} from '../counted.js';
import {redraw} from '../redraw.js';
import {defineTreatment, type Treatment} from '../treatment.js';

/** Options of {@link reinitializeLayers}. */
export interface ReinitializeLayersOptions {
  /** `'alerted'`: those that the alert names; or `'all'`. Default `'alerted'`. */
  readonly layers?: 'alerted' | 'all';
}

/**
 * Draws the kernels of layers anew, as suits their activation, sets their biases to 0, and makes the optimizer forget.
 *
 * The activation may be a layer of its own, behind batch normalisation or dropout. He (2015) for relu and its kin; N(0, 16 / fanIn) for sigmoids, whose slope is at most 1/4; Glorot elsewhere; orthogonal for
 * recurrent kernels. Behind sigmoids, biases are −½ Σ w instead, which centres their outputs: together with the wide kernels that makes a
 * net of sigmoids one of tanh by Glorot, in other coordinates. What these layers have learnt is lost: use it with `undo`.
 *
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {onAlert, reinitializeLayers} from '@gradwire/remedies';
 *
 * const remedy = onAlert('saturatedUnits', reinitializeLayers(), {undo: true});
 * ```
 */
export function reinitializeLayers(options: ReinitializeLayersOptions = {}): Treatment {
  const {layers = 'alerted'} = requireOptions('reinitializeLayers', options, {layers: "'all'"});
  if (layers !== 'alerted' && layers !== 'all') {
    throw new TypeError(`reinitializeLayers: layers must be 'alerted' or 'all', got '${String(layers)}'.`);
  }
  return defineTreatment('reinitializeLayers', (training, alert) => {
    const alerted = new Set(alert.layers);
    const chosen = training.layers.filter(({name}) => layers === 'all' || alerted.has(name));
    const parameters = redraw(training, chosen);
    if (parameters.length === 0) throw new Error('there is no kernel to draw anew.');
    training.optimizer.reset();
    return {change: `new values for ${counted(parameters.length, 'parameter')}`, parameters};
  });
}
