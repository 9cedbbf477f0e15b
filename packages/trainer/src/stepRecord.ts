import {
  type CaptureContext,
  type GradientTap,
  type LayerSpec,
  mapTensors,
  type NamedTensors,
  type StepPosition,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayerProbe} from './layerProbe.js';

/** Holds on to what captures look at, in a step where one is due. Clones share their data: nothing is copied. */
export class StepRecord {
  readonly #stages: {name: string; gradients: NamedTensors}[] = [];
  #gradients: NamedTensors = {};
  readonly #weightsBefore: NamedTensors;
  #weightsAfter: NamedTensors = {};
  #loss: tf.Scalar | undefined;
  readonly #nameOf = stageNames();
  #spent = 0;

  constructor(
    private readonly variables: readonly tf.Variable[],
    private readonly layers: readonly LayerSpec[],
    private readonly probe?: LayerProbe,
  ) {
    this.#weightsBefore = this.#hold(weightsOf(variables));
  }

  /** Milliseconds that holding has taken. */
  get spent(): number {
    return this.#spent + (this.probe?.spent ?? 0);
  }

  /** To be handed to the optimizer. */
  readonly tap: GradientTap = (name, tensors, on) => {
    const gradients = this.#hold(tensors);
    this.#stages.push({name: this.#nameOf(name), gradients});
    if (on === 'gradients') this.#gradients = gradients;
  };

  /** Runs forward and backward pass. */
  during<T>(passes: () => T): T {
    return this.probe === undefined ? passes() : this.probe.during(passes);
  }

  /** After the update. Of all that a training lives on, captures get clones. */
  context(step: number, at: StepPosition, loss: tf.Scalar): CaptureContext {
    this.#weightsAfter = this.#hold(weightsOf(this.variables));
    this.#loss = tf.keep(tf.clone(loss));
    return {
      step,
      ...at,
      stages: this.#stages,
      rawGradients: this.#stages[0]!.gradients,
      gradients: this.#gradients,
      weightsBefore: this.#weightsBefore,
      weightsAfter: this.#weightsAfter,
      loss: this.#loss,
      layers: this.layers,
      activations: this.probe?.activations ?? {},
      activationGradients: this.probe?.gradients ?? {},
    };
  }

  dispose(): void {
    for (const {gradients} of this.#stages) tf.dispose(Object.values(gradients));
    tf.dispose([...Object.values(this.#weightsBefore), ...Object.values(this.#weightsAfter)]);
    this.#loss?.dispose();
    this.probe?.dispose();
  }

  #hold(tensors: NamedTensors): NamedTensors {
    const began = performance.now();
    const held = mapTensors(tensors, (tensor) => tf.keep(tf.clone(tensor)));
    this.#spent += performance.now() - began;
    return held;
  }
}

/** Parameters by name. */
export function weightsOf(variables: readonly tf.Variable[]): Record<string, tf.Variable> {
  return Object.fromEntries(variables.map((variable) => [variable.name, variable]));
}

/** Makes names unique by how often they have occurred. */
export function stageNames(): (name: string) => string {
  const occurrences = new Map<string, number>();
  return (name) => {
    const count = (occurrences.get(name) ?? 0) + 1;
    occurrences.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  };
}
