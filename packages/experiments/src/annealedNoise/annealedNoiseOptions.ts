/** Activations of the hidden layers. */
export const ACTIVATIONS = ['logistic', 'tanh', 'relu', 'leaky_relu', 'swish'] as const;

/** One of {@link ACTIVATIONS}. */
export type AnnealedNoiseActivation = (typeof ACTIVATIONS)[number];

/** How batch normalisation can work. */
export const BATCH_NORM_MODES = ['inference', 'training'] as const;

/** The options of the first seed's training. */
export interface AnnealedNoiseOptions {
  /** Units of the hidden layers. */
  readonly neurons: readonly number[];
  readonly activation: AnnealedNoiseActivation;
  readonly batchSize: number;
  readonly epochs: number;
  /** Gaussian noise on every gradient, less with every epoch. */
  readonly noise: boolean;
  /** One batch normalisation, between the last hidden layer and the output. */
  readonly batchNorm: boolean;
  /** Whether it scales and shifts only, as published, or normalises by the batch. */
  readonly batchNormMode: (typeof BATCH_NORM_MODES)[number];
  /** A softmax in the output layer, and once more in the loss. */
  readonly doubleSoftmax: boolean;
}
