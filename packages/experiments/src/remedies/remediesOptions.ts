/** The changes that are tried on the network that does not learn. */
export const VARIANTS = [
  'original',
  'std1',
  'std10',
  'relu',
  'adam',
  'batch-norm',
  'normalization',
  'skip',
  'layerwise',
  'gradient-normalization',
] as const;

/** One of {@link VARIANTS}. */
export type RemediesVariant = (typeof VARIANTS)[number];

/** What `auto` stands for depends on the variant. */
export const OPTIMIZERS = ['auto', 'sgd', 'adam'] as const;

/** The options of the third seed's training. */
export interface RemediesOptions {
  readonly variant: RemediesVariant;
  readonly optimizer: (typeof OPTIMIZERS)[number];
  /** Learning rate; `auto` is the variant's. */
  readonly rate: number | 'auto';
  /** Of each stage, where there are several. */
  readonly epochs: number;
  /** Whether layer-wise training freezes what it calls frozen, which the published program does not. */
  readonly frozen: boolean;
}
