import * as tf from '@tensorflow/tfjs-core';
import type {NamedTensor} from './namedTensors.js';
import type {StateEntry} from './optimizerState.js';
import {mapTree, type StateTree} from './stateTree.js';

/** Everything that a {@link GradientOptimizer} knows beyond its configuration. */
export interface SavedState {
  readonly step: number;
  /** Parameter names in the order of the inner optimizer's slots. */
  readonly slots: readonly string[];
  readonly innerIterations: number;
  readonly inner: readonly StateEntry[];
  readonly transforms: readonly StateTree[];
}

/** Name of the text among the tensors that says what the others are. */
const MANIFEST = 'gradwire/manifest';
const VERSION = 1;

type Json = null | {number: string} | {tensor: string} | Json[] | {record: Record<string, Json>};

interface Manifest extends Omit<SavedState, 'inner' | 'transforms'> {
  readonly version: number;
  readonly inner: readonly (Omit<StateEntry, 'tensor'> & {tensor: string})[];
  readonly transforms: readonly Json[];
}

/** State as the flat list of named tensors that tfjs saves. Only the last one, the manifest, is new. */
export function packState({inner, transforms, ...rest}: SavedState): NamedTensor[] {
  const tensors: NamedTensor[] = [];
  const add = (name: string, tensor: tf.Tensor): string => {
    tensors.push({name, tensor});
    return name;
  };
  const manifest: Manifest = {
    version: VERSION,
    ...rest,
    inner: inner.map(({tensor, ...entry}, i) => ({...entry, tensor: add(`gradwire/optimizer/${i}`, tensor)})),
    transforms: transforms.map((tree, i) =>
      toJson(tree, (tensor, path) => add(`gradwire/transforms/${i}${path}`, tensor)),
    ),
  };
  return [...tensors, {name: MANIFEST, tensor: tf.scalar(JSON.stringify(manifest), 'string')}];
}

/** The inverse of {@link packState}; the tensors stay those of the list. */
export async function unpackState(tensors: readonly NamedTensor[]): Promise<SavedState> {
  const byName = new Map(tensors.map(({name, tensor}) => [name, tensor]));
  const find = (name: string): tf.Tensor => {
    const tensor = byName.get(name);
    if (tensor === undefined) throw new Error(`GradientOptimizer: the saved optimizer lacks '${name}'.`);
    return tensor;
  };
  const [text] = await find(MANIFEST).data<'string'>();
  const manifest = JSON.parse(String(text)) as Manifest;
  if (manifest.version !== VERSION) {
    throw new Error(`GradientOptimizer: saved state has version ${manifest.version}, known is ${VERSION}.`);
  }
  return {
    ...manifest,
    inner: manifest.inner.map((entry) => ({...entry, tensor: find(entry.tensor)})),
    transforms: manifest.transforms.map((json) => fromJson(json, find)),
  };
}

function toJson(tree: StateTree, add: (tensor: tf.Tensor, path: string) => string, path = ''): Json {
  if (tree === undefined) return null;
  if (typeof tree === 'number') return {number: String(tree)};
  if (tree instanceof tf.Tensor) return {tensor: add(tree, path)};
  if (Array.isArray(tree)) return tree.map((item, i) => toJson(item, add, `${path}/${i}`));
  return {
    record: Object.fromEntries(
      Object.entries(tree).map(([key, item]) => [key, toJson(item, add, `${path}/${key}`)]),
    ),
  };
}

function fromJson(json: Json, find: (name: string) => tf.Tensor): StateTree {
  if (json === null) return undefined;
  if (Array.isArray(json)) return json.map((item) => fromJson(item, find));
  if ('number' in json) return Number(json.number);
  if ('tensor' in json) return find(json.tensor);
  return Object.fromEntries(Object.entries(json.record).map(([key, item]) => [key, fromJson(item, find)]));
}

/** Slots and transform state with the parameter names of another instance of the same model. */
export function renameParams(
  state: Pick<SavedState, 'slots' | 'transforms'>,
  rename: (name: string) => string,
): Pick<SavedState, 'slots' | 'transforms'> {
  return {
    slots: state.slots.map(rename),
    transforms: state.transforms.map((tree) => mapTree(tree, (leaf) => leaf, rename)),
  };
}
