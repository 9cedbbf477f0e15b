import * as tfl from '@tensorflow/tfjs-layers';

type Layer = tfl.layers.Layer;

/**
 * A linear layer from one shape to another, batch first and channels last; `undefined` where they are the same.
 *
 * @throws Error if no convolution of size 1 leads from one to the other.
 */
export function projectionFor(where: string, from: tfl.Shape, to: tfl.Shape): Layer | undefined {
  if (from.join() === to.join()) return undefined;
  const because = `the block makes [${to.slice(1)}] of [${from.slice(1)}]`;
  if (from.length !== to.length) {
    throw new Error(`${where}: ${because}: no projection changes the rank. Give one that does.`);
  }
  const filters = to.at(-1);
  if (from.length < 2 || from.length > 5 || filters == null) {
    throw new Error(`${where}: ${because}: give a projection that does the same.`);
  }
  const common = {useBias: false, name: 'projection'};
  if (from.length === 2) return tfl.layers.dense({...common, units: filters});
  const strides = from.slice(1, -1).map((size, axis) => {
    const stride = strideBetween(size!, to[axis + 1]!);
    if (stride !== undefined) return stride;
    throw new Error(`${where}: ${because}, which no stride does. Give a projection that does.`);
  });
  const args = {
    ...common,
    filters,
    kernelSize: 1,
    padding: 'same' as const,
    strides: strides as [number, number],
  };
  if (from.length === 3) return tfl.layers.conv1d(args);
  if (from.length === 4) return tfl.layers.conv2d(args);
  return tfl.layers.conv3d({...args, strides: strides as unknown as [number, number]});
}

/** The smallest stride that leaves `to` of `from` positions: ⌈from / stride⌉. */
function strideBetween(from: number | null, to: number | null): number | undefined {
  if (from === null && to === null) return 1;
  if (from === null || to === null || to < 1 || to > from) return undefined;
  const stride = Math.ceil(from / to);
  return Math.ceil(from / stride) === to ? stride : undefined;
}
