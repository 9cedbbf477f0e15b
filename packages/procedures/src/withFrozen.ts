import type * as tfl from '@tensorflow/tfjs-layers';

type Layer = tfl.layers.Layer;

/**
 * Runs `fn` while layers are frozen: not trained, and in inference mode, so that batch normalisation keeps its moving averages and
 * dropout drops nothing. Afterwards all is as before, also when `fn` throws.
 *
 * `trainable = false` alone does not do that: tfjs goes on changing the moving averages.
 */
export async function withFrozen<T>(layers: readonly Layer[], fn: () => Promise<T>): Promise<T> {
  const undo: (() => void)[] = [];
  try {
    for (const layer of layers) undo.push(freezeLayer(layer));
    return await fn();
  } finally {
    for (const restore of undo.toReversed()) restore();
  }
}

function freezeLayer(layer: Layer): () => void {
  const {trainable} = layer;
  // Setting it on a layer sets it on all its weights, those that were frozen alone included.
  const flags = layer.weights.map((weight) => [weight, weight.trainable] as const);
  const own = Object.getOwnPropertyDescriptor(layer, 'call');
  const call = layer.call.bind(layer);
  const value: Layer['call'] = (inputs, kwargs) => call(inputs, {...kwargs, training: false});
  Object.defineProperty(layer, 'call', {value, configurable: true, writable: true});
  layer.trainable = false;
  return () => {
    if (own === undefined) Reflect.deleteProperty(layer, 'call');
    else Object.defineProperty(layer, 'call', own);
    layer.trainable = trainable;
    for (const [weight, flag] of flags) weight.trainable = flag;
  };
}
