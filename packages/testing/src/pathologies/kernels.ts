import * as tfl from '@tensorflow/tfjs-layers';
import type {Random} from './random.js';

/** Makes the initializer of one layer, each with a seed of its own. */
export type KernelInit = (random: Random) => ReturnType<typeof tfl.initializers.randomNormal>;

/** From N(0, 2 / fan in): keeps the variance through relu. */
export const he: KernelInit = (random) => tfl.initializers.heNormal({seed: random.seed()});

/** From N(0, 2 / (fan in + fan out)): keeps the variance through tanh. */
export const glorot: KernelInit = (random) => tfl.initializers.glorotNormal({seed: random.seed()});

/** From N(0, stddev²). */
export const normal =
  (stddev: number): KernelInit =>
  (random) =>
    tfl.initializers.randomNormal({stddev, seed: random.seed()});

/** All zero. */
export const zeros: KernelInit = () => tfl.initializers.zeros();

/** A random rotation, times `gain`. */
export const orthogonal =
  (gain = 1): KernelInit =>
  (random) =>
    tfl.initializers.orthogonal({gain, seed: random.seed()});
