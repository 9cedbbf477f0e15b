import {type LayerSpec, mixSeeds, paramSpec} from '@gradwire/core';
import type {LiveTraining} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import {suitedInitializer} from '../suitedInitializer.js';
import type {Treatment} from '../treatment.js';

/**
 * Draws the incoming weights of dead units anew, sets their biases to 0, and makes the optimizer forget. The other units keep what they
 * have learnt.
 *
 * Needs the capture `unitActivity`: a unit is dead whose `active` was 0 in its last event.
 *
 * @example
 * ```ts
 * import {onAlert, reviveUnits} from '@gradwire/remedies';
 *
 * const remedy = onAlert('deadUnits', reviveUnits());
 * ```
 */
export function reviveUnits(): Treatment {
  return Object.freeze<Treatment>({
    name: 'reviveUnits',
    begin() {
      let activity: Readonly<Record<string, Readonly<Record<string, Float32Array>>>> = {};
      return {
        observe(event) {
          if (event.type === 'capture' && event.capture === 'unitActivity') activity = event.arrays;
        },
        apply(training) {
          const revived = training.layers.flatMap((layer) => {
            const active = activity[layer.name]?.['active'];
            return active?.includes(0) === true ? [{layer, parameters: revive(training, layer, active)}] : [];
          });
          if (revived.length === 0) throw new Error('unitActivity has seen no dead unit.');
          training.optimizer.reset();
          const units = revived.reduce((sum, {layer}) => sum + deadOf(activity[layer.name]!['active']!), 0);
          return {
            change: `new weights for ${units} units of ${revived.map(({layer}) => layer.name).join(', ')}`,
            parameters: revived.flatMap(({parameters}) => parameters),
          };
        },
      };
    },
  });
}

function deadOf(active: Float32Array): number {
  return active.reduce((sum, share) => sum + (share === 0 ? 1 : 0), 0);
}

/** Units are the last axis of a kernel and of a bias. */
function revive(training: LiveTraining, layer: LayerSpec, active: Float32Array): string[] {
  const own = new Set(layer.parameters);
  return training.variables.flatMap((variable) => {
    const spec = paramSpec(variable.name, variable.shape);
    const initializer = suitedInitializer(layer, spec);
    if (!own.has(variable.name) || initializer === undefined || variable.shape.at(-1) !== active.length)
      return [];
    tf.tidy(() => {
      const fresh = initializer(spec, mixSeeds(training.seed, training.step, variable.size));
      const isDead = tf.cast(tf.equal(tf.tensor1d(active), 0), 'float32');
      variable.assign(tf.add(tf.mul(isDead, fresh), tf.mul(tf.sub(1, isDead), variable)));
    });
    return [variable.name];
  });
}
