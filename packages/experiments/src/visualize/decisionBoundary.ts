import type {DecisionBoundary} from '@gradwire/report';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

const STEP = 0.02;

/** What a decision boundary is drawn of. */
export interface DecisionBoundaryOptions {
  readonly model: tfl.LayersModel;
  /** Shape [points, 2]. */
  readonly x: tf.Tensor2D;
  /** The class of each point. */
  readonly labels: tf.Tensor;
  /** How far the grid reaches beyond the points. */
  readonly margin: number;
  /** The classes out of what the model returns. */
  readonly classify: (outputs: tf.Tensor2D) => tf.Tensor;
}

/** Asks a model for the class of each point of a grid with steps of 0.02 around the data. */
export async function decisionBoundary({
  model,
  x,
  labels,
  margin,
  classify,
}: DecisionBoundaryOptions): Promise<DecisionBoundary> {
  const coordinates = await x.data();
  const points = Array.from(await labels.data(), (label, i) => ({
    x: coordinates[2 * i]!,
    y: coordinates[2 * i + 1]!,
    label,
  }));
  const xs = axis(
    points.map((point) => point.x),
    margin,
  );
  const ys = axis(
    points.map((point) => point.y),
    margin,
  );
  const grid = Float32Array.from(ys.flatMap((row) => xs.flatMap((column) => [column, row])));
  const classes = tf.tidy(() => {
    const inputs = tf.tensor2d(grid, [xs.length * ys.length, 2]);
    return classify(model.predict(inputs, {batchSize: xs.length * ys.length}) as tf.Tensor2D);
  });
  try {
    return {xs, ys, classes: Array.from(await classes.data()), points};
  } finally {
    classes.dispose();
  }
}

function axis(values: readonly number[], margin: number): number[] {
  const start = Math.min(...values) - margin;
  const count = Math.ceil((Math.max(...values) + margin - start) / STEP);
  return Array.from({length: count}, (_, i) => start + i * STEP);
}
