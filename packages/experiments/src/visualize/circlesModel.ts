import {glorotUniform, randomNormal, reinitialize} from '@gradwire/init';
import * as tfl from '@tensorflow/tfjs-layers';
import type {VisualizeOptions} from './visualizeOptions.js';

/**
 * Dense layers over the points of the plane, and a sigmoid unit that tells the two circles apart. Biases are 0.
 *
 * @param seed of the kernels, each of which has a stream of its own.
 */
export function circlesModel(
  {activation, hidden, init}: Pick<VisualizeOptions, 'activation' | 'hidden' | 'init'>,
  seed: number,
): tfl.LayersModel {
  const model = tfl.sequential({
    layers: [
      ...hidden.map((units, i) =>
        tfl.layers.dense({
          units,
          activation,
          name: `hidden${i + 1}`,
          ...(i === 0 ? {inputShape: [2]} : {}),
        }),
      ),
      tfl.layers.dense({units: 1, activation: 'sigmoid', name: 'out'}),
    ],
  });
  const kernels = init === 'normal' ? randomNormal({stddev: 1}) : glorotUniform();
  reinitialize(model, {'**/kernel': kernels}, {seed});
  return model;
}
