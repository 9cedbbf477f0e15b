import {describeValue} from '@gradwire/core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** Rejects what is no `tf.LayersModel`, or one without layers yet. */
export function requireModel(where: string, option: string, model: unknown): asserts model is LayersModel {
  const {layers, outputs} = (model ?? {}) as Partial<LayersModel>;
  if (!Array.isArray(layers) || !Array.isArray(outputs)) {
    throw new TypeError(`${where}: ${option} must be a tf.LayersModel, got ${describeValue(model)}.`);
  }
  if (outputs.length === 0) throw new Error(`${where}: ${option} has no layers yet.`);
}
