import {type Capture, describeValue, type KnownOptions, requireInteger, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Remedy} from './remedy.js';
import {requireBooleans, requireFunctions, requireLists} from './requireKinds.js';
import type {TrainerOptions} from './trainerOptions.js';

const OPTIONS: KnownOptions<TrainerOptions> = {
  model: 'model',
  loss: "'meanSquaredError'",
  optimizer: 'tf.train.adam()',
  metrics: "['accuracy']",
  seed: 42,
  schedule: '(step) => 0.1',
  transforms: '[]',
  captures: '[]',
  consumers: '[]',
  remedies: '[]',
  variables: '[]',
  transformOrder: '[]',
  inferenceMode: 'false',
  readLoss: 'every(1)',
  onDivergence: "'stop'",
};

/** Rejects what cannot be meant, at the call. */
export function requireTrainerOptions(options: Partial<TrainerOptions>): void {
  requireOptions('createTrainer', options, OPTIONS);
  const {model, loss, optimizer, metrics, seed = 0, schedule, readLoss, variables} = options;
  const {onDivergence, inferenceMode, transformOrder} = options;
  if (typeof model !== 'function' && typeof model?.getWeights !== 'function') {
    throw new TypeError(
      `createTrainer: model must be a LayersModel or a function, got ${describeValue(model)}.`,
    );
  }
  if (loss == null) throw new TypeError("createTrainer: loss is missing, e.g. loss: 'meanSquaredError'.");
  // tfjs's `instanceof` looks for methods, also in null.
  if (optimizer == null || !(optimizer instanceof tf.Optimizer)) {
    throw new TypeError(
      `createTrainer: optimizer must be a tf.Optimizer, e.g. tf.train.adam(), got ${describeValue(optimizer)}.`,
    );
  }
  requireInteger('createTrainer', {seed}, 0);
  if (metrics !== undefined && (typeof metrics !== 'object' || metrics === null)) {
    throw new TypeError(
      `createTrainer: metrics must be a list, e.g. ['accuracy'], got ${describeValue(metrics)}.`,
    );
  }
  if (variables !== undefined && !Array.isArray(variables)) {
    throw new TypeError(
      `createTrainer: variables must be a list of tf.Variables, got ${describeValue(variables)}.`,
    );
  }
  requireFunctions('createTrainer', {schedule}, '(step) => rate');
  requireFunctions('createTrainer', {readLoss}, 'e.g. every(10)');
  requireBooleans('createTrainer', {inferenceMode});
  if (transformOrder !== undefined) requireLists('createTrainer', {transformOrder});
  if (onDivergence !== undefined && onDivergence !== 'stop' && onDivergence !== 'continue') {
    throw new RangeError(
      `createTrainer: onDivergence must be 'stop' or 'continue', got ${describeValue(onDivergence)}.`,
    );
  }
}

/** Rejects what is no capture, such as a factory that was not called. */
export function requireCapture(where: string, capture: Capture): void {
  const {name, when, measure} = (capture ?? {}) as Partial<Capture>;
  if (typeof name !== 'string' || name === '' || typeof measure !== 'function') {
    const hint = Array.isArray(capture) ? ' Spread it: ...captures.' : '';
    throw new TypeError(
      `${where}: captures must be captures, e.g. gradientStats({when: every(10)}), got ${describeValue(capture)}.${hint}`,
    );
  }
  if (typeof when !== 'function') {
    throw new TypeError(
      `${where}: when of capture '${name}' must be a function, e.g. every(10), got ${describeValue(when)}.`,
    );
  }
}

/** Rejects two remedies of one name. */
export function requireUniqueRemedies(remedies: readonly Remedy[]): void {
  requireUnique(
    'createTrainer',
    'remedies',
    remedies.map(({name}) => name),
  );
}

/** Rejects two captures of one name; the remedies are those that bring some of them. */
export function requireUniqueCaptures(
  where: string,
  captures: readonly Capture[],
  remedies: readonly Remedy[] = [],
): void {
  const bringer = (twice: string): string => {
    const remedy = remedies.find((one) => one.captures?.some(({name}) => name === twice));
    return remedy === undefined ? '' : ` The remedy '${remedy.name}' brings one.`;
  };
  requireUnique(
    where,
    'captures',
    captures.map(({name}) => name),
    bringer,
  );
}

function requireUnique(
  where: string,
  what: string,
  names: readonly string[],
  hint: (twice: string) => string = () => '',
): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new Error(
    `${where}: two ${what} are named '${twice}'; events could not tell them apart.${hint(twice)}`,
  );
}
