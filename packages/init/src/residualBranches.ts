import type * as tfl from '@tensorflow/tfjs-layers';
import {type LinearLayer, linearLayersIn} from './linearLayer.js';
import {type Layer, layersOfBlock, layersOfModel, openLayers} from './openLayers.js';

/** What is computed beside a shortcut and added to it. */
export interface ResidualBranch {
  /** The layer that adds it. */
  readonly merge: string;
  /** Its dense and convolutional layers, from first to last. */
  readonly layers: readonly LinearLayer[];
  /** Those of them whose output reaches the sum without passing another. */
  readonly last: readonly LinearLayer[];
}

/** The residual branches of a model: of its `Add` layers, and the blocks of residual layers. */
export function residualBranches(model: tfl.LayersModel): ResidualBranch[] {
  const names = openLayers(model.layers);
  const linear = new Map(linearLayersIn(model.layers).map((layer) => [layer.layer, layer]));
  const linearIn = (layers: readonly Layer[]): LinearLayer[] =>
    [...openLayers(layers).keys()].flatMap((layer) => linear.get(layer) ?? []);
  return [...names].flatMap(([layer, merge]) => {
    const block = layersOfBlock(layer);
    if (block !== undefined) {
      const layers = linearIn(block);
      return layers.length === 0 ? [] : [{merge, layers, last: layers.slice(-1)}];
    }
    if (layer.getClassName() !== 'Add') return [];
    return inputsOf(layer).flatMap((inputs) => branchesInto(merge, inputs, linearIn));
  });
}

/** The dense or convolutional layers that make the outputs of a model, if that is not what a sum does. */
export function outputLayers({layers, outputs}: tfl.LayersModel): LinearLayer[] {
  const linear = new Map(linearLayersIn(layers).map((layer) => [layer.layer, layer]));
  const lastBefore = ({sourceLayer, inputs}: tfl.SymbolicTensor): LinearLayer[] => {
    const layer = sourceLayer as Layer;
    if (layer.getClassName() === 'Add' || layersOfBlock(layer) !== undefined) return [];
    const found = linear.get(layer);
    if (found !== undefined) return [found];
    const inner =
      layersOfModel(layer) === undefined ? [] : (layer as tfl.LayersModel).outputs.flatMap(lastBefore);
    return inner.length > 0 ? inner : inputs.flatMap(lastBefore);
  };
  return [...new Set(outputs.flatMap(lastBefore))];
}

/** For each use of a layer, what it is called on. */
function inputsOf(layer: Layer): (readonly tfl.SymbolicTensor[])[] {
  return layer.inboundNodes.map(({inputTensors}) => inputTensors);
}

/** All inputs but the shortcut, which is the one with the least on its way from where they part. */
function branchesInto(
  merge: string,
  inputs: readonly tfl.SymbolicTensor[],
  linearIn: (layers: readonly Layer[]) => LinearLayer[],
): ResidualBranch[] {
  const ways = inputs.map((input) => upstreamOf(input));
  const paths = inputs.map((input, i) => {
    const others = ways.filter((_, j) => j !== i);
    const own = new Map([...ways[i]!].filter(([id]) => !others.some((other) => other.has(id))));
    const layers = linearIn([...own.values()].map(({sourceLayer}) => sourceLayer as Layer));
    return {input, own, layers};
  });
  paths.sort((a, b) => a.layers.length - b.layers.length || a.own.size - b.own.size);
  const [shortcut, ...branches] = paths;
  if (shortcut === undefined) return [];
  const rival = branches.find(
    ({layers, own}) =>
      layers.length > 0 && layers.length === shortcut.layers.length && own.size === shortcut.own.size,
  );
  if (rival !== undefined) {
    throw new Error(
      `fixup: which input of '${merge}' is the shortcut? Two of them pass equally many layers.`,
    );
  }
  return branches
    .filter(({layers}) => layers.length > 0)
    .map(({input, own, layers}) => ({merge, layers, last: lastOnTheWay(input, own, linearIn)}));
}

/** A tensor and all that it is computed from, in the order of computation. */
function upstreamOf(
  tensor: tfl.SymbolicTensor,
  found = new Map<number, tfl.SymbolicTensor>(),
): Map<number, tfl.SymbolicTensor> {
  if (found.has(tensor.id)) return found;
  for (const input of tensor.inputs) upstreamOf(input, found);
  return found.set(tensor.id, tensor);
}

function lastOnTheWay(
  tensor: tfl.SymbolicTensor,
  own: ReadonlyMap<number, tfl.SymbolicTensor>,
  linearIn: (layers: readonly Layer[]) => LinearLayer[],
): LinearLayer[] {
  if (!own.has(tensor.id)) return [];
  const last = linearIn([tensor.sourceLayer as Layer]).at(-1);
  if (last !== undefined) return [last];
  return [...new Set(tensor.inputs.flatMap((input) => lastOnTheWay(input, own, linearIn)))];
}
