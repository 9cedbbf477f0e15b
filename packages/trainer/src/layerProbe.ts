import type {NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {ModelLayer} from './layersOf.js';

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
  readonly #activations: Record<string, tf.Tensor> = {};
  readonly #gradients: Record<string, tf.Tensor> = {};
  readonly #calls = new Map<string, number>();
  /** Milliseconds that holding has taken. */
  spent = 0;

  constructor(
    private readonly layers: readonly ModelLayer[],
    private readonly wanted: ProbedLayers,
  ) {}

  /** In the order of the layers. */
  get activations(): NamedTensors {
    return this.#inOrder(this.#activations);
  }

  /** In the order of the layers, which backpropagation has passed the other way. */
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
    tf.dispose([this.#activations, this.#gradients]);
  }

  #inOrder(tensors: NamedTensors): NamedTensors {
    const keys = this.layers.flatMap(({spec: {name}}) =>
      Array.from({length: this.#calls.get(name) ?? 0}, (_, i) => keyOf(name, i + 1)),
    );
    return Object.fromEntries(
      keys.flatMap((key) => (tensors[key] === undefined ? [] : [[key, tensors[key]]])),
    );
  }

  #attach(layer: Layer, name: string): () => void {
    const own = Object.getOwnPropertyDescriptor(layer, 'call');
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => {
      const outputs = call(inputs, kwargs);
      return Array.isArray(outputs)
        ? outputs.map((output) => this.#see(name, output))
        : this.#see(name, outputs);
    };
    return () => {
      if (own === undefined) delete (layer as Partial<Layer>).call;
      else Object.defineProperty(layer, 'call', own);
    };
  }

  #see(name: string, output: tf.Tensor): tf.Tensor {
    const began = performance.now();
    const call = (this.#calls.get(name) ?? 0) + 1;
    this.#calls.set(name, call);
    const key = keyOf(name, call);
    const {activations, gradients} = this.wanted;
    if (activations.has(name)) this.#activations[key] = hold(output);
    const seen =
      gradients.has(name) && output.dtype === 'float32'
        ? identity(output, (gradient) => (this.#gradients[key] = hold(gradient)))
        : output;
    this.spent += performance.now() - began;
    return seen;
  }
}

function keyOf(name: string, call: number): string {
  return call === 1 ? name : `${name}#${call}`;
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
