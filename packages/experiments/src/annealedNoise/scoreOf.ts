import type {Trainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {ImageTensors} from '../imageTensors.js';

const BATCH_SIZE = 1000;

/**
 * Loss and accuracy on test images, and how many different classes are predicted: a network that is dead gives one class to
 * all.
 */
export async function scoreOf(
  trainer: Trainer,
  model: tfl.LayersModel,
  {x, y}: ImageTensors,
): Promise<Record<'test_loss' | 'test_acc' | 'classes', number>> {
  const logs = await trainer.evaluate({x, y}, {batchSize: BATCH_SIZE});
  const predicted = tf.tidy(() => tf.argMax(model.predict(x, {batchSize: BATCH_SIZE}) as tf.Tensor, 1));
  const classes = new Set(await predicted.data());
  predicted.dispose();
  return {test_loss: logs['loss']!, test_acc: logs['acc']!, classes: classes.size};
}
