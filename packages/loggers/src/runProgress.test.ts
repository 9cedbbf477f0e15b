import type {TrainingEvent} from '@gradwire/trainer';
import {beforeEach, describe, expect, it} from 'vitest';
import {RunProgress} from './runProgress.js';

let run: RunProgress;
let time: number;

beforeEach(() => {
  run = new RunProgress();
  time = 0;
});

const observe = (event: object) =>
  run.observe({time, step: 0, epoch: 0, run: 'r', ...event} as TrainingEvent);
const begin = (epochs: number, stepsPerEpoch?: number) => observe({type: 'runBegin', epochs, stepsPerEpoch});

function steps(epoch: number, count: number, milliseconds: number) {
  const from = run.epochsDone > epoch ? 0 : run.batches;
  for (let batch = from; batch < from + count; batch++) {
    time += milliseconds;
    observe({type: 'step', epoch, batch, size: 1});
  }
}

function fullEpoch(epoch: number, count: number, milliseconds: number, validation = 0) {
  observe({type: 'epochBegin', epoch});
  steps(epoch, count, milliseconds);
  time += validation;
  observe({type: 'epochEnd', epoch, logs: {}});
}

describe('time left', () => {
  it('is unknown before the first step', () => {
    begin(2, 10);
    expect(run.timeLeft()).toBeUndefined();
  });

  it('is the steps left at the rate so far', () => {
    begin(2, 10);
    observe({type: 'epochBegin'});
    steps(0, 5, 200);
    expect(run.stepsPerSecond()).toBeCloseTo(5, 10);
    expect(run.timeLeft()).toBeCloseTo(15 * 200, 8);
  });

  it('adds the validation of every epoch left', () => {
    begin(4, 10);
    fullEpoch(0, 10, 100, 2500);
    expect(run.timeLeft()).toBeCloseTo(3 * (10 * 100 + 2500), 8);
    observe({type: 'epochBegin', epoch: 1});
    steps(1, 5, 100);
    expect(run.stepsPerSecond()).toBeCloseTo(10, 10);
    expect(run.timeLeft()).toBeCloseTo(25 * 100 + 3 * 2500, 8);
  });

  it('is unknown until the first epoch has shown how long one is', () => {
    begin(3);
    observe({type: 'epochBegin'});
    steps(0, 7, 100);
    expect(run.timeLeft()).toBeUndefined();
    observe({type: 'epochEnd', epoch: 0, logs: {}});
    expect(run.timeLeft()).toBeCloseTo(2 * 7 * 100, 8);
  });

  it('believes what was counted more than what was announced', () => {
    begin(2, 100);
    fullEpoch(0, 10, 100);
    expect(run.timeLeft()).toBeCloseTo(1000, 8);
  });

  it('never gets negative when an epoch is longer than the last', () => {
    begin(2);
    fullEpoch(0, 3, 100);
    observe({type: 'epochBegin', epoch: 1});
    steps(1, 5, 100);
    expect(run.timeLeft()).toBe(0);
    expect(run.fraction()).toBe(1);
  });

  it('is 0 after the last epoch', () => {
    begin(1, 3);
    fullEpoch(0, 3, 100, 700);
    expect(run.timeLeft()).toBe(0);
  });
});

describe('a run that goes on in its 81st epoch of 100', () => {
  beforeEach(() => {
    begin(100, 10);
    observe({type: 'epochBegin', epoch: 80});
    steps(80, 5, 100);
  });

  it('counts the epochs before as done', () => {
    expect(run.fraction()).toBeCloseTo(0.805, 10);
  });

  it('has time left for the others only', () => {
    expect(run.timeLeft()).toBeCloseTo(195 * 100, 8);
  });
});

describe('steps per second', () => {
  it('follows the last seconds', () => {
    begin(1, 10_000);
    observe({type: 'epochBegin'});
    for (let i = 0; i < 100; i++) {
      steps(0, 1, 1000);
      run.stepsPerSecond();
    }
    expect(run.stepsPerSecond()).toBeCloseTo(1, 10);
    for (let i = 0; i < 300; i++) {
      steps(0, 1, 100);
      run.stepsPerSecond();
    }
    expect(run.stepsPerSecond()).toBeGreaterThan(9.5);
  });

  it('does not depend on how often it is asked while nothing happens', () => {
    begin(1, 100);
    observe({type: 'epochBegin'});
    steps(0, 5, 200);
    const once = run.stepsPerSecond();
    expect(run.stepsPerSecond()).toBe(once);
  });

  it('is unknown while the clock stands still', () => {
    begin(1, 100);
    observe({type: 'epochBegin'});
    steps(0, 5, 0);
    expect(run.stepsPerSecond()).toBeUndefined();
  });
});

it('forgets the loss of an epoch at the next, but shows the last until there is one', () => {
  begin(2, 1);
  observe({type: 'step', batch: 0, size: 4, loss: 2});
  observe({type: 'epochEnd', logs: {loss: 1.5}});
  observe({type: 'epochBegin', epoch: 1});
  expect(run.loss).toBe(1.5);
  observe({type: 'step', batch: 0, size: 4, loss: 1, epoch: 1});
  expect(run.loss).toBe(1);
});
