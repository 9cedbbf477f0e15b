import {backend_util, Einsum, type EinsumAttrs, type Tensor, type TensorInfo} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';

/**
 * A sum of products in Einstein's notation, as the cpu backend computes it: the operands are multiplied one after the
 * other over all their indices, and an index is summed away as soon as no later operand has it.
 */
export const einsum = composed<string, EinsumAttrs>(Einsum, ({inputs, attrs: {equation}, op}) => {
  const operands = Object.values(inputs);
  const {allDims, summedDims, idDims} = backend_util.decodeEinsumEquation(equation, operands.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as Tensor[]);
  const {path, steps} = backend_util.getEinsumComputePath(summedDims, idDims);

  let rank = allDims.length;
  let product: TensorInfo | undefined;
  for (const [i, terms] of steps.entries()) {
    for (const term of terms) {
      const {permutationIndices: perm, expandDims} = backend_util.getEinsumPermutation(rank, idDims[term]!);
      const turned = op('Transpose', {x: operands[term]!}, {perm});
      const shape = [...turned.shape];
      for (const axis of expandDims) shape.splice(axis, 0, 1);
      const operand = op('Reshape', {x: turned}, {shape});
      product = product === undefined ? operand : op('Multiply', {a: operand, b: product});
    }
    if (i === steps.length - 1) break;
    const axis = path[i]!;
    if (axis >= 0)
      product = op('Sum', {x: product!}, {axis: axis - (allDims.length - rank), keepDims: false});
    rank--;
  }
  return product!;
});
