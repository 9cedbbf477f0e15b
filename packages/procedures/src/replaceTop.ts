import {describeValue, requireInteger, requireOptions, requireSelection} from '@gradwire/core';
import * as tfl from '@tensorflow/tfjs-layers';
import {isInput, onlyOutputOf} from './graph.js';
import {requireModel} from './requireModel.js';
import {stackOn} from './stackOn.js';

type Tensor = tfl.SymbolicTensor;

/** The options of {@link replaceTop}. */
export interface ReplaceTopOptions {
  /** How many layers to leave out, from the output; a whole number >= 0. Give this or `from`. */
  readonly drop?: number;
  /** The lowest layer that is left out, by name. */
  readonly from?: string;
  /** What comes in their place, from the lowest on; default nothing. */
  readonly layers?: readonly tfl.layers.Layer[];
}

/**
 * A model with other layers at its top: for a new task, or none at all, to get at what lower layers give.
 *
 * The new model shares the lower layers with the old one, weights and all: train one, and the other has learned, too. The old one
 * stays as it is. What is left out must be a chain of layers up to the only output; whatever is below, may branch.
 *
 * @param model the old model.
 * @param options what goes, what comes.
 * @returns the new model. Dispose one of the two only, and the layers left out by themselves.
 * @throws TypeError or RangeError that names the argument; Error if there is no such layer, or the top is no chain.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {replaceTop} from '@gradwire/procedures';
 *
 * const digits = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 8, activation: 'relu', inputShape: [4]}),
 *     tf.layers.dense({units: 10, activation: 'softmax'}),
 *   ],
 * });
 * const letters = replaceTop(digits, {drop: 1, layers: [tf.layers.dense({units: 26, activation: 'softmax'})]});
 * console.log(letters.outputs[0]!.shape); // [null, 26]
 * ```
 */
export function replaceTop(model: tfl.LayersModel, options: ReplaceTopOptions): tfl.LayersModel {
  const known = {drop: 1, from: "'output'", layers: '[tf.layers.dense({units: 10})]'};
  const {drop, from, layers = []} = requireOptions('replaceTop', options, known, 'model, ');
  requireModel('replaceTop', 'model', model);
  if ((drop === undefined) === (from === undefined)) {
    throw new TypeError('replaceTop: give drop or from, one of them.');
  }
  if (!Array.isArray(layers)) {
    throw new TypeError(`replaceTop: layers must be a list of layers, got ${describeValue(layers)}.`);
  }
  const output = onlyOutputOf('replaceTop', model);
  const base = from === undefined ? below(output, drop!) : belowNamed(output, from);
  const {output: top} = stackOn(base, layers);
  return tfl.model({inputs: model.inputs, outputs: top});
}

function below(output: Tensor, drop: number): Tensor {
  requireInteger('replaceTop', {drop}, 0);
  let base = output;
  for (let dropped = 0; dropped < drop; dropped++) {
    base = inputOf(base);
    if (!isInput(base)) continue;
    throw new RangeError(`replaceTop: drop must be <= ${dropped}, which leaves one layer, got ${drop}.`);
  }
  return base;
}

function belowNamed(output: Tensor, name: string): Tensor {
  const passed: string[] = [];
  for (let tensor = output; ; tensor = inputOf(tensor)) {
    const found = tensor.sourceLayer.name === name;
    passed.push(tensor.sourceLayer.name);
    const isLast = found || tensor.inputs.length !== 1 || isInput(tensor);
    if (isLast) requireSelection('replaceTop', 'layer', name, new Set(found ? [name] : []), passed);
    if (!found) continue;
    const base = inputOf(tensor);
    if (!isInput(base)) return base;
    throw new Error(`replaceTop: '${name}' is the lowest layer; nothing would be left of the model.`);
  }
}

function inputOf({inputs, sourceLayer}: Tensor): Tensor {
  const [input, ...others] = inputs;
  if (input !== undefined && others.length === 0) return input;
  throw new Error(
    `replaceTop: layer '${sourceLayer.name}' has ${inputs.length} inputs; what is left out must be a chain.`,
  );
}
