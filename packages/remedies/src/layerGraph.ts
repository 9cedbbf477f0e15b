import {type LayerSpec, paramSpec} from '@gradwire/core';

/** The layer that gives the sums of this one their activation: itself, or one behind it before the next weights; undefined if none does. */
export function activatorOf(layer: LayerSpec, layers: readonly LayerSpec[]): LayerSpec | undefined {
  const seen = new Set<LayerSpec>();
  for (let one: LayerSpec | undefined = layer; one !== undefined && !seen.has(one);) {
    if (one.activation !== undefined) return one;
    seen.add(one);
    const {name}: LayerSpec = one;
    const users: readonly LayerSpec[] = layers.filter(({inputs}) => inputs.includes(name));
    one = users.length === 1 && !hasKernel(users[0]!) ? users[0] : undefined;
  }
  return undefined;
}

/** From this layer back to the one whose kernel makes its units, such as relu, batch normalisation, dense; empty if there is none. */
export function unitsOf(layer: LayerSpec, layers: readonly LayerSpec[]): readonly LayerSpec[] {
  const path: LayerSpec[] = [];
  for (let one: LayerSpec | undefined = layer; one !== undefined && !path.includes(one);) {
    path.push(one);
    if (hasKernel(one)) return path;
    const [input, second]: readonly string[] = one.inputs;
    one = second === undefined ? layers.find(({name}) => name === input) : undefined;
  }
  return [];
}

function hasKernel({parameters}: LayerSpec): boolean {
  return parameters.some((name) => paramSpec(name, []).role.endsWith('kernel'));
}
