import {type NamedTensors, requireInteger, type StepContext} from '@gradwire/core';
import {deriveKey, splitNumber, type WordPair} from './threefry.js';

/** Keeps the streams of different transforms apart, whose seeds, parameters and steps are the same. */
const PURPOSES = {gradientNoise: 0, uniformNoise: 1, langevinNoise: 2, dropGradients: 3};

/** The stream of every gradient in this step, in the order of the record's keys. */
export function streamsOf(
  transform: keyof typeof PURPOSES,
  grads: NamedTensors,
  {keys, seed: runSeed, step}: StepContext,
  seed = runSeed,
): readonly WordPair[] {
  const run = splitNumber(seed);
  const counter = splitNumber(step);
  const words = new Int32Array(2);
  return Object.keys(grads).map((name) => {
    const key = keys[name];
    if (key === undefined) throw new Error(`${transform}: the step context has no key for '${name}'.`);
    return deriveKey(deriveKey(run, [key, PURPOSES[transform]], words), counter, words);
  });
}

/** Checks a seed that may be left out. */
export function requireSeed(transform: keyof typeof PURPOSES, seed: number | undefined): void {
  if (seed !== undefined) requireInteger(transform, {seed}, 0);
}
