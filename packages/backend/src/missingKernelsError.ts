const ADVICE =
  "useBackend('wasm') of @gradwire/backend adds kernels for training; `npx gradwire-doctor` lists the backends here.";

/** A layer, and what it needs for training and the backend does not have. */
export interface MissingKernels {
  /** Name of the layer, within a nested model `model/layer`; `loss` for what the loss and the regularizers need. */
  readonly layer: string;
  /** Names of kernels, in the order of their first use, e.g. `Conv2DBackpropFilter`. */
  readonly kernels: readonly string[];
}

/**
 * Thrown by `checkTrainable`: what the backend lacks, layer by layer.
 *
 * @example
 * ```ts
 * import {MissingKernelsError} from '@gradwire/backend';
 *
 * const error = new MissingKernelsError('wasm', [{layer: 'conv2d_1', kernels: ['Conv2DBackpropFilter']}]);
 * console.log(error.missing[0]?.kernels); // ['Conv2DBackpropFilter']
 * ```
 */
export class MissingKernelsError extends Error {
  override readonly name = 'MissingKernelsError';

  /**
   * @param backend TensorFlow.js's name of the backend.
   * @param missing the layers that it cannot train.
   */
  constructor(
    readonly backend: string,
    readonly missing: readonly MissingKernels[],
  ) {
    const lines = missing.map(({layer, kernels}) => `\n  ${layer}: ${kernels.join(', ')}`);
    super(
      `checkTrainable: the backend '${backend}' cannot train this model, for want of kernels:${lines.join('')}\n${ADVICE}`,
    );
  }
}
