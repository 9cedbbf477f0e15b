import {describeValue} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {isFrozen, type LinearLayer, linearLayersIn} from './linearLayer.js';
import type {Layer} from './openLayers.js';
import type {Batch} from './preActivation.js';
import {wrapCalls} from './wrapCalls.js';

/**
 * The dense and convolutional layers of a model that are not frozen, in the order in which a forward pass calls them.
 *
 * @throws Error if there is none.
 */
export function calledLinearLayers(where: string, model: tfl.LayersModel, batch: Batch): LinearLayer[] {
  requireBatch(where, model, batch);
  const layers = linearLayersIn(model.layers).filter((layer) => !isFrozen(layer));
  const called = new Set<Layer>();
  wrapCalls(
    layers.map(({layer}) => layer),
    (layer, call) => (inputs, kwargs) => {
      called.add(layer);
      return call(inputs, kwargs);
    },
    () => tf.tidy(() => void model.apply(batch)),
  );
  if (called.size === 0) {
    throw new Error(`${where}: the model has no dense or convolutional layer that is not frozen.`);
  }
  return [...called].map((layer) => layers.find((linear) => linear.layer === layer)!);
}

/** Checks that these are inputs of the model: calling a model, unlike predicting, does not. */
export function requireBatch(where: string, {inputs}: tfl.LayersModel, batch: unknown): void {
  const list = [batch].flat();
  if (list.length === 0 || !list.every((item) => item instanceof tf.Tensor)) {
    throw new TypeError(
      `${where}: batch must be a tensor or a list of tensors, got ${describeValue(batch)}.`,
    );
  }
  // A sequential model without an input shape has none yet.
  const expected = (inputs as tfl.SymbolicTensor[] | undefined) ?? [];
  const fits = expected.every(({shape}, i) => matches(shape, list[i]?.shape));
  if (expected.length === 0 || (list.length === expected.length && fits)) return;
  const [wanted, got] = [expected.map(({shape}) => shape), list.map(({shape}) => shape)].map(described);
  throw new TypeError(`${where}: batch must fit the model's inputs, of shape ${wanted}, got ${got}.`);
}

function matches(expected: tfl.Shape, actual: readonly number[] | undefined): boolean {
  return (
    actual?.length === expected.length &&
    expected.every((size, axis) => size === null || size === actual[axis])
  );
}

function described(shapes: readonly tfl.Shape[]): string {
  return shapes.map((shape) => `[${shape.map((size) => size ?? 'any').join(', ')}]`).join(' and ');
}
