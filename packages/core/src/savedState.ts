import * as tf from '@tensorflow/tfjs-core';
import type {NamedTensor} from './namedTensors.js';
import type {StateEntry} from './optimizerState.js';
import {mapTree, type StateTree} from './stateTree.js';

/** Everything that a {@link GradientOptimizer} knows beyond its configuration. */
export interface SavedState {
  readonly step: number;
  /** Steps without an update. */
  readonly skipped: number;
  /** Parameter names in the order of the inner optimizer's slots. */
  readonly slots: readonly string[];
  readonly innerIterations: number;
  readonly inner: readonly StateEntry[];
  readonly transforms: readonly StateTree[];
}

/** Name of the text among the tensors that says what the others are. */
export const MANIFEST = 'gradwire/manifest';
const VERSION = 1;

type Json = null | {number: string} | {tensor: string} | Json[] | {record: Record<string, Json>};

interface Manifest extends Omit<SavedState, 'inner' | 'transforms' | 'skipped'> {
  readonly version: number;
  /** Not there in files of the first release. */
  readonly skipped?: number;
  readonly inner: readonly (Omit<StateEntry, 'tensor'> & {tensor: string})[];
  readonly transforms: readonly Json[];
}

/** State as the flat list of named tensors that tfjs saves, and the text that goes with it as {@link MANIFEST}. */
export function packState({inner, transforms, ...rest}: SavedState): {
  tensors: NamedTensor[];
  manifest: string;
} {
  const tensors: NamedTensor[] = [];
  // The running number keeps names apart: a path of record keys alone does not, as parameter names hold slashes.
  const add = (path: string, tensor: tf.Tensor): string => {
    const name = `gradwire/${tensors.length}/${path}`;
    tensors.push({name, tensor});
    return name;
  };
  const manifest: Manifest = {
    version: VERSION,
    ...rest,
    inner: inner.map(({tensor, ...entry}) => ({...entry, tensor: add(`optimizer/${entry.field}`, tensor)})),
    transforms: transforms.map((tree, i) =>
      toJson(tree, (tensor, path) => add(`transforms/${i}${path}`, tensor)),
    ),
  };
  return {tensors, manifest: JSON.stringify(manifest)};
}

/**
 * The inverse of {@link packState}; the tensors stay those of the list.
 *
 * @throws Error if the list is not what {@link packState} gave.
 */
export async function unpackState(tensors: readonly NamedTensor[]): Promise<SavedState> {
  if (!Array.isArray(tensors) || tensors.every((entry) => entry?.name !== MANIFEST)) {
    throw new Error(
      `GradientOptimizer: these are not the weights of a GradientOptimizer: '${MANIFEST}' is not among them.`,
    );
  }
  const byName = new Map(tensors.map(({name, tensor}) => [name, tensor]));
  const find = (name: string): tf.Tensor => {
    const tensor = byName.get(name);
    if (tensor === undefined) throw new Error(`GradientOptimizer: the saved optimizer lacks '${name}'.`);
    return tensor;
  };
  const [text] = await find(MANIFEST).data<'string'>();
  const {version, step, skipped, slots, innerIterations, inner, transforms} = parseManifest(String(text));
  if (version !== VERSION) {
    throw new Error(`GradientOptimizer: saved state has version ${version}, known is ${VERSION}.`);
  }
  return {
    step,
    skipped: skipped ?? 0,
    slots,
    innerIterations,
    inner: inner.map(({tensor, ...entry}) => ({...entry, tensor: find(tensor)})),
    transforms: transforms.map((json) => fromJson(json, find)),
  };
}

function parseManifest(text: string): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    // Nothing is no manifest either.
  }
  if (isManifest(manifest)) return manifest;
  throw new Error(`GradientOptimizer: '${MANIFEST}' of the saved optimizer is damaged.`);
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value)) return false;
  const {step, skipped = 0, innerIterations, slots, inner, transforms} = value;
  return (
    [step, skipped, innerIterations].every(Number.isSafeInteger) &&
    isListOf(slots, (slot) => typeof slot === 'string') &&
    isListOf(inner, (entry) => isRecord(entry) && typeof entry['tensor'] === 'string') &&
    isListOf(transforms, isJson)
  );
}

function isJson(value: unknown): boolean {
  if (value === null) return true;
  if (!isRecord(value)) return isListOf(value, isJson);
  const {number, tensor, record} = value;
  return (
    typeof number === 'string' ||
    typeof tensor === 'string' ||
    (isRecord(record) && Object.values(record).every(isJson))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, accepts: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(accepts);
}

function toJson(tree: StateTree, add: (tensor: tf.Tensor, path: string) => string, path = ''): Json {
  if (tree === undefined) return null;
  if (typeof tree === 'number') return {number: Object.is(tree, -0) ? '-0' : String(tree)};
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

/** States of transforms with the parameter names of another instance of the same model. */
export function renameParams(
  transforms: readonly StateTree[],
  rename: (name: string) => string,
): readonly StateTree[] {
  return transforms.map((tree) => mapTree(tree, (leaf) => leaf, rename));
}
