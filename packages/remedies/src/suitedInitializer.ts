import {glorotUniform, heNormal, orthogonal} from '@gradwire/init';
import type {Initializer, LayerSpec, ParamSpec} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {activatorOf} from './layerGraph.js';

const RECTIFIED = new Set(
  'relu relu6 leakyRelu prelu thresholdedRelu elu gelu gelu_new swish silu mish'.split(' '),
);

/**
 * The initializer that keeps the signal through a layer: He for rectifiers, four times LeCun's deviation for sigmoids, Glorot
 * elsewhere, orthogonal for recurrent kernels, zeros for biases; undefined for parameters that it knows nothing of.
 *
 * @param layers all there are: the activation may be a layer of its own.
 */
export function suitedInitializer(
  layer: LayerSpec,
  {role}: ParamSpec,
  layers: readonly LayerSpec[],
): Initializer | undefined {
  const isRecurrent = layer.parameters.some((name) => name.includes('recurrent_kernel'));
  if (role === 'recurrent_kernel') return orthogonal();
  // The biases of recurrent layers hold open their gates.
  if (role === 'bias') return isRecurrent ? undefined : zeros;
  if (!role.endsWith('kernel')) return undefined;
  const {activation = '', isOutput = false} = activatorOf(layer, layers) ?? {};
  if (RECTIFIED.has(activation)) return heNormal();
  return activation === 'sigmoid' && !isOutput && !isRecurrent ? wideNormal : glorotUniform();
}

/** A sigmoid's slope is at most 1/4. tfjs takes seed 0 for no seed. */
const wideNormal: Initializer = ({shape, fanIn}: ParamSpec, seed: number) =>
  tf.randomNormal([...shape], 0, 4 / Math.sqrt(fanIn), 'float32', seed + 1);

const zeros: Initializer = ({shape}: ParamSpec) => tf.zeros([...shape]);
