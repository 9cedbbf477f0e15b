import {readFileSync, writeFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {backends} from './backends.js';
import {captures} from './captures.js';
import {compare, environment, type Outcome} from './harness.js';
import {optimizers} from './optimizers.js';
import {trainerLoop} from './trainerLoop.js';
import {transforms} from './transforms.js';

// npm run bench [-- trainer] [backends] [transforms] [captures] [optimizers] [--out FILE]
const benches = {trainer: trainerLoop, backends, transforms, captures, optimizers};
const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {out: {type: 'string', default: 'bench.json'}},
});

const {version} = JSON.parse(
  readFileSync(new URL('../../packages/core/package.json', import.meta.url), 'utf8'),
) as {version: string};
const machine = environment({tfjs: tf.version.tfjs, gradwire: version});
console.log(describe(machine));

const outcomes: Outcome[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  for await (const comparison of bench()) {
    const outcome = await compare(comparison);
    outcomes.push(outcome);
    print(outcome);
  }
}
writeFileSync(values.out, `${JSON.stringify({environment: machine, outcomes}, null, 2)}\n`);
console.log(`\nWritten to ${values.out}.`);

function print({name, versions, timings, ratios}: Outcome): void {
  console.log(`\n${name}`);
  if (Object.keys(versions).length > 0) console.log(`  ${describe(versions)}`);
  const width = Math.max(...Object.keys(timings).map(({length}) => length));
  for (const [contender, {median, q1, q3}] of Object.entries(timings)) {
    console.log(
      `  ${contender.padEnd(width)} ${ms(median).padStart(6)} ms a step   (quartiles ${ms(q1)} – ${ms(q3)})`,
    );
  }
  for (const {of, to, ratio, atMost, atLeast, reached} of ratios) {
    const aim = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
    const spread = `${ratio.q1.toPrecision(3)} – ${ratio.q3.toPrecision(3)}`;
    console.log(
      `  ${of} / ${to}: ${ratio.median.toPrecision(3)} (${spread}), aim ${aim}: ${reached ? 'reached' : 'NOT reached'}`,
    );
  }
}

function describe(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}

function ms(time: number): string {
  return time.toPrecision(3);
}
