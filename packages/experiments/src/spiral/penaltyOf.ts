import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** What the published loss adds to the cross-entropy: ½ · rate · Σ‖W‖² over the kernels. */
export async function penaltyOf(model: tfl.LayersModel, rate: number): Promise<number> {
  const sum = tf.tidy(() =>
    tf.addN(
      model
        .getWeights()
        .filter(({rank}) => rank === 2)
        .map((kernel) => tf.sum(tf.square(kernel))),
    ),
  );
  const [squares] = await sum.data();
  sum.dispose();
  return 0.5 * rate * squares!;
}
