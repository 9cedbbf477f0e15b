import {parseArgs} from 'node:util';
import {every} from '@gradwire/core';
import {defaultRemedies} from '@gradwire/remedies';
import {pathologies, type Pathology} from '@gradwire/testing/pathologies';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {isRight, levels, type Twins} from '../remedies/outcome.js';
import {type Course, train} from '../remedies/train.js';
import {markdownTable} from '../support/markdownTable.js';
import {writeBetweenMarkers} from '../support/writeBetweenMarkers.js';
import {type Choice, choices} from './choices.js';

// npm run choosing [-- ILLNESS …] [--seeds 5]: writes docs/choosing.md, each table by its illness.
const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {seeds: {type: 'string', default: '5'}},
});
const seeds = Number(values.seeds);
if (!(Number.isInteger(seeds) && seeds >= 1))
  throw new RangeError(`choosing: --seeds must be a whole number >= 1, got ${values.seeds}.`);
const illnesses = Object.keys(choices).filter(
  (illness) => positionals.length === 0 || positionals.includes(illness),
);
if (illnesses.length === 0)
  throw new RangeError(`choosing: there is no illness named ${positionals.join(', ')}.`);

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
await prepareWasm({threads: 1});
await tf.setBackend('wasm');

const defaults: Choice = {
  name: '`defaultRemedies({when: every(5)})`',
  change: () => ({remedies: defaultRemedies({when: every(5)})}),
};

for (const illness of illnesses) {
  const patients = pathologies.filter((pathology) => pathology.illness === illness);
  const rows: string[][] = [];
  const twins = new Map<Pathology, Course[]>();
  for (const patient of patients) twins.set(patient, await trainAll(patient, undefined));
  rows.push([
    'as it is',
    ...patients.flatMap((patient) => [
      medianOf(twins.get(patient)!.map((untreated) => levels({untreated, treated: untreated})[0])),
      '–',
    ]),
  ]);
  for (const choice of [...choices[illness]!, defaults]) {
    const cells: string[] = [];
    for (const patient of patients) {
      try {
        const treated = await trainAll(patient, choice);
        const pairs = treated.map((course, i): Twins => ({
          untreated: twins.get(patient)![i]!,
          treated: course,
        }));
        cells.push(
          medianOf(pairs.map((pair) => levels(pair)[1])),
          `${pairs.filter((pair) => isRight(patient, pair)).length}/${seeds}`,
        );
      } catch (error) {
        if (interrupt.signal.aborted) throw error;
        console.error(`${patient.name}, ${choice.name}: ${String(error)}`);
        cells.push('throws', '–');
      }
    }
    rows.push([choice.name, ...cells]);
  }
  if (interrupt.signal.aborted) break;
  const head = ['what is done', ...patients.flatMap(({name}) => [name, 'repaired'])];
  const text = markdownTable(head, rows);
  console.log(`\n${illness}\n${text}`);
  writeBetweenMarkers('choosing.md', illness, `seeds 1 to ${seeds}`, text);
}
process.exitCode = interrupt.signal.aborted ? 130 : 0;

/** One training per seed. */
async function trainAll(pathology: Pathology, choice: Choice | undefined): Promise<Course[]> {
  const courses: Course[] = [];
  for (let seed = 1; seed <= seeds && !interrupt.signal.aborted; seed++) {
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${pathology.name}, ${choice?.name ?? 'as it is'}, seed ${seed}`);
    courses.push(await train(pathology, seed, choice?.change, interrupt.signal));
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return courses;
}

function medianOf(losses: readonly number[]): string {
  const median = losses.toSorted((a, b) => a - b)[losses.length >> 1] ?? Number.NaN;
  if (!Number.isFinite(median)) return '∞';
  return median !== 0 && (Math.abs(median) < 1e-3 || Math.abs(median) >= 1e4)
    ? median.toExponential(1)
    : String(Number(median.toPrecision(3)));
}
