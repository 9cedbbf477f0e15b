/** What of the training on the spiral can be chosen. */
export interface SpiralOptions {
  /** Of both hidden layers. */
  readonly activation: 'sigmoid' | 'relu';
  /** Updates, each on all points. */
  readonly iterations: number;
}
