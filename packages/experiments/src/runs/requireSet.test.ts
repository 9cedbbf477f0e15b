import type {ImageSet} from '@gradwire/datasets/node';
import {expect, it} from 'vitest';
import {requireSet} from './requireSet.js';

const MNIST = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
const FASHION = MNIST.map(() => 1000);

function setOf(counts: readonly number[]): ImageSet {
  const labels = Uint8Array.from(counts.flatMap((count, label) => Array.from({length: count}, () => label)));
  const part = {count: labels.length, images: new Uint8Array(), labels};
  return {rows: 28, columns: 28, classes: 10, train: part, test: part};
}

it.each([
  ['mnist', FASHION, 'fashion-mnist'],
  ['fashion-mnist', MNIST, 'mnist'],
] as const)('rejects for %s the files of the other set', (name, counts, other) => {
  expect(() => requireSet(name, setOf(counts), 'dir')).toThrow(
    `--data dir has the files of ${other}; this experiment learns from ${name}.`,
  );
});

it.each([
  ['mnist', MNIST],
  ['fashion-mnist', FASHION],
  ['mnist', [2, 2, 2]],
] as const)('takes for %s its own files and small ones', (name, counts) => {
  expect(() => requireSet(name, setOf(counts), 'dir')).not.toThrow();
});
