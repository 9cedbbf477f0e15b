import {parseArgs} from 'node:util';
import type {Alert} from '@gradwire/core';
import {pathologies} from '@gradwire/testing/pathologies';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {examine} from './examine.js';
import {writeBetweenMarkers} from '../support/writeBetweenMarkers.js';
import {table} from './table.js';
import {isReached, isRight, judge, type Verdict} from './verdict.js';

// npm run diagnosis [-- NAME or ILLNESS …] [--seeds 20] [--first 1] [--every 5] [--backend wasm|cpu] [--verbose]
const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    seeds: {type: 'string', default: '20'},
    first: {type: 'string', default: '1'},
    every: {type: 'string', default: '5'},
    backend: {type: 'string', default: 'wasm'},
    verbose: {type: 'boolean', default: false},
  },
});
const [seeds, first, distance] = [count('seeds'), count('first'), count('every')];
const last = first + seeds - 1;
const chosen = pathologies.filter(
  ({name, illness}) =>
    positionals.length === 0 || positionals.includes(name) || positionals.includes(illness),
);
if (chosen.length === 0)
  throw new RangeError(`diagnosis: there is no training named ${positionals.join(', ')}.`);

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

if (values.backend === 'wasm') await prepareWasm();
if (!(await tf.setBackend(values.backend))) throw new Error(`diagnosis: no backend ${values.backend}.`);

const verdicts: Verdict[] = [];
for (const [i, pathology] of chosen.entries()) {
  const trainings: Alert[][] = [];
  for (let seed = first; seed <= last && !interrupt.signal.aborted; seed++) {
    progress(`${i + 1}/${chosen.length} ${pathology.name}, seed ${seed} of ${first} to ${last}`);
    const alerts = await examine(pathology, seed, {distance, signal: interrupt.signal});
    if (interrupt.signal.aborted) break;
    trainings.push(alerts);
    if (values.verbose || !isRight(pathology, alerts)) report(pathology.name, seed, alerts);
  }
  if (interrupt.signal.aborted) break;
  verdicts.push(judge(pathology, trainings));
}
progress('');

if (verdicts.length > 0) console.log(table(verdicts));
const missed = verdicts.filter((verdict) => !isReached(verdict));
if (interrupt.signal.aborted) {
  console.log(`\nInterrupted after ${verdicts.length} of ${chosen.length}; nothing was written.`);
  process.exitCode = 130;
} else {
  if (positionals.length === 0) {
    const settings = `seeds ${first} to ${last}, captures every ${distance} steps`;
    writeBetweenMarkers('diagnosis.md', 'kit', settings, table(verdicts));
  }
  console.log(
    missed.length === 0
      ? '\nAll targets are reached.'
      : `\nMissed: ${missed.map(({pathology}) => pathology.name).join(', ')}.`,
  );
  process.exitCode = missed.length === 0 ? 0 : 1;
}

/** A whole number of the command line. */
function count(option: 'seeds' | 'first' | 'every'): number {
  const value = Number(values[option]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`diagnosis: --${option} must be a whole number >= 1, got ${values[option]}.`);
}

/** One line at the bottom of a terminal; into a file or a pipe, nothing. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** What was said about a training, where it is not what it should be. */
function report(name: string, seed: number, alerts: readonly Alert[]): void {
  progress('');
  console.log(`${name}, seed ${seed}: ${alerts.length === 0 ? 'silence' : ''}`);
  for (const {rule, severity, message, evidence} of alerts) {
    const numbers = evidence?.values.map((value) => value.toPrecision(3)).join(' ') ?? '';
    const where =
      evidence === undefined ? '' : ` [${evidence.quantity}: ${numbers}; steps ${evidence.steps.join(' ')}]`;
    console.log(`  ${severity} ${rule}: ${message}${where}`);
  }
}
