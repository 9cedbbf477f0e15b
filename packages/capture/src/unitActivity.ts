import {
  type Capture,
  type LayerSelector,
  type LayerSpec,
  type NamedTensors,
  requireOptions,
  requireSchedule,
  type StepSchedule,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {layerOf, selectLayers} from './selectLayers.js';

/** Options of {@link unitActivity}. */
export interface UnitActivityOptions {
  /** The steps to measure at, e.g. `every(10)`. */
  readonly when: StepSchedule;
  /** Which layers; default all but those that return an output of the model, which may well sit at its bounds. */
  readonly layers?: LayerSelector;
}

/** Activations that are 0 over a whole range of inputs, by tfjs's names, and layers that are such an activation. */
const RECTIFIED = new Set(['relu', 'relu6', 'ReLU', 'ThresholdedReLU']);

/** Activations between bounds, which they come near to where their gradient is next to nothing. */
const BOUNDED = new Map<string, readonly [lower: number, upper: number]>([
  ['sigmoid', [0, 1]],
  ['hardSigmoid', [0, 1]],
  ['tanh', [-1, 1]],
  ['softsign', [-1, 1]],
]);

/** How near to a bound, as a share of half the range, is saturated. */
const NEAR = 0.05;

/**
 * How many of a unit's outputs carry a gradient: finds dead and saturated units.
 *
 *     active = #{a ≠ 0}/n  for relu and relu6;
 *     saturated = #{a within 5 % of half the range of a bound}/n  for sigmoid and hardSigmoid (0, 1), tanh and softsign (−1, 1)
 *
 * The `capture` event has `arrays[layer].active` or `arrays[layer].saturated`, of shape [units]: for each unit, which is an entry
 * of the last axis (a filter of a convolution), the share over the batch and all other axes. A unit with `active` 0 is dead for this
 * batch. Layers with another activation are left out.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {unitActivity} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const dead = tf.initializers.constant({value: -1});
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 2, activation: 'relu', inputShape: [2], kernelInitializer: dead, name: 'hidden'}),
 *     tf.layers.dense({units: 1, name: 'last'}),
 *   ],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: [unitActivity({when: every(10)})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({arrays}) => {
 *   console.log([...(arrays['hidden']?.active ?? [])]); // [0, 0]
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])});
 * ```
 */
export function unitActivity(options: UnitActivityOptions): Capture {
  const known = {when: 'every(10)', layers: "'dense_*'"};
  const {when, layers} = requireOptions('unitActivity', options, known);
  const selected = selectLayers('unitActivity', layers);
  const isMeant = (layer: LayerSpec): boolean => layers !== undefined || !layer.isOutput;
  return Object.freeze<Capture>({
    name: 'unitActivity',
    when: requireSchedule('unitActivity', 'when', when),
    activations: (layer) => isMeant(layer) && limitsOf(layer) !== undefined && selected.layers(layer),
    check(subjects) {
      selected.check(subjects);
      const picked = subjects.layers.filter(selected.layers);
      if (layers === undefined || picked.some((layer) => limitsOf(layer) !== undefined)) return;
      const names = picked.map(({name, kind, activation}) => `${name} (${activation ?? kind})`).join(', ');
      throw new Error(
        `unitActivity: layers must select some with relu, relu6, sigmoid, hardSigmoid, tanh or softsign, got ${names}.`,
      );
    },
    measure({activations, layers: specs}) {
      const meant = new Map(specs.filter(isMeant).map((spec) => [spec.name, limitsOf(spec)]));
      const measured: Record<string, NamedTensors> = {};
      for (const [key, tensor] of Object.entries(selected.pick(activations, specs))) {
        const limits = meant.get(layerOf(key));
        if (limits === undefined) continue;
        measured[key] =
          limits === 'rectified'
            ? {active: shareOfEachUnit(tf.notEqual(tensor, 0))}
            : {saturated: shareOfEachUnit(isNear(tensor, limits))};
      }
      return measured;
    },
  });
}

/** What its units may get stuck at; undefined for other layers. */
function limitsOf({kind, activation = kind}: LayerSpec): 'rectified' | readonly [number, number] | undefined {
  return RECTIFIED.has(activation) ? 'rectified' : BOUNDED.get(activation);
}

function isNear(tensor: tf.Tensor, [lower, upper]: readonly [number, number]): tf.Tensor {
  const [middle, half] = [(lower + upper) / 2, (upper - lower) / 2];
  return tf.greaterEqual(tf.abs(tf.sub(tensor, middle)), (1 - NEAR) * half);
}

function shareOfEachUnit(condition: tf.Tensor): tf.Tensor {
  const units = condition.rank > 1 ? condition.shape.at(-1)! : 1;
  const rows = tf.reshape(tf.cast(condition, 'float32'), [condition.size / Math.max(1, units), units]);
  return tf.div(tf.sum(rows, 0), rows.shape[0]!);
}
