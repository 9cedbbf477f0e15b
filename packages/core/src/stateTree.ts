import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from './describeValue.js';

/**
 * The state of a transform: tensors and numbers, in records and lists of any depth.
 *
 * Whoever writes a transform only builds and returns such trees. Keeping, disposing, saving and loading them is
 * the work of {@link GradientOptimizer}.
 */
export type StateTree =
  undefined | number | tf.Tensor | readonly StateTree[] | {readonly [key: string]: StateTree};

type Leaf = number | tf.Tensor;

/**
 * Rebuilds a tree with `fn` applied to every leaf, and `rename` to every record key.
 *
 * @param path what the tree is called in errors.
 */
export function mapTree(
  tree: StateTree,
  fn: (leaf: Leaf, path: string) => StateTree,
  rename: (key: string) => string = (key) => key,
  path = 'state',
): StateTree {
  if (tree === undefined) return undefined;
  if (typeof tree === 'number' || tree instanceof tf.Tensor) return fn(tree, path);
  if (isList(tree)) return tree.map((item, i) => mapTree(item, fn, rename, `${path}/${i}`));
  if (!isPlainRecord(tree)) {
    throw new TypeError(
      `${path} must be a tensor, a number, a record or a list, got ${describeValue(tree)}.`,
    );
  }
  return Object.fromEntries(
    Object.entries(tree).map(([key, item]) => [rename(key), mapTree(item, fn, rename, `${path}/${key}`)]),
  );
}

/** All tensors of a tree. */
export function treeTensors(tree: StateTree): Set<tf.Tensor> {
  const tensors = new Set<tf.Tensor>();
  mapTree(tree, (leaf) => {
    if (leaf instanceof tf.Tensor) tensors.add(leaf);
    return leaf;
  });
  return tensors;
}

/** `old` with the record keys that only `fresh` has added: what a parameter needs that joins later. */
export function mergeTrees(old: StateTree, fresh: StateTree): StateTree {
  if (isList(old) && isList(fresh)) return old.map((item, i) => mergeTrees(item, fresh[i]));
  if (isRecord(old) && isRecord(fresh)) {
    const merged: Record<string, StateTree> = {...fresh};
    for (const [key, item] of Object.entries(old)) {
      merged[key] = key in fresh ? mergeTrees(item, fresh[key]) : item;
    }
    return merged;
  }
  return old ?? fresh;
}

function isList(tree: StateTree): tree is readonly StateTree[] {
  return Array.isArray(tree);
}

function isRecord(tree: StateTree): tree is {readonly [key: string]: StateTree} {
  return typeof tree === 'object' && !isList(tree) && !(tree instanceof tf.Tensor);
}

/** An object literal, or one without prototype. */
export function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
