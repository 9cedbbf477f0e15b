import {readFileSync, writeFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {compare, environment, type Outcome} from './harness.js';
import {trainerLoop} from './trainerLoop.js';

const {values} = parseArgs({
  options: {backend: {type: 'string', multiple: true}, out: {type: 'string', default: 'bench.json'}},
});

const outcomes: Outcome[] = [];
for (const [backend, comparisons] of Object.entries(trainerLoop)) {
  if (values.backend !== undefined && !values.backend.includes(backend)) continue;
  await tf.setBackend(backend);
  for (const comparison of comparisons) {
    const outcome = await compare(comparison());
    outcomes.push(outcome);
    print(outcome);
    tf.disposeVariables();
  }
}
const {version} = JSON.parse(
  readFileSync(new URL('../../packages/core/package.json', import.meta.url), 'utf8'),
) as {
  version: string;
};
const measured = {environment: environment({tfjs: tf.version.tfjs, gradwire: version}), outcomes};
writeFileSync(values.out, `${JSON.stringify(measured, null, 2)}\n`);
console.log(`\nWritten to ${values.out}: ${JSON.stringify(measured.environment)}`);

function print({name, timings, ratios}: Outcome): void {
  console.log(`\n${name}`);
  for (const [contender, {median, q1, q3}] of Object.entries(timings)) {
    console.log(`  ${contender.padEnd(12)} ${ms(median)} ms a step   (quartiles ${ms(q1)} – ${ms(q3)})`);
  }
  for (const {of, to, ratio, atMost} of ratios) {
    const verdict = ratio.median <= atMost ? 'reached' : 'NOT reached';
    console.log(
      `  ${of} / ${to}: ${ratio.median.toFixed(3)} (${ratio.q1.toFixed(3)} – ${ratio.q3.toFixed(3)}), aim ${atMost}: ${verdict}`,
    );
  }
}

function ms(time: number): string {
  return time.toPrecision(3);
}
