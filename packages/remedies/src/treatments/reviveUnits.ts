import {type Initializer, type LayerSpec, paramSpec} from '@gradwire/core';
import type {LiveTraining} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import {counted} from '../counted.js';
import {freshValue} from '../freshValue.js';
import {unitsOf} from '../layerGraph.js';
import {suitedInitializer} from '../suitedInitializer.js';
import type {Treatment} from '../treatment.js';

/**
 * Draws the incoming weights of dead units anew, sets their biases to 0, and makes the optimizer forget. The other units keep what they
 * have learnt.
 *
 * Needs the capture `unitActivity`: a unit is dead whose `active` was 0 in its last event, in every call of a layer that is called more than
 * once. Where the activation is a layer of its own, the weights are those of the layer before it; what a batch normalisation between them
 * multiplies by and adds goes back to 1 and 0. The kernels of LSTM, GRU, depthwise and transposed layers, whose last axis is not the units, it leaves alone.
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
      let activity: ReadonlyMap<string, Float32Array> = new Map();
      return {
        observe(event) {
          if (event.type === 'capture' && event.capture === 'unitActivity')
            activity = activityOf(event.arrays);
        },
        apply(training) {
          const revived = training.layers.flatMap((layer) => {
            const active = activity.get(layer.name);
            if (active?.includes(0) !== true) return [];
            const parameters = revive(training, layer, active);
            return parameters.length === 0 ? [] : [{name: layer.name, units: deadOf(active), parameters}];
          });
          if (revived.length === 0)
            throw new Error('unitActivity has seen no dead unit that can be revived.');
          training.optimizer.reset();
          const units = revived.reduce((sum, layer) => sum + layer.units, 0);
          return {
            change: `new weights for ${counted(units, 'unit')} of ${revived.map(({name}) => name).join(', ')}`,
            parameters: revived.flatMap(({parameters}) => parameters),
          };
        },
      };
    },
  });
}

type Arrays = Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;

/** By layer, the share in which each unit was active: the largest of its calls, `layer`, `layer#2`, … */
function activityOf(arrays: Arrays): Map<string, Float32Array> {
  const activity = new Map<string, Float32Array>();
  for (const [key, {active}] of Object.entries(arrays)) {
    if (active === undefined) continue;
    const layer = key.replace(/#\d+$/, '');
    const other = activity.get(layer);
    activity.set(
      layer,
      other === undefined ? active : active.map((share, i) => Math.max(share, other[i] ?? 0)),
    );
  }
  return activity;
}

function deadOf(active: Float32Array): number {
  return active.reduce((sum, share) => sum + (share === 0 ? 1 : 0), 0);
}

/** Units are the last axis of a kernel and of what goes with it. */
function revive(training: LiveTraining, layer: LayerSpec, active: Float32Array): string[] {
  const {layers, variables} = training;
  return unitsOf(layer, layers).flatMap((source) =>
    variables.flatMap((variable) => {
      const spec = paramSpec(variable.name, variable.shape);
      const initializer = NORMALIZING[spec.role] ?? suitedInitializer(source, spec, layers);
      // Kernels of transposed convolutions are (h, w, out, in).
      const isTransposed = source.kind.endsWith('Transpose') && variable.rank > 1;
      const isOfUnits =
        source.parameters.includes(variable.name) && !isTransposed && variable.shape.at(-1) === active.length;
      if (!isOfUnits || initializer === undefined) return [];
      tf.tidy(() => {
        const isDead = tf.equal(tf.tensor1d(active), 0);
        variable.assign(tf.where(isDead, freshValue(training, variable, initializer), variable));
      });
      return [variable.name];
    }),
  );
}

const NORMALIZING: Readonly<Record<string, Initializer>> = {
  gamma: ({shape}) => tf.ones([...shape]),
  beta: ({shape}) => tf.zeros([...shape]),
};
