import type * as tfl from '@tensorflow/tfjs-layers';

/** What tfjs gives a layer that it loads, and what {@link LayerOptions} come to. */
export type LayerConfig = NonNullable<ConstructorParameters<typeof tfl.layers.Layer>[0]>;

/** What tfjs hands to `call`, `training` and `mask` above all. */
export type CallArguments = Parameters<tfl.layers.Layer['call']>[1];

const PREFIX = 'gradwire>';

/**
 * The name of a layer without the package, which stands in class names: tfjs derives one from the other, and does not accept
 * `>` in names.
 */
export function plainName(name: string): string {
  return name.replaceAll(PREFIX, '').replace(/^_/, '');
}
