import type {GradientOptimizer, NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import fixture from './fixtures/trajectories.json' with {type: 'json'};

const shapes: Readonly<Record<string, number[]>> = fixture.shapes;
const names = Object.keys(shapes);

/** The parameter that has a gradient in every other step only. */
const rare = 'conv/kernel';

function entries(name: string, entry: (i: number) => number): tf.Tensor {
  const size = tf.util.sizeFromShape(shapes[name]!);
  return tf.tensor(
    Float32Array.from({length: size}, (_, i) => entry(i)),
    shapes[name]!,
  );
}

/** The weights where a trajectory begins. */
export function begin(): Record<string, tf.Variable> {
  return Object.fromEntries(
    names.map((name) => {
      const size = tf.util.sizeFromShape(shapes[name]!);
      return [
        name,
        tf.tidy(() =>
          tf.variable(
            entries(name, (i) => 2 + Math.sin(3 * i + size)),
            true,
            name,
          ),
        ),
      ];
    }),
  );
}

/** curvature · (w − target) + noise, as in generate.py. */
function gradients(weights: NamedTensors, step: number): NamedTensors {
  const present = names.filter((name) => name !== rare || step % 2 === 0);
  return Object.fromEntries(
    present.map((name) => {
      const {size} = weights[name]!;
      const curvature = entries(name, (i) => 0.5 + (i % 3));
      const target = entries(name, (i) => 5 - Math.cos(2 * i));
      const noise = entries(name, (i) => 0.5 * Math.sin(1.7 * (i + 1) * (step + 1) + size));
      return [name, tf.add(tf.mul(curvature, tf.sub(weights[name]!, target)), noise)];
    }),
  );
}

/** One step of an optimizer on this problem, as tfjs makes it: the parameter without a gradient comes as null. */
export function takeStep(
  optimizer: GradientOptimizer,
  weights: Readonly<Record<string, tf.Variable>>,
  t: number,
) {
  tf.tidy(() => {
    const grads = gradients(weights, t);
    const hole = null as unknown as tf.Tensor;
    optimizer.applyGradients(names.map((name) => ({name, tensor: grads[name] ?? hole})));
  });
}
