import type {Layer} from './openLayers.js';

/** What a layer computes. */
export type Call = Layer['call'];

/**
 * Wraps `call` of layers: nothing else reaches all kinds of layers, inside nested models too.
 *
 * @param wrap from a layer and its `call` to what takes its place.
 * @param run when the calls are wrapped; afterwards everything is put back, also when it throws.
 */
export function wrapCalls<T>(
  layers: Iterable<Layer>,
  wrap: (layer: Layer, call: Call) => Call,
  run: () => T,
): T {
  const restores: (() => void)[] = [];
  try {
    for (const layer of layers) restores.push(wrapCall(layer, wrap));
    return run();
  } finally {
    for (const restore of restores) restore();
  }
}

function wrapCall(layer: Layer, wrap: (layer: Layer, call: Call) => Call): () => void {
  const own = Object.getOwnPropertyDescriptor(layer, 'call');
  const value = wrap(layer, layer.call.bind(layer));
  Object.defineProperty(layer, 'call', {value, configurable: true, writable: true});
  return () => {
    if (own === undefined) Reflect.deleteProperty(layer, 'call');
    else Object.defineProperty(layer, 'call', own);
  };
}
