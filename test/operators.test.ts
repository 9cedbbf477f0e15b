import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {bundle} from './operators/bundle.js';
import {broken, deviations} from './operators/deviations.js';
import type {Outcome} from './operators/outcome.js';
import {outcomeOn} from './operators/outcomeOn.js';
import {root} from './support/workspaces.js';

/** Suites that reach what the preparation replaces. All of them on threads would take a minute, for starting and ending these. */
const onThreads =
  /^(fused )?(matmul|conv2d|tanh|sum|softmax|dot|outer|einsum|unsortedSegmentSum|clone|customGradient) /;

const generated = join(root, 'test/.generated');

describe("tfjs-core's own tests on the wasm backend", () => {
  let folder: string;
  let shipped: Outcome;
  let prepared: Outcome;
  let threaded: Outcome;

  beforeAll(async () => {
    mkdirSync(generated, {recursive: true});
    folder = mkdtempSync(join(generated, 'operators-'));
    const file = join(folder, 'tests.js');
    await bundle(file);
    [shipped, prepared] = await Promise.all([outcomeOn('shipped', file), outcomeOn({threads: 1}, file)]);
    threaded = await outcomeOn({threads: 2}, file, onThreads);
  }, 180_000);

  afterAll(() => rmSync(folder, {recursive: true}));

  it('are all there', () => {
    const {passed, failed} = prepared;
    expect(passed.length + Object.keys(failed).length).toBeGreaterThanOrEqual(4225);
  });

  it('pass after the preparation if they did before', () => {
    expect(broken(shipped, prepared)).toEqual([]);
  });

  it('fail where there is a known reason, and nowhere else', () => {
    expect(deviations(prepared).unexpected).toEqual([]);
  });

  it('fail wherever the list of expected failures says so', () => {
    expect(deviations(prepared).stale).toEqual([]);
  });

  it('come out the same on two threads', () => {
    const onOne = prepared.passed.filter((name) => onThreads.test(name));
    expect(onOne.length).toBeGreaterThan(200);
    expect(threaded.passed).toEqual(onOne);
  });
});
