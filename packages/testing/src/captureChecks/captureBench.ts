import type {CaptureContext, CaptureSubjects, LayerSpec, NamedTensors, RunEndContext} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The parameters that every capture meets: one of each rank that occurs, and one that never has a gradient. */
const PARAMETERS: Readonly<Record<string, number[]>> = {
  'conformance/dense/kernel': [4, 3],
  'conformance/dense/bias': [3],
  'conformance/conv/kernel': [2, 2, 3, 2],
  'conformance/scale/alpha': [],
  'conformance/frozen/kernel': [2, 2],
};

const layer = (name: string, kind: string, inputs: readonly string[], activation?: string): LayerSpec => ({
  name: `conformance/${name}`,
  kind,
  ...(activation === undefined ? {} : {activation}),
  inputs: inputs.map((input) => `conformance/${input}`),
  parameters: Object.keys(PARAMETERS).filter((parameter) => parameter.startsWith(`conformance/${name}/`)),
  isOutput: name === 'frozen',
});

/** The layers that it meets: with activations of either kind and without one, and an output. */
const LAYERS: readonly LayerSpec[] = Object.freeze([
  layer('dense', 'Dense', [], 'relu'),
  layer('conv', 'Conv2D', ['dense'], 'tanh'),
  layer('scale', 'PReLU', ['conv']),
  layer('frozen', 'Dense', ['scale'], 'sigmoid'),
]);

/** What the layers return; one of them is called twice. */
const ACTIVATIONS: Readonly<Record<string, number[]>> = {
  'conformance/dense': [5, 3],
  'conformance/dense#2': [5, 3],
  'conformance/conv': [5, 2, 2, 2],
  'conformance/scale': [5],
  'conformance/frozen': [5, 2],
};

/** What a step is to look like. */
export interface BenchStep {
  /** Every entry is this, or its opposite. Default: entries around ±1. */
  readonly magnitude?: number;
  /** Parameters without a gradient, besides the one that never has one. */
  readonly holes?: readonly string[];
  /** The model is a function. */
  readonly withoutLayers?: boolean;
  /** Only these layers were asked for; default all. */
  readonly asked?: {readonly forward: readonly string[]; readonly backward: readonly string[]};
}

/** Steps and subjects to try a capture on. */
export class CaptureBench {
  /** The parameters that have gradients. */
  readonly names: readonly string[] = Object.keys(PARAMETERS).filter((name) => !name.includes('frozen'));

  constructor(private readonly transforms: readonly string[]) {}

  subjects(withoutLayers = false): CaptureSubjects {
    return {
      parameters: this.#fill(PARAMETERS, 1),
      layers: withoutLayers ? [] : LAYERS,
      stages: ['raw', ...this.transforms],
    };
  }

  context({magnitude, holes = [], withoutLayers = false, asked}: BenchStep = {}): CaptureContext {
    const present = pick(PARAMETERS, (name) => this.names.includes(name) && !holes.includes(name));
    const gradients = ['raw', ...this.transforms].map((name, i) => ({
      name,
      gradients: this.#fill(present, 3 + i, magnitude),
    }));
    const called = withoutLayers ? {} : ACTIVATIONS;
    const isAsked = (names: readonly string[] | undefined) => (key: string) =>
      names === undefined || names.includes(key.replace(/#\d+$/, ''));
    const forward = pick(called, isAsked(asked?.forward));
    const backward = pick(called, (key) => isAsked(asked?.backward)(key) && !key.includes('frozen'));
    return Object.freeze({
      step: 7,
      epoch: 1,
      batch: 2,
      stages: Object.freeze(gradients),
      rawGradients: gradients[0]!.gradients,
      gradients: gradients.at(-1)!.gradients,
      weightsBefore: this.#fill(PARAMETERS, 1, magnitude),
      weightsAfter: this.#fill(PARAMETERS, 2, magnitude),
      loss: tf.scalar(magnitude ?? 0.5),
      layers: withoutLayers ? [] : LAYERS,
      activations: this.#fill(forward, 11, magnitude),
      activationGradients: this.#fill(backward, 13, magnitude),
    });
  }

  end(): RunEndContext {
    return Object.freeze({step: 8, epoch: 1, weights: this.#fill(PARAMETERS, 2)});
  }

  /** Frozen, so that nobody changes the record. */
  #fill(shapes: Readonly<Record<string, number[]>>, phase: number, magnitude?: number): NamedTensors {
    const entries = Object.entries(shapes).map(([name, shape]) => {
      const values = Float32Array.from({length: tf.util.sizeFromShape(shape)}, (_, i) =>
        magnitude === undefined
          ? Math.max(-1, 1.5 * Math.sin(1 + 1.7 * i + 0.61 * (phase + 5 * name.length)))
          : (i % 3 ? -1 : 1) * magnitude,
      );
      return [name, tf.tensor(values, shape)] as const;
    });
    return Object.freeze(Object.fromEntries(entries));
  }
}

/** All tensors of a step, by where they stand. */
export function tensorsIn(ctx: CaptureContext): NamedTensors {
  const {stages, weightsBefore, weightsAfter, loss, activations, activationGradients} = ctx;
  const records = {
    weightsBefore,
    weightsAfter,
    activations,
    activationGradients,
    ...Object.fromEntries(stages.map(({name, gradients}) => [`stage ${name}`, gradients])),
  };
  const entries = Object.entries(records).flatMap(([record, tensors]) =>
    Object.entries(tensors).map(([name, tensor]) => [`${record}: ${name}`, tensor] as const),
  );
  return {...Object.fromEntries(entries), loss};
}

function pick<T>(record: Readonly<Record<string, T>>, isMeant: (key: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => isMeant(key)));
}
