import * as tfl from '@tensorflow/tfjs-layers';

/** Activations of the hidden layers that the experiment compares. */
export type CirclesActivation = 'sigmoid' | 'tanh' | 'relu';

/**
 * The 2-5-5-5-5-1 network: four hidden layers of five units, kernels from N(0, 1), biases 0, a sigmoid at the end.
 *
 * @param seed every layer draws from a seed of its own; tfjs gives layers of equal shape equal weights otherwise.
 */
export function circlesNetwork(activation: CirclesActivation, seed: number): tfl.LayersModel {
  const dense = (layer: number, units: number, act: CirclesActivation): ReturnType<typeof tfl.layers.dense> =>
    tfl.layers.dense({
      units,
      activation: act,
      kernelInitializer: tfl.initializers.randomNormal({stddev: 1, seed: seed * 10 + layer}),
      ...(layer === 1 ? {inputShape: [2]} : {}),
    });
  return tfl.sequential({
    layers: [...[1, 2, 3, 4].map((layer) => dense(layer, 5, activation)), dense(5, 1, 'sigmoid')],
  });
}
