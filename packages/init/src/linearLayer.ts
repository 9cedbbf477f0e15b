import {paramSpec} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import {type Layer, openLayers} from './openLayers.js';
import {variablesOf} from './variablesOf.js';

/** A layer whose output, before its activation, is linear in a kernel. */
export interface LinearLayer {
  readonly name: string;
  readonly layer: Layer;
  /** All of its kernels; the output is linear in the last one. */
  readonly kernels: readonly tf.Variable[];
  readonly bias?: tf.Variable;
}

/** Where the kernel's axis of units is, from the end. */
const KINDS: Readonly<Record<string, 'last' | 'lastButOne' | 'lastTwo'>> = {
  Dense: 'last',
  Conv1D: 'last',
  Conv2D: 'last',
  Conv3D: 'last',
  Conv2DTranspose: 'lastButOne',
  Conv3DTranspose: 'lastButOne',
  DepthwiseConv2D: 'lastTwo',
  SeparableConv2D: 'last',
};

/** The dense and convolutional layers among these and inside of these. */
export function linearLayersIn(layers: readonly Layer[]): LinearLayer[] {
  return [...openLayers(layers)]
    .filter(([layer]) => Object.hasOwn(KINDS, layer.getClassName()) && layer.weights.length > 0)
    .map(([layer, name]) => describeLinear(layer, name));
}

/** Whether training leaves it as it is. tfjs's `trainable: false` is known to the layer, not to its variables. */
export function isFrozen(linear: LinearLayer): boolean {
  const kernel = kernelOf(linear);
  return !linear.layer.trainableWeights.some((weight) => weight.read() === kernel);
}

/** The kernel in which the output is linear. */
export function kernelOf({kernels}: LinearLayer): tf.Variable {
  return kernels.at(-1)!;
}

/** The shape in which a vector of units lies along the kernel. */
export function shapeAlongKernel({layer, kernels}: LinearLayer): number[] {
  const [inputs, outputs] = kernels.at(-1)!.shape.slice(-2) as [number, number];
  switch (KINDS[layer.getClassName()]!) {
    case 'last':
      return [outputs];
    case 'lastButOne':
      return [inputs, 1];
    default:
      return [inputs, outputs];
  }
}

/** The axis of units in the layer's output. */
export function unitAxisOf({layer}: LinearLayer, rank: number): number {
  return (layer as {dataFormat?: string}).dataFormat === 'channelsFirst' ? 1 : rank - 1;
}

function describeLinear(layer: Layer, name: string): LinearLayer {
  const weights = variablesOf(layer);
  const roleOf = ({name: weight, shape}: tf.Variable): string => paramSpec(weight, shape).role;
  const bias = weights.find((weight) => roleOf(weight) === 'bias');
  const kernels = weights.filter((weight) => roleOf(weight).endsWith('kernel'));
  return {name, layer, kernels, ...(bias && {bias})};
}
