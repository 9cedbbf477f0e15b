import {describeValue} from '@gradwire/core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {ancestorsOf, isInput, onlyOutputOf, outputOf} from './graph.js';

type Tensor = tfl.SymbolicTensor;

/**
 * Where the blocks of a model end, lowest first; the last end is the model's output.
 *
 * @param names the last layer of each block; default: a block begins with each layer that has a kernel.
 * @throws Error if the blocks do not follow from one another, or do not reach the output.
 */
export function blocksOf(where: string, model: tfl.LayersModel, names?: readonly string[]): Tensor[] {
  const output = onlyOutputOf(where, model);
  if (names === undefined) return blocksOfChain(where, output);
  if (!Array.isArray(names) || names.length === 0) {
    throw new TypeError(
      `${where}: blocks must list the last layer of each block, e.g. ['hidden1', 'hidden2'], got ${describeValue(names)}.`,
    );
  }
  const ends = names.map((name: string) => outputOf(where, model, name));
  ends.forEach((end, i) => {
    const before = ends[i - 1];
    if (before === undefined || (before !== end && ancestorsOf([end]).includes(before))) return;
    throw new Error(
      `${where}: block '${names[i]}' does not follow from '${names[i - 1]}'; list blocks from the lowest on.`,
    );
  });
  if (ends.at(-1) === output) return ends;
  throw new Error(
    `${where}: the last block must end with '${output.sourceLayer.name}', which gives the model's output, not with '${names.at(-1)}'.`,
  );
}

function blocksOfChain(where: string, output: Tensor): Tensor[] {
  const chain = ancestorsOf([output]).filter((tensor) => !isInput(tensor));
  const branching = chain.find(({inputs}) => inputs.length !== 1);
  const isShared = new Set(chain.map(({inputs}) => inputs[0]?.id)).size < chain.length;
  if (branching !== undefined || isShared) {
    const at = branching === undefined ? '' : ` at '${branching.sourceLayer.name}'`;
    throw new Error(`${where}: the model branches${at}; say with blocks which layer each block ends with.`);
  }
  const first = chain.findIndex(hasKernel);
  if (first < 0) throw new Error(`${where}: no layer of the model has a kernel.`);
  return chain.filter((_, i) => i >= first && (i === chain.length - 1 || hasKernel(chain[i + 1]!)));
}

/** Scales and offsets, as those of batch normalisation, have one axis. */
function hasKernel({sourceLayer}: Tensor): boolean {
  return sourceLayer.weights.some(({shape}) => shape.length > 1);
}
