#!/usr/bin/env node
import {useBackend} from '@gradwire/backend';
import {progress} from '@gradwire/loggers';
import {circlesFindings, circlesTable} from '../circlesTable.js';
import {type CirclesResult, vanishingCircles} from '../vanishingCircles.js';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

const {backend} = await useBackend();
console.log(`Vanishing gradients: a 2-5-5-5-5-1 network learns two circles (backend ${backend})\n`);

const results: CirclesResult[] = [];
const experiment = vanishingCircles({
  signal: interrupt.signal,
  watch: (network, i, count) => progress({label: `${i + 1}/${count} ${network}`}),
});
for await (const result of experiment) results.push(result);

if (results.length > 0) {
  console.log(`\nBefore → after 100 epochs, and the standard deviation of each layer's gradient:\n`);
  console.log(circlesTable(results));
  console.log(`\n${circlesFindings(results)}`);
}
if (interrupt.signal.aborted) process.exitCode = 130;
