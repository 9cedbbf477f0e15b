import type {LayerSpec, RunBeginEvent} from '@gradwire/core';

/** The kernels of one layer; one parameter, where the model is a function. */
export interface Kernel {
  /** The layer; the parameter, where the model is a function. */
  readonly layer: string;
  /** The same in a sentence. */
  readonly label: string;
  readonly parameters: readonly string[];
  /** Entries of all of them. */
  readonly size: number;
}

/** Two kernels on one path. */
export interface KernelPair {
  /** Nearer to the inputs. */
  readonly first: Kernel;
  /** Nearer to the outputs. */
  readonly last: Kernel;
}

/** Only the rows of words in the batch get a gradient: not to be compared with that of a kernel. */
const SPARSE = new Set(['Embedding']);

/** The kernels in order from inputs to outputs: parameters of rank >= 2, which leaves out biases and scales. */
export function kernelsOf(run: RunBeginEvent): Kernel[] {
  const {parameters, layers} = run;
  const sizes = new Map(
    parameters
      .filter(({shape}) => shape.length >= 2)
      .map(({name, shape}) => [name, shape.reduce((product, length) => product * length, 1)]),
  );
  const sizeOf = (names: readonly string[]): number => names.reduce((sum, name) => sum + sizes.get(name)!, 0);
  if (layers === undefined) {
    return [...sizes.keys()].map((name) => ({
      layer: name,
      label: inSentence(run, name),
      parameters: [name],
      size: sizeOf([name]),
    }));
  }
  return layers
    .filter(({kind}) => !SPARSE.has(kind))
    .map(({name, parameters: own}) => ({
      layer: name,
      label: name,
      parameters: own.filter((parameter) => sizes.has(parameter)),
    }))
    .filter(({parameters: own}) => own.length > 0)
    .map((kernel) => ({...kernel, size: sizeOf(kernel.parameters)}));
}

/** All pairs of kernels of which one lies on a path from the inputs to the other. */
export function kernelPairs(run: RunBeginEvent): KernelPair[] {
  const kernels = kernelsOf(run);
  const {layers} = run;
  if (layers === undefined) {
    return kernels.flatMap((last, i) => kernels.slice(0, i).map((first) => ({first, last})));
  }
  return kernels.flatMap((last) => {
    const before = ancestorsOf(last.layer, layers);
    return kernels
      .filter(({layer}) => layer !== last.layer && before.has(layer))
      .map((first) => ({first, last}));
  });
}

/** Of the pairs, those that reach from one end of a path to the other: no kernel before the first, none after the last. */
export function outermost(pairs: readonly KernelPair[]): KernelPair[] {
  const hasBefore = new Set(pairs.map(({last}) => last.layer));
  const hasAfter = new Set(pairs.map(({first}) => first.layer));
  return pairs.filter(({first, last}) => !hasBefore.has(first.layer) && !hasAfter.has(last.layer));
}

/** How many kernels further a path goes: the depth of the last less that of the first, each by the longest way from the inputs. */
export function distances(pairs: readonly KernelPair[]): ReadonlyMap<KernelPair, number> {
  const depths = new Map<string, number>();
  const depthOf = ({layer}: Kernel): number => depths.get(layer) ?? 1;
  for (const {first, last} of pairs) depths.set(last.layer, Math.max(depthOf(last), depthOf(first) + 1));
  return new Map(pairs.map((pair) => [pair, depthOf(pair.last) - depthOf(pair.first)]));
}

/** A layer or parameter by name; where the model is a function, names may be bare numbers: `parameter 329`. */
export function inSentence({layers}: RunBeginEvent, name: string): string {
  return layers === undefined ? `parameter ${name}` : name;
}

function ancestorsOf(name: string, layers: readonly LayerSpec[]): ReadonlySet<string> {
  const inputs = new Map(layers.map((layer) => [layer.name, layer.inputs]));
  const found = new Set<string>();
  const queue = [...(inputs.get(name) ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(inputs.get(next) ?? []));
  }
  return found;
}

/** Root mean square of a kernel's entries, out of the norms of its parameters; NaN where one is missing. */
export function rmsOf(
  {parameters, size}: Kernel,
  values: Readonly<Record<string, Readonly<Record<string, number>>>>,
): number {
  return Math.hypot(...parameters.map((name) => values[name]?.['norm'] ?? Number.NaN)) / Math.sqrt(size);
}

/** For a watch: which pair. */
export function pairKey({first, last}: KernelPair): string {
  return `${first.layer} → ${last.layer}`;
}

/** For a finding: its layers, from inputs to outputs. */
export function layersOf(pairs: readonly KernelPair[]): string[] {
  return pairs.flatMap(({first, last}) => [first.layer, last.layer]);
}
