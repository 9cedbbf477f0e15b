import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {dryRun} from './dryRun.js';
import {LayerTrace} from './layerTrace.js';
import {type MissingKernels, MissingKernelsError} from './missingKernelsError.js';
import {withStandIns} from './standIns.js';
import {withoutChanges} from './withoutChanges.js';

/**
 * Throws before the first epoch what would be thrown in it: which kernels the backend in use lacks for training this
 * model, all of them, layer by layer.
 *
 * It runs one forward and one backward pass on zeros, in a batch of one, with 32 for other dimensions that the model
 * leaves open. The loss is that of `model.compile`; without it, the mean of the outputs. Frozen layers need no backward
 * kernels. The model stays as it is: weights, moving averages, states of recurrent layers, optimizer.
 *
 * @param model compiled or not.
 * @throws TypeError if it is no LayersModel.
 * @throws Error if the model has no inputs yet, or nothing to train.
 * @throws MissingKernelsError if kernels are missing; its `missing` names them as data.
 * @throws Error that names the layer, if a training step fails for another reason, such as a gradient that
 *   TensorFlow.js does not have on any backend.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {checkTrainable, useBackend} from '@gradwire/backend';
 *
 * await useBackend();
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({filters: 4, kernelSize: 3, inputShape: [8, 8, 1]}),
 *     tf.layers.flatten(),
 *     tf.layers.dense({units: 2, activation: 'softmax'}),
 *   ],
 * });
 * model.compile({optimizer: 'adam', loss: 'categoricalCrossentropy'});
 * checkTrainable(model); // or throws: … cannot train this model, for want of kernels: conv2d_Conv2D1: Conv2DBackpropFilter
 * ```
 */
export function checkTrainable(model: LayersModel): void {
  if (!isLayersModel(model))
    throw new TypeError(`checkTrainable: needs a LayersModel, got ${describe(model)}.`);
  if (model.inputs.length === 0) {
    throw new Error('checkTrainable: the model has no inputs; give its first layer an inputShape.');
  }
  if (model.trainableWeights.length === 0) {
    throw new Error('checkTrainable: the model has no weight to train; are all of its layers frozen?');
  }
  // Starts it if no tensor has done so yet.
  tf.backend();
  const backend = tf.getBackend();
  const trace = new LayerTrace();
  const missing = new Map<string, Set<string>>();
  const add = (layer: string, kernel: string) => {
    missing.set(layer, (missing.get(layer) ?? new Set()).add(kernel));
  };
  withoutChanges(model, () => {
    trace.follow(model);
    try {
      withStandIns(
        backend,
        (kernel) => add(trace.current, kernel),
        () => dryRun(model),
      );
    } catch (error) {
      const kernel = missingIn(error);
      if (kernel === undefined) throw failure(error, trace.failed);
      add(trace.failed, kernel);
    }
  });
  if (missing.size > 0) throw new MissingKernelsError(backend, inOrder(missing, trace.names));
}

/** The class is that of a package that need not be there, or there once only. */
function isLayersModel(model: unknown): model is LayersModel {
  const candidate = Object(model) as Partial<LayersModel>;
  // In this order: a GraphModel that is not loaded throws where it is asked for its inputs.
  return Array.isArray(candidate.layers) && Array.isArray(candidate.inputs);
}

function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return (value.constructor as {name?: string} | undefined)?.name ?? 'object';
}

/** The kernel that has no stand-in, if it is that. */
function missingIn(error: unknown): string | undefined {
  return error instanceof Error ? /^Kernel '(\w+)' not registered/.exec(error.message)?.[1] : undefined;
}

function failure(cause: unknown, layer: string): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(`checkTrainable: a training step fails in '${layer}': ${message}`, {cause});
}

function inOrder(
  missing: ReadonlyMap<string, ReadonlySet<string>>,
  layers: readonly string[],
): MissingKernels[] {
  return layers.flatMap((layer) => {
    const kernels = missing.get(layer);
    return kernels === undefined ? [] : {layer, kernels: [...kernels]};
  });
}
