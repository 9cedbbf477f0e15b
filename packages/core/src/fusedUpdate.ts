import * as tf from '@tensorflow/tfjs-core';
import type {NamedTensor, NamedTensors} from './namedTensors.js';
import {type OptimizerVariable, setSlotList, slotLists} from './optimizerState.js';

type Variables = Readonly<Record<string, tf.Variable>>;

/** Above this size copying costs more than the calls that it saves. */
const MAX_FUSED_SIZE = 4096;

/** Optimizers whose update treats every element alike, so that it may be done on all parameters as one. */
const ELEMENTWISE: ReadonlySet<unknown> = new Set([
  tf.MomentumOptimizer,
  tf.AdagradOptimizer,
  tf.AdadeltaOptimizer,
  tf.AdamOptimizer,
  tf.AdamaxOptimizer,
  tf.RMSPropOptimizer,
]);

/** How parameters and slots are laid out while fused. */
interface Layout {
  /** The fused parameters and their places among all slots. */
  readonly names: readonly string[];
  readonly places: readonly number[];
  readonly variables: readonly tf.Variable[];
  /** Number of all slots. */
  readonly slots: number;
  /** The other parameters, in the order of their slots. */
  readonly rest: readonly string[];
  /** The fused parameters, one behind the other. */
  readonly flat: tf.Variable;
  /** The optimizer's own lists of slots, and the fused slot that leads their replacement. */
  readonly lists: readonly {
    readonly field: string;
    readonly own: OptimizerVariable[];
    readonly fused: tf.Variable;
  }[];
  /** What the parameters held after our last update; another value was set by somebody else. */
  dataIds: readonly object[];
}

/**
 * Applies gradients through an optimizer of `tf.train`, its small parameters as one long vector.
 *
 * tfjs makes about ten calls per parameter and step, whatever the parameter's size; in a small network they are a
 * third of the time. The arithmetic of every element stays the same, so weights stay bit-identical. Fusing begins
 * when two steps in a row have had gradients for the same parameters.
 */
export class FusedUpdate {
  #layout: Layout | undefined;
  #previous: readonly string[] = [];

  constructor(private readonly optimizer: tf.Optimizer) {}

  /**
   * One update. Runs inside `tf.tidy`.
   *
   * @param slots names of all parameters in the order of the optimizer's slots.
   * @param grads the gradients; parameters without one are left alone.
   * @param params the parameters.
   */
  apply(slots: readonly string[], grads: NamedTensors, params: Variables): void {
    const fusible = ELEMENTWISE.has(this.optimizer.constructor) && !tellsPlacesApart();
    const names = fusible ? slots.filter((name) => isSmall(grads[name])) : [];
    if (this.#layout !== undefined && !fits(this.#layout, slots, names, params)) this.split();
    if (this.#layout === undefined && names.length > 1 && equal(names, this.#previous)) {
      this.#layout = this.#fuse(slots, names, params);
    }
    this.#previous = names;
    if (this.#layout === undefined) this.optimizer.applyGradients(gradientList(slots, grads));
    else this.#applyFused(this.#layout, grads);
  }

  /** Gives the optimizer its own slots back, with their current values. */
  split(): void {
    if (this.#layout === undefined) return;
    const {lists, flat, places, variables} = this.#layout;
    for (const {field, own, fused} of lists) {
      tf.tidy(() => cut(fused, variables).forEach((part, i) => own[places[i]!]!.variable.assign(part)));
      fused.dispose();
      setSlotList(this.optimizer, field, own);
    }
    flat.dispose();
    this.#layout = undefined;
  }

  #fuse(slots: readonly string[], names: readonly string[], params: Variables): Layout | undefined {
    const lists = slotLists(this.optimizer);
    if (lists.length === 0 || lists.some(({own}) => own.length !== slots.length)) return undefined;
    const places = names.map((name) => slots.indexOf(name));
    const restPlaces = slots.map((_, place) => place).filter((place) => !places.includes(place));
    const variables = names.map((name) => params[name]!);
    return {
      names,
      places,
      variables,
      slots: slots.length,
      rest: restPlaces.map((place) => slots[place]!),
      flat: tf.variable(join(variables), false),
      lists: lists.map(({field, own}) => {
        const fused = tf.variable(join(places.map((place) => own[place]!.variable)), false);
        const rest = restPlaces.map((place) => own[place]!);
        setSlotList(this.optimizer, field, [{originalName: 'fused', variable: fused}, ...rest]);
        return {field, own, fused};
      }),
      dataIds: variables.map(({dataId}) => dataId),
    };
  }

  #applyFused(layout: Layout, grads: NamedTensors): void {
    const {names, variables, rest, flat, dataIds} = layout;
    if (variables.some(({dataId}, i) => dataId !== dataIds[i])) flat.assign(join(variables));
    const gradient = join(names.map((name) => grads[name]!));
    this.optimizer.applyGradients([{name: flat.name, tensor: gradient}, ...gradientList(rest, grads)]);
    cut(flat, variables).forEach((part, i) => variables[i]!.assign(part));
    layout.dataIds = variables.map(({dataId}) => dataId);
  }
}

/** Native TensorFlow computes the last few elements of a tensor otherwise than the others: roots differ in the last bit. */
function tellsPlacesApart(): boolean {
  return tf.getBackend() === 'tensorflow';
}

function fits(
  layout: Layout,
  slots: readonly string[],
  names: readonly string[],
  params: Variables,
): boolean {
  const {variables} = layout;
  return (
    layout.slots === slots.length &&
    equal(layout.names, names) &&
    names.every((name, i) => params[name] === variables[i])
  );
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

function isSmall(grad: tf.Tensor | undefined): boolean {
  return grad !== undefined && grad.dtype === 'float32' && grad.size > 0 && grad.size <= MAX_FUSED_SIZE;
}

function join(tensors: readonly tf.Tensor[]): tf.Tensor {
  return tf.tidy(() => tf.concat(tensors.map((tensor) => shaped(tensor, [tensor.size]))));
}

/** The inverse of {@link join}, in the shapes of `like`. */
function cut(joined: tf.Tensor, like: readonly tf.Tensor[]): tf.Tensor[] {
  const sizes = like.map(({size}) => size);
  return tf.split(joined, sizes).map((part, i) => shaped(part, like[i]!.shape));
}

/** Reshapes where there is something to reshape: half of a network's parameters are vectors already. */
function shaped(tensor: tf.Tensor, shape: number[]): tf.Tensor {
  return tensor.rank === shape.length && tensor.rank === 1 ? tensor : tf.reshape(tensor, shape);
}

/** Holes are `null`, which tfjs skips though its types do not say so. */
export function gradientList(names: readonly string[], grads: NamedTensors): NamedTensor[] {
  return names.map((name) => ({name, tensor: grads[name] ?? (null as unknown as tf.Tensor)}));
}
