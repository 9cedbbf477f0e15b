import * as tf from '@tensorflow/tfjs-core';
import {deserializeOptimizer} from './deserializeOptimizer.js';
import {getLearningRate, setLearningRate} from './learningRate.js';

/** One tensor of an optimizer's state: a variable in a field of it, or a slot in a list of variables. */
export interface StateEntry {
  readonly field: string;
  readonly index?: number;
  /** tfjs's name of the slot, e.g. `dense_Dense1/kernel/m`. */
  readonly name?: string;
  readonly tensor: tf.Tensor;
}

/** A slot of a `tf.train` optimizer: its state for one parameter. */
export interface OptimizerVariable {
  originalName: string;
  variable: tf.Variable;
}

type Fields = Record<string, unknown> & {iterations_?: number};

const TF_TRAIN = new Set(['SGD', 'Momentum', 'Adagrad', 'Adadelta', 'Adam', 'Adamax', 'RMSProp']);

/**
 * The whole state of an optimizer.
 *
 * For those of `tf.train` it is read from their fields, not from `getWeights()`: that throws for Adamax, leaves out
 * Adam's running powers of beta (so that a resumed training differs in the last bit), and leaks a tensor per call.
 * They hold their state in variables and in lists of `{originalName, variable}`. Other optimizers are asked by
 * `getWeights()`.
 */
export async function readOptimizerState(optimizer: tf.Optimizer): Promise<StateEntry[]> {
  if (TF_TRAIN.has(optimizer.getClassName())) return readFields(optimizer);
  const weights = await optimizer.getWeights();
  return weights.map(({name, tensor}, index) => ({field: 'weights', index, name, tensor}));
}

/** The inverse of {@link readOptimizerState}. The tensors stay the caller's. */
export async function writeOptimizerState(
  optimizer: tf.Optimizer,
  iterations: number,
  state: readonly StateEntry[],
): Promise<void> {
  if (!TF_TRAIN.has(optimizer.getClassName())) {
    await optimizer.setWeights(state.map(({name, tensor}) => ({name: name ?? '', tensor})));
    return;
  }
  const fields = optimizer as unknown as Fields;
  const alien = state.find(({field, index}) => !fits(fields[field], index));
  if (alien !== undefined) {
    throw new Error(
      `GradientOptimizer: the saved optimizer has a '${alien.field}', ${optimizer.getClassName()} does not.`,
    );
  }
  writeFields(optimizer, state);
  fields.iterations_ = iterations;
}

/** A moment of an optimizer that can be gone back to, as often as one likes until it is disposed of. */
export interface OptimizerSnapshot {
  /**
   * Brings things back as they were, but for the count of steps.
   *
   * @param what `'state'`: state only, while learning rate and transforms stay what they are now; default `'all'`.
   */
  restore(what?: 'all' | 'state'): void;
  /** Frees what is remembered. */
  dispose(): void;
}

/** Remembers slots and rate of an optimizer: of `tf.train`, or one that can do so itself. Of others, the rate alone. */
export function snapshotOptimizer(optimizer: tf.Optimizer): OptimizerSnapshot {
  const own = (optimizer as {snapshot?: () => OptimizerSnapshot}).snapshot;
  if (typeof own === 'function') return own.call(optimizer);
  if (!TF_TRAIN.has(optimizer.getClassName())) return snapshotRate(optimizer);
  const rate = getLearningRate(optimizer);
  const values = readFields(optimizer).map(({tensor, ...entry}) => ({
    ...entry,
    tensor: tf.keep(tf.clone(tensor)),
  }));
  return {
    restore(what = 'all') {
      writeFields(optimizer, values);
      if (what === 'all' && getLearningRate(optimizer) !== rate) setLearningRate(optimizer, rate);
    },
    dispose: () => tf.dispose(values.map(({tensor}) => tensor)),
  };
}

function snapshotRate(optimizer: tf.Optimizer): OptimizerSnapshot {
  const rate = (optimizer as {learningRate?: unknown}).learningRate;
  return {
    restore(what = 'all') {
      if (what === 'all' && typeof rate === 'number') setLearningRate(optimizer, rate);
    },
    dispose: () => {},
  };
}

/** Makes an optimizer forget its slots, as if it were new: one of `tf.train`, or one that can do so itself. */
export function resetOptimizer(optimizer: tf.Optimizer): void {
  const own = (optimizer as {reset?: () => void}).reset;
  if (typeof own === 'function') {
    own.call(optimizer);
    return;
  }
  if (!TF_TRAIN.has(optimizer.getClassName())) return;
  const fresh = deserializeOptimizer({className: optimizer.getClassName(), config: optimizer.getConfig()});
  for (const {field, own: slots} of slotLists(optimizer)) {
    for (const {variable} of slots) variable.dispose();
    setSlotList(optimizer, field, []);
  }
  const initial = new Map(readFields(fresh).map(({field, tensor}) => [field, tensor]));
  for (const {field, tensor} of readFields(optimizer)) (tensor as tf.Variable).assign(initial.get(field)!);
  disposeOptimizer(fresh);
}

/** Frees an optimizer whole: Momentum forgets the scalar that holds its learning rate. */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  if (!TF_TRAIN.has(optimizer.getClassName())) return;
  // A second time would free what other handles hold: variables do not ask whether they are disposed.
  for (const value of Object.values(optimizer))
    if (value instanceof tf.Tensor && !value.isDisposed) value.dispose();
}

/** The lists of slots that an optimizer of `tf.train` has filled, by field. */
export function slotLists(optimizer: tf.Optimizer): {field: string; own: OptimizerVariable[]}[] {
  return Object.entries(optimizer as unknown as Fields).flatMap(([field, value]) =>
    isSlotList(value) ? [{field, own: value}] : [],
  );
}

/** Replaces one of the {@link slotLists}. */
export function setSlotList(optimizer: tf.Optimizer, field: string, list: OptimizerVariable[]): void {
  (optimizer as unknown as Fields)[field] = list;
}

function fits(field: unknown, index: number | undefined): boolean {
  return index === undefined ? field instanceof tf.Variable : Array.isArray(field);
}

function readFields(optimizer: tf.Optimizer): StateEntry[] {
  return Object.entries(optimizer as unknown as Fields).flatMap(([field, value]): StateEntry[] => {
    if (value instanceof tf.Variable) return [{field, tensor: value}];
    if (!isSlotList(value)) return [];
    return value.map(({originalName: name, variable: tensor}, index) => ({field, index, name, tensor}));
  });
}

function isSlotList(value: unknown): value is OptimizerVariable[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => item?.variable instanceof tf.Variable)
  );
}

/** Gives an optimizer of `tf.train` the slots and fields of `state`, and no others. */
function writeFields(optimizer: tf.Optimizer, state: readonly StateEntry[]): void {
  const fields = optimizer as unknown as Fields;
  tf.tidy(() => {
    // Copies first: what is written may be what was read from this very optimizer.
    const copies = state.map(({tensor, ...entry}) => ({...entry, tensor: tf.clone(tensor)}));
    for (const {index, field, tensor} of readFields(optimizer)) {
      if (index === undefined) continue;
      tensor.dispose();
      fields[field] = [];
    }
    for (const {field, index, name, tensor} of copies) {
      if (index === undefined) {
        (fields[field] as tf.Variable).assign(tensor);
      } else {
        (fields[field] as OptimizerVariable[])[index] = {
          originalName: name ?? '',
          variable: tf.variable(tensor, false),
        };
      }
    }
  });
}
