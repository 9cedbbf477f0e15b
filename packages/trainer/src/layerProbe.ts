import type {NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {ModelLayer} from './layersOf.js';
import {patchMethods} from './patchMethods.js';

type Layer = tfl.layers.Layer;

/** Of which layers, by name. */
export interface ProbedLayers {
  readonly activations: ReadonlySet<string>;
  readonly gradients: ReadonlySet<string>;
}

/**
 * Holds what layers return in one forward pass, and the gradients of that in the backward pass that follows.
 *
 * While it is attached, `call` of these layers is wrapped: nothing else reaches all kinds of layers. The gradient is seen by an
 * identity behind the layer, which backpropagation passes once it has added up the gradients of all who use the output.
 */
export class LayerProbe {
  readonly #activations = new Map<string, tf.Tensor>();
  readonly #gradients = new Map<string, tf.Tensor>();
  /** By layer, for each call the tensors that it was called on. */
  readonly #calls = new Map<string, string[]>();
  /** In the order of the layers, whatever order backpropagation passes them in. */
  readonly #keys = new Map<string, string[]>();
  /** Milliseconds that holding has taken. */
  spent = 0;

  constructor(
    private readonly layers: readonly ModelLayer[],
    private readonly wanted: ProbedLayers,
  ) {
    for (const {spec} of layers) this.#keys.set(spec.name, []);
  }

  get activations(): NamedTensors {
    return this.#inOrder(this.#activations);
  }

  get gradients(): NamedTensors {
    return this.#inOrder(this.#gradients);
  }

  /** Runs forward and backward pass. */
  during<T>(passes: () => T): T {
    const {activations, gradients} = this.wanted;
    const detachers = new Map<Layer, () => void>();
    try {
      for (const {layer, spec} of this.layers) {
        if (detachers.has(layer) || !(activations.has(spec.name) || gradients.has(spec.name))) continue;
        detachers.set(layer, this.#attach(layer, spec.name));
      }
      return passes();
    } finally {
      for (const detach of detachers.values()) detach();
    }
  }

  dispose(): void {
    tf.dispose([...this.#activations.values(), ...this.#gradients.values()]);
  }

  #inOrder(tensors: ReadonlyMap<string, tf.Tensor>): NamedTensors {
    const keys = [...this.#keys.values()].flat();
    return Object.fromEntries(keys.filter((key) => tensors.has(key)).map((key) => [key, tensors.get(key)!]));
  }

  #attach(layer: Layer, name: string): () => void {
    return patchMethods<Pick<Layer, 'call'>>(layer, {
      call: (original) => (inputs, kwargs) => {
        const outputs = original(inputs, kwargs);
        const call = this.#callOf(name, inputs);
        return Array.isArray(outputs)
          ? outputs.map((output, i) => this.#see(name, keyOf(name, i, call), output))
          : this.#see(name, keyOf(name, 0, call), outputs);
      },
    });
  }

  /** Which call of a layer this is, from 1. tfjs calls a layer once for each of its outputs: on the same tensors, it is the same. */
  #callOf(name: string, inputs: tf.Tensor | tf.Tensor[]): number {
    const ids = [inputs].flat().map(({id}) => id).join(); // prettier-ignore
    const calls = this.#calls.get(name) ?? [];
    this.#calls.set(name, calls);
    if (!calls.includes(ids)) calls.push(ids);
    return calls.indexOf(ids) + 1;
  }

  #see(name: string, key: string, output: tf.Tensor): tf.Tensor {
    const began = performance.now();
    const keys = this.#keys.get(name)!;
    if (!keys.includes(key)) keys.push(key);
    const {activations, gradients} = this.wanted;
    if (activations.has(name) && !this.#activations.has(key)) this.#activations.set(key, hold(output));
    const seen =
      gradients.has(name) && output.dtype === 'float32'
        ? identity(output, (gradient) => {
            if (!this.#gradients.has(key)) this.#gradients.set(key, hold(gradient));
          })
        : output;
    this.spent += performance.now() - began;
    return seen;
  }
}

/** The first output of the first call by the layer's name alone. */
function keyOf(name: string, output: number, call: number): string {
  return `${name}${output === 0 ? '' : `:${output}`}${call === 1 ? '' : `#${call}`}`;
}

function hold(tensor: tf.Tensor): tf.Tensor {
  return tf.keep(tf.clone(tensor));
}

/** The tensor itself, whose gradient is shown to `look` on its way back. */
function identity(tensor: tf.Tensor, look: (gradient: tf.Tensor) => void): tf.Tensor {
  const pass = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => {
      look(dy);
      return dy;
    },
  }));
  return pass(tensor);
}
