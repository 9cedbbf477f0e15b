import {
  type CaptureContext,
  type GradientTap,
  mapTensors,
  type NamedTensors,
  type StepPosition,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** Holds on to what captures look at, in a step where one is due. Clones share their data: nothing is copied. */
export class StepRecord {
  readonly #stages: {name: string; gradients: NamedTensors}[] = [];
  #gradients: NamedTensors = {};
  readonly #weightsBefore: NamedTensors;

  constructor(private readonly variables: readonly tf.Variable[]) {
    this.#weightsBefore = hold(this.#weights());
  }

  /** To be handed to the optimizer. */
  readonly tap: GradientTap = (name, tensors, on) => {
    const gradients = hold(tensors);
    this.#stages.push({name, gradients});
    if (on === 'gradients') this.#gradients = gradients;
  };

  /** After the update. */
  context(step: number, at: StepPosition, loss: tf.Scalar): CaptureContext {
    return {
      step,
      ...at,
      stages: this.#stages,
      rawGradients: this.#stages[0]!.gradients,
      gradients: this.#gradients,
      weightsBefore: this.#weightsBefore,
      weightsAfter: this.#weights(),
      loss,
    };
  }

  dispose(): void {
    for (const {gradients} of this.#stages) tf.dispose(Object.values(gradients));
    tf.dispose(Object.values(this.#weightsBefore));
  }

  #weights(): Record<string, tf.Variable> {
    return Object.fromEntries(this.variables.map((variable) => [variable.name, variable]));
  }
}

function hold(tensors: NamedTensors): NamedTensors {
  return mapTensors(tensors, (tensor) => tf.keep(tf.clone(tensor)));
}
