import type {Initializer} from '@gradwire/core';
import {randomUniform} from '@gradwire/init';

/**
 * How PyTorch fills a linear layer, kernel and bias, as rules by parameter.
 *
 *     w, b ~ U(−1/√inputs, 1/√inputs)
 *
 * @param name of the layer.
 * @param inputs how many it has.
 * @see `torch.nn.Linear`.
 */
export function defaultLinear(name: string, inputs: number): Record<string, Initializer> {
  const bound = 1 / Math.sqrt(inputs);
  const uniform = randomUniform({minval: -bound, maxval: bound});
  return {[`**/${name}/kernel`]: uniform, [`**/${name}/bias`]: uniform};
}
