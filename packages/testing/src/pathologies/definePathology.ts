import {requireInteger} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Pathology, Patient} from './pathology.js';
import {Random} from './random.js';

/** A {@link Pathology}, with all randomness from one generator. */
export interface PathologyDefinition extends Omit<Pathology, 'create'> {
  create(random: Random): Omit<Patient, 'dispose'>;
}

/** Checks the seed, and says how to free what `create` has made. */
export function definePathology({create, ...rest}: PathologyDefinition): Pathology {
  return Object.freeze({
    ...rest,
    create: (seed: number): Patient => {
      requireInteger(rest.name, {seed}, 0);
      const patient = create(new Random(seed));
      let isDisposed = false;
      return {
        ...patient,
        dispose: () => {
          if (!isDisposed) dispose(patient);
          isDisposed = true;
        },
      };
    },
  });
}

function dispose({model, x, y, validationData, optimizer}: Omit<Patient, 'dispose'>): void {
  model.dispose();
  tf.dispose([x, y, validationData?.x ?? [], validationData?.y ?? []]);
  optimizer.dispose();
  // Momentum leaves its scalars behind.
  for (const value of Object.values(optimizer)) if (value instanceof tf.Tensor) value.dispose();
}
