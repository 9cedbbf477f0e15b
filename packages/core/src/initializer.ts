import type * as tf from '@tensorflow/tfjs-core';
import type {ParamSpec} from './paramSpec.js';

/** Makes the initial value of a parameter from its description and a seed that no other parameter has. */
export type Initializer = (spec: ParamSpec, seed: number) => tf.Tensor;
