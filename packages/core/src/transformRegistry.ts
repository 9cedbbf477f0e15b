import {describeValue} from './describeValue.js';
import type {GradientTransform} from './gradientTransform.js';
import {isPlainRecord} from './stateTree.js';

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

/**
 * Name and options of a transform.
 *
 * @throws Error if an option is no plain JSON.
 */
export function serializeTransform(transform: GradientTransform): SerializedTransform {
  const {name, config} = transform;
  requireJson(name, config);
  return config === undefined ? {name} : {name, config};
}

/** The inverse of {@link serializeTransform}, for registered factories. */
export function deserializeTransform({name, config}: SerializedTransform): GradientTransform {
  const factory = factories.get(name);
  if (factory === undefined) {
    throw new Error(
      `GradientOptimizer: the saved chain uses '${name}', which is not registered. ` +
        `Call registerTransforms({${name}}) before loading. Registered: ${[...factories.keys()].join(', ') || 'none'}.`,
    );
  }
  return factory(config ?? {});
}

/** Refuses what JSON would lose or change; an option that is undefined counts as none. */
function requireJson(transform: string, value: unknown, path = ''): void {
  if (Array.isArray(value) || isPlainRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      requireJson(transform, item, path === '' ? key : `${path}/${key}`);
    }
  } else if (!isJsonLeaf(value)) {
    throw new Error(
      `transform '${transform}': option '${path}' cannot be saved, JSON does not know ${describeValue(value)}.`,
    );
  }
}

function isJsonLeaf(value: unknown): boolean {
  return value == null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
