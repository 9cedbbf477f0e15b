import * as tf from '@tensorflow/tfjs-core';
import type {layers, LayersModel} from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/** What belongs to no layer. */
const OUTSIDE = 'loss';

/** Knows which layer is computing, forward and backward. */
export class LayerTrace {
  #current = OUTSIDE;
  #failed: string | undefined;
  readonly #attributed = new Set<object>();
  readonly #names: string[] = [];

  /** The layer that is computing. */
  get current(): string {
    return this.#current;
  }

  /** The innermost layer that the last error came from. */
  get failed(): string {
    return this.#failed ?? OUTSIDE;
  }

  /** The layers that are followed, in the order of the model. */
  get names(): readonly string[] {
    return [...this.#names, OUTSIDE];
  }

  /** Follows the layers of the model from now on, by a method of their own, which the caller takes away. */
  follow(model: LayersModel, path = ''): void {
    for (const layer of model.layers) {
      const name = path + layer.name;
      this.#names.push(name);
      const apply = layer.apply.bind(layer);
      layer.apply = (...args) => this.#within(name, () => this.#attribute(name, () => apply(...args)));
      // Not of a training step, but of whoever watches one.
      layer.clearCallHook();
      if (isModel(layer)) this.follow(layer, `${name}/`);
    }
  }

  /** What `forward` adds to the tape is this layer's, but for what is an inner one's. */
  #attribute<T>(name: string, forward: () => T): T {
    const start = tape().length;
    const result = forward();
    for (const node of tape().slice(start)) {
      if (node.gradient === undefined || this.#attributed.has(node)) continue;
      this.#attributed.add(node);
      const {gradient} = node;
      node.gradient = (dys) => {
        const gradients = Object.entries(this.#within(name, () => gradient(dys)));
        return Object.fromEntries(
          gradients.map(([input, compute]) => [input, () => this.#within(name, compute)]),
        );
      };
    }
    return result;
  }

  #within<T>(name: string, compute: () => T): T {
    const outer = this.#current;
    this.#current = name;
    try {
      return compute();
    } catch (error) {
      this.#failed ??= name;
      throw error;
    } finally {
      this.#current = outer;
    }
  }
}

/** The tape of the gradient that is being computed; none in a forward pass alone. */
function tape() {
  return tf.engine().state.activeTape ?? [];
}

function isModel(layer: Layer): layer is LayersModel {
  return 'layers' in layer;
}
