import {describeValue, type KnownOptions, requireOptions} from '@gradwire/core';
import type {Remedy} from './remedy.js';
import {requireFunctions, requireLists} from './requireKinds.js';

const REMEDY: KnownOptions<Remedy> = {
  name: "'calm'",
  transforms: '[]',
  captures: '[]',
  consumers: '[]',
  initialize: "{'**/kernel': heNormal()}",
  schedule: '(step) => 0.1',
};

/** Rejects what is no remedy. */
export function requireRemedy(where: string, remedy: Remedy): void {
  if (Array.isArray(remedy)) {
    throw new TypeError(
      `${where}: a remedy must be an object, got ${describeValue(remedy)}. Spread it: ...remedies.`,
    );
  }
  requireOptions(where, remedy, REMEDY);
  const {name, transforms = [], captures = [], consumers = [], initialize = {}, schedule} = remedy;
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`${where}: name must be a non-empty string, got ${describeValue(name)}.`);
  }
  const part = `${where} '${name}'`;
  requireLists(part, {transforms, captures, consumers});
  requireFunctions(part, {schedule}, '(step) => rate');
  if (typeof initialize !== 'object' || initialize === null) {
    throw new TypeError(
      `${part}: initialize must be initializers by glob, got ${describeValue(initialize)}.`,
    );
  }
  requireFunctions(part, initialize, '(spec, seed) => tensor');
}
