/** Options that every layer takes beside its own; they are those of tfjs's layers. */
export interface LayerOptions {
  /** Name of the layer. Default: its kind and a number, as tfjs's layers have it. */
  readonly name?: string;
  /** Shape of one sample, for the first layer of a `tf.sequential`; `null` where any size will do. */
  readonly inputShape?: readonly (number | null)[];
}

/** Examples of them for `requireOptions`. */
export const LAYER_OPTIONS = {name: "'first'", inputShape: '[3]'} as const;
