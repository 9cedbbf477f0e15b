import type {LayerSpec} from './layerSpec.js';
import {matcherOf} from './selector.js';

/**
 * Names layers: a glob over their names (`'dense_*'`; a layer of a nested model is `outer/inner`, and `'**'` reaches into
 * these), a regular expression, or a predicate.
 */
export type LayerSelector = string | RegExp | ((layer: LayerSpec) => boolean);

/**
 * A function from layers to the names that `selector` picks; it remembers its answer for each list.
 *
 * @param selector which layers.
 * @throws TypeError if it is no selector.
 * @example
 * ```ts
 * import {compileLayerSelector} from '@gradwire/core';
 *
 * const layer = {kind: 'Dense', inputs: [], parameters: [], isOutput: false};
 * const hidden = compileLayerSelector(({isOutput}) => !isOutput);
 * console.log([...hidden([{...layer, name: 'a'}, {...layer, name: 'b', isOutput: true}])]); // ['a']
 * ```
 */
export function compileLayerSelector(
  selector: LayerSelector,
): (layers: readonly LayerSpec[]) => ReadonlySet<string> {
  const matches = matcherOf('compileLayerSelector', selector);
  const known = new WeakMap<readonly LayerSpec[], ReadonlySet<string>>();
  return (layers) => {
    let names = known.get(layers);
    if (names === undefined) {
      names = new Set(layers.filter(matches).map(({name}) => name));
      known.set(layers, names);
    }
    return names;
  };
}
