import {writeFileSync} from 'node:fs';
import {prepareWasm} from '@gradwire/wasm';
import '@tensorflow/tfjs-backend-wasm';
import {setTestEnvs} from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import {boot} from 'jasmine-core';
import type {Backend, Outcome} from './outcome.js';

// The program that outcomeOn starts: node <bundle> <backend as JSON> <pattern of names> <file for the outcome>.
const [backend, pattern, file] = process.argv.slice(2) as [string, string, string];
const passed: string[] = [];
const failed: Record<string, string> = {};
const skipped: string[] = [];

const options = JSON.parse(backend) as Backend;
if (options !== 'shipped') await prepareWasm(options);

const jasmine = boot();
// As in tfjs's own runs: machines under load take their time, and the order is that of the files.
jasmine.DEFAULT_TIMEOUT_INTERVAL = 20_000;
const env = jasmine.getEnv();
const names = new RegExp(pattern);
env.configure({random: false, specFilter: (spec) => names.test(spec.getFullName())});
const seen = new Map<string, number>();
env.addReporter({
  specDone({fullName, status, failedExpectations}) {
    const count = (seen.get(fullName) ?? 0) + 1;
    seen.set(fullName, count);
    const name = count === 1 ? fullName : `${fullName} #${count}`;
    if (status === 'passed') passed.push(name);
    else if (status === 'failed') failed[name] = failedExpectations.map(({message}) => message).join('\n');
    else if (status === 'pending') skipped.push(name);
  },
  suiteDone({fullName, failedExpectations}) {
    for (const {message} of failedExpectations) failed[`${fullName} (around its tests)`] = message;
  },
});

// The environment that tfjs's own runs on wasm register; the tests describe themselves once for each.
setTestEnvs([{name: 'test-wasm', backendName: 'wasm', isDataSync: true}]);
await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js');
await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
await import('@tensorflow/tfjs-core/dist/tests.js');
const {failedExpectations} = await env.execute();
for (const {message} of failedExpectations) failed['(around all tests)'] = message;

writeFileSync(file, JSON.stringify({passed, failed, skipped} satisfies Outcome));
// Backends leave listeners and threads behind.
process.exit();
