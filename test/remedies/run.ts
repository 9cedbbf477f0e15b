import {parseArgs} from 'node:util';
import {every} from '@gradwire/core';
import {defaultRemedies} from '@gradwire/remedies';
import {pathologies} from '@gradwire/testing/pathologies';
import type {Remedy} from '@gradwire/trainer';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {writeBetweenMarkers} from '../support/writeBetweenMarkers.js';
import {isRight, type Outcome, summarize, type Twins} from './outcome.js';
import {shareRight, table} from './table.js';
import {train} from './train.js';

// npm run remedies [-- NAME or ILLNESS …] [--seeds 20] [--first 1] [--backend wasm|cpu] [--verbose]
const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    seeds: {type: 'string', default: '20'},
    first: {type: 'string', default: '1'},
    backend: {type: 'string', default: 'wasm'},
    verbose: {type: 'boolean', default: false},
  },
});
/** Of the ill trainings, the share that must be repaired. */
const TARGET = 0.8;

const [seeds, first] = [count('seeds'), count('first')];
const last = first + seeds - 1;
const chosen = pathologies.filter(
  ({name, illness}) =>
    positionals.length === 0 || positionals.includes(name) || positionals.includes(illness),
);
if (chosen.length === 0)
  throw new RangeError(`remedies: there is no training named ${positionals.join(', ')}.`);

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

if (values.backend === 'wasm') await prepareWasm({threads: 1});
if (!(await tf.setBackend(values.backend))) throw new Error(`remedies: no backend ${values.backend}.`);

const withRemedies = (): {remedies: Remedy[]} => ({remedies: defaultRemedies({when: every(5)})});

const outcomes: Outcome[] = [];
for (const [i, pathology] of chosen.entries()) {
  const trainings: Twins[] = [];
  for (let seed = first; seed <= last && !interrupt.signal.aborted; seed++) {
    progress(`${i + 1}/${chosen.length} ${pathology.name}, seed ${seed} of ${first} to ${last}`);
    const untreated = await train(pathology, seed, undefined, interrupt.signal);
    const treated = await train(pathology, seed, withRemedies, interrupt.signal);
    if (interrupt.signal.aborted) break;
    const twins = {untreated, treated};
    trainings.push(twins);
    if (values.verbose || !isRight(pathology, twins)) report(pathology.name, seed, twins);
  }
  if (interrupt.signal.aborted) break;
  outcomes.push(summarize(pathology, trainings));
}
progress('');

if (outcomes.length > 0) console.log(table(outcomes));
if (interrupt.signal.aborted) {
  console.log(`\nInterrupted after ${outcomes.length} of ${chosen.length}; nothing was written.`);
  process.exitCode = 130;
} else {
  if (positionals.length === 0)
    writeBetweenMarkers('remedies.md', 'kit', `seeds ${first} to ${last}`, table(outcomes));
  const ill = outcomes.filter(({pathology}) => pathology.illness !== 'none');
  const healthy = outcomes.filter(({pathology}) => pathology.illness === 'none');
  const reached =
    (ill.length === 0 || shareRight(ill) >= TARGET) && (healthy.length === 0 || shareRight(healthy) === 1);
  console.log(reached ? '\nThe targets are reached.' : '\nThe targets are missed.');
  process.exitCode = reached ? 0 : 1;
}

/** A whole number of the command line. */
function count(option: 'seeds' | 'first'): number {
  const value = Number(values[option]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`remedies: --${option} must be a whole number >= 1, got ${values[option]}.`);
}

/** One line at the bottom of a terminal; into a file or a pipe, nothing. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** What was done in a training that did not come out as it should. */
function report(name: string, seed: number, {untreated, treated}: Twins): void {
  progress('');
  const {start} = treated;
  console.log(
    `${name}, seed ${seed}: loss ${start} at the start, ${untreated.loss} untreated, ${treated.loss} treated`,
  );
  for (const {step, remedy, action, change, effect} of treated.actions)
    console.log(
      `  ${step} ${remedy} ${action}${change === undefined ? '' : `: ${change}`}${effect === undefined ? '' : ` ${JSON.stringify(effect)}`}`,
    );
}
