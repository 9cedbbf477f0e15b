import type {GradientTransform} from './gradientTransform.js';

/** A transform as it stands in a saved file. */
export interface SerializedTransform {
  readonly name: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Makes a transform out of the `config` that an equal transform was saved with. */
export type TransformFactory = (config: never) => GradientTransform;

const factories = new Map<string, (config: unknown) => GradientTransform>();

/** Makes `factory` known under `name`. */
export function addFactory(name: string, factory: TransformFactory): void {
  factories.set(name, factory as (config: unknown) => GradientTransform);
}

/** Name and options of a transform. */
export function serializeTransform(transform: GradientTransform): SerializedTransform {
  const {name, config} = transform;
  return config === undefined ? {name} : {name, config};
}

/** The inverse of {@link serializeTransform}, for registered factories. */
export function deserializeTransform({name, config}: SerializedTransform): GradientTransform {
  const factory = factories.get(name);
  if (factory === undefined) {
    throw new Error(
      `GradientOptimizer: the saved chain uses '${name}', which is not registered. ` +
        `Call registerTransforms(${name}) before loading. Registered: ${[...factories.keys()].join(', ')}.`,
    );
  }
  return factory(config ?? {});
}
