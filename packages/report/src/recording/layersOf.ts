import type {Recording} from './recording.js';

/** A curve's subjects with the names that figures show. */
export interface Subject {
  /** As events name it. */
  readonly key: string;
  readonly label: string;
}

/**
 * The parameters to draw, from inputs to outputs: kernels, of which each layer with weights has one; where there are none, all.
 * A kernel goes by its layer's name.
 */
export function kernelsAmong(keys: Iterable<string>, {stages}: Recording): readonly Subject[] {
  const ranks = new Map(
    stages.flatMap(({begin}) => begin?.parameters ?? []).map(({name, shape}) => [name, shape.length]),
  );
  const all = [...keys];
  const kernels = all.filter((key) => (ranks.get(key) ?? (/kernel/.test(key) ? 2 : 1)) > 1);
  const shown = kernels.length > 0 ? kernels : all;
  const layers = shown.map((key) => key.replace(/\/[^/]*$/, ''));
  const isUnique = kernels.length > 0 && new Set(layers).size === layers.length;
  return shown.map((key, i) => ({key, label: isUnique ? layers[i]! : key}));
}

/** The parameters of each layer, from inputs to outputs. */
export function parametersByLayer(
  keys: Iterable<string>,
  {stages}: Recording,
): ReadonlyMap<string, string[]> {
  const owners = new Map(
    stages
      .flatMap(({begin}) => begin?.layers ?? [])
      .flatMap(({name, parameters}) => parameters.map((parameter) => [parameter, name])),
  );
  const layers = new Map<string, string[]>();
  for (const key of keys) {
    const layer = owners.get(key) ?? key.replace(/\/[^/]*$/, '');
    layers.set(layer, [...(layers.get(layer) ?? []), key]);
  }
  return layers;
}
