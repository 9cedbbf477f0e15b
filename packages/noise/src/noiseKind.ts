/** The kinds of noise; see {@link counterNoise}. Their places in this list are their numbers in `assembly/kinds.ts`. */
export const noiseKinds = ['normal', 'uniform', 'drop'] as const;

/** A kind of noise; see {@link counterNoise}. */
export type NoiseKind = (typeof noiseKinds)[number];
