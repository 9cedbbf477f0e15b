/** What of the training on two circles can be chosen. */
export interface VisualizeOptions {
  /** Of the hidden layers; the last one is always a sigmoid. */
  readonly activation: 'sigmoid' | 'tanh' | 'relu';
  /** Units of the hidden layers, first to last. */
  readonly hidden: readonly number[];
  readonly optimizer: 'rmsprop' | 'adam';
  /** Of the kernels: N(0, 1), or Glorot's uniform distribution. */
  readonly init: 'normal' | 'glorot';
  readonly epochs: number;
}
