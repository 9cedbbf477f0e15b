import * as tf from '@tensorflow/tfjs-core';

/** Weights by class index; for models with several outputs, one such record per output name. */
export type ClassWeight =
  Readonly<Record<number, number>> | Readonly<Record<string, Readonly<Record<number, number>>>>;

/** The weight of every sample by its class, per output. Targets are class indices or one-hot rows. */
export async function sampleWeights(
  targets: readonly tf.Tensor[],
  outputNames: readonly string[],
  classWeight: ClassWeight | undefined,
): Promise<(tf.Tensor | undefined)[]> {
  if (classWeight !== undefined && isPerOutput(classWeight)) requireOutputs(classWeight, outputNames);
  const weights: (tf.Tensor | undefined)[] = [];
  try {
    for (const [i, target] of targets.entries()) {
      const table = tableFor(classWeight, outputNames[i], targets.length);
      weights.push(table && (await weigh(target, table)));
    }
    return weights;
  } catch (error) {
    tf.dispose(weights.filter((weight) => weight !== undefined));
    throw error;
  }
}

function tableFor(
  classWeight: ClassWeight | undefined,
  outputName: string | undefined,
  outputs: number,
): Readonly<Record<number, number>> | undefined {
  if (classWeight === undefined) return undefined;
  const perOutput = isPerOutput(classWeight);
  if (!perOutput && outputs > 1) {
    throw new TypeError(
      'Trainer.fit: classWeight must name the output that it is for: {outputName: {0: 1, ...}}.',
    );
  }
  return (perOutput ? classWeight[outputName as never] : classWeight) as
    Readonly<Record<number, number>> | undefined;
}

function isPerOutput(classWeight: ClassWeight): boolean {
  return Object.values(classWeight).some((value) => typeof value === 'object');
}

function requireOutputs(classWeight: ClassWeight, outputNames: readonly string[]): void {
  const unknown = Object.keys(classWeight).find((name) => !outputNames.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(
    `Trainer.fit: classWeight names '${unknown}', which is no output. Outputs: ${outputNames.join(', ')}.`,
  );
}

async function weigh(target: tf.Tensor, table: Readonly<Record<number, number>>): Promise<tf.Tensor> {
  const classes = tf.tidy(() => {
    const oneHot = target.rank === 2 && target.shape[1]! > 1;
    return oneHot ? tf.argMax(target, 1) : tf.reshape(target, [target.shape[0]!]);
  });
  const indices = await classes.data();
  classes.dispose();
  const weights = Float32Array.from(indices, (index) => {
    const weight = table[index];
    if (weight !== undefined) return requireWeight(index, weight);
    throw new RangeError(
      `Trainer.fit: classWeight has no weight for class ${index}, which occurs in the data.`,
    );
  });
  return tf.tensor1d(weights);
}

function requireWeight(index: number, weight: number): number {
  if (Number.isFinite(weight) && weight >= 0) return weight;
  throw new RangeError(`Trainer.fit: classWeight of class ${index} must be >= 0, got ${String(weight)}.`);
}
