import {type NamedTensors, parameterKeys, type StepContext} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The parameters that every transform meets: one of each rank that occurs, and one that never has a gradient. */
const SHAPES: Readonly<Record<string, number[]>> = {
  'conformance/dense/kernel': [4, 3],
  'conformance/dense/bias': [3],
  'conformance/conv/kernel': [2, 2, 3, 2],
  'conformance/scale/alpha': [],
  'conformance/frozen/kernel': [2, 2],
};

/** Parameters to try a transform on, and gradients and contexts for them. */
export class Bench {
  readonly params: Readonly<Record<string, tf.Variable>> = Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape], i) => [
      name,
      tf.tidy(() => tf.variable(tf.tensor(waves(tf.util.sizeFromShape(shape), i), shape), true, name)),
    ]),
  );

  /** The parameters that have gradients. */
  readonly names: readonly string[] = Object.keys(SHAPES).filter((name) => !name.includes('frozen'));

  /** Gradients with entries around ±1, other ones for every step. Frozen, so that nobody changes the record. */
  gradients(step: number, names: readonly string[] = this.names): NamedTensors {
    return this.fill((name, size) => waves(size, 1 + step + 7 * Object.keys(SHAPES).indexOf(name)), names);
  }

  /** Gradients of ±`magnitude`. */
  gradientsOf(magnitude: number): NamedTensors {
    return this.fill((_, size) => Float32Array.from({length: size}, (_, i) => (i % 3 ? -1 : 1) * magnitude));
  }

  context(step: number): StepContext {
    const keys = parameterKeys(Object.keys(this.params));
    return Object.freeze({step, epoch: 0, params: this.params, keys, seed: 11, learningRate: 0.1});
  }

  dispose(): void {
    tf.dispose(this.params);
  }

  private fill(values: (name: string, size: number) => Float32Array, names = this.names): NamedTensors {
    return Object.freeze(
      Object.fromEntries(
        names.map((name) => {
          const shape = SHAPES[name]!;
          return [name, tf.tensor(values(name, tf.util.sizeFromShape(shape)), shape)];
        }),
      ),
    );
  }
}

function waves(size: number, phase: number): Float32Array {
  return Float32Array.from({length: size}, (_, i) => 1.5 * Math.sin(1 + 1.7 * i + 0.61 * phase));
}
