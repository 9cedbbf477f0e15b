import * as tf from '@tensorflow/tfjs-core';

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
  fields.iterations_ = iterations;
}

/**
 * Remembers the state of an optimizer of `tf.train`; the function that it returns puts it back. Other optimizers keep
 * what a step has made of them. Call both inside one `tf.tidy`.
 */
export function rememberOptimizer(optimizer: tf.Optimizer): () => void {
  if (!TF_TRAIN.has(optimizer.getClassName())) return () => {};
  const fields = optimizer as unknown as Fields;
  const {iterations} = optimizer;
  const values = readFields(optimizer).map(({tensor}) => ({
    variable: tensor as tf.Variable,
    value: tf.clone(tensor),
  }));
  const old = new Set(values.map(({variable}) => variable));
  return () => {
    for (const {variable, value} of values) variable.assign(value);
    for (const {field, own} of slotLists(optimizer)) {
      for (const {variable} of own) if (!old.has(variable)) variable.dispose();
      fields[field] = own.filter(({variable}) => old.has(variable));
    }
    fields.iterations_ = iterations;
  };
}

/** Frees an optimizer whole: Momentum forgets the scalar that holds its learning rate. */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  if (!TF_TRAIN.has(optimizer.getClassName())) return;
  for (const value of Object.values(optimizer)) if (value instanceof tf.Tensor) value.dispose();
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
