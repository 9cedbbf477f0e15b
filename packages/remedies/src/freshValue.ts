import {type Initializer, mixSeeds, parameterKeys, paramSpec} from '@gradwire/core';
import type {LiveTraining} from '@gradwire/trainer';
import type * as tf from '@tensorflow/tfjs-core';

/** A new value for a parameter, seeded as `initialValues` does: by seed, step and the parameter's key. */
export function freshValue(
  {seed, step, variables}: LiveTraining,
  {name, shape}: tf.Variable,
  initializer: Initializer,
): tf.Tensor {
  const keys = parameterKeys(variables.map((variable) => variable.name));
  return initializer(paramSpec(name, shape), mixSeeds(mixSeeds(seed, step), keys[name]!));
}
