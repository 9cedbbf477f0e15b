import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {hostname} from 'node:os';
import type {TrainingEvent} from '@gradwire/trainer';
import {of, Subject} from 'rxjs';
import {describe, expect, it} from 'vitest';
import {type DecodedEvent, decodeEvent} from '../fixtures/decodeTensorBoard.js';
import {alert, capture, epochEnd, runBegin, runEnd, step} from '../fixtures/events.js';
import {readTfRecords} from '../fixtures/readTfRecords.js';
import {temporaryFolder} from '../fixtures/temporaryFolder.js';
import {tensorBoard} from './tensorBoard.js';

const path = temporaryFolder();

async function log(...events: readonly TrainingEvent[]): Promise<void> {
  const board = tensorBoard(path('runs'));
  board(of(...events));
  await board.flushed();
}

/** All events of a run, without the first of each file. */
function eventsIn(run: string): DecodedEvent[] {
  return readdirSync(path('runs', run))
    .sort()
    .flatMap((file) =>
      readTfRecords(readFileSync(path('runs', run, file)))
        .slice(1)
        .map(decodeEvent),
    );
}

const seconds = 1_700_000_000.5;

describe('a file', () => {
  it('is named as those of TensorFlow', async () => {
    await log(step({loss: 1}));
    const [name, ...others] = readdirSync(path('runs', 'train'));
    expect(others).toEqual([]);
    expect(name).toMatch(/^events[.]out[.]tfevents[.]1700000000[.].+[.]\d+[.]\d+$/);
    expect(name).toContain(`.${hostname()}.${process.pid}.`);
  });

  it('begins with the version of its format', async () => {
    await log(step({loss: 1}));
    const [name = ''] = readdirSync(path('runs', 'train'));
    const [first] = readTfRecords(readFileSync(path('runs', 'train', name))).map(decodeEvent);
    expect(first).toEqual({seconds, step: 0, fileVersion: 'brain.Event:2', values: []});
  });

  it('is begun anew when it was removed', async () => {
    const events$ = new Subject<TrainingEvent>();
    const board = tensorBoard(path('runs'));
    board(events$);
    events$.next(step({loss: 1}));
    await board.flushed();
    rmSync(path('runs'), {recursive: true});
    events$.next(step({loss: 2, step: 1}));
    await board.flushed();
    expect(eventsIn('train')).toEqual([{seconds, step: 1, values: [{tag: 'batch_loss', simple: 2}]}]);
  });

  it('is one of its own for every logger', async () => {
    await log(step({loss: 1}));
    await log(step({loss: 1}));
    expect(readdirSync(path('runs', 'train'))).toHaveLength(2);
  });
});

it('has the logs of epochs by the names of Keras, validation in a run of its own', async () => {
  await log(
    runBegin(),
    step({learningRate: 0.25}),
    epochEnd({loss: 0.5, acc: 0.75, val_loss: Number.NaN, val_acc: 0.5}, {epoch: 2, step: 40}),
    runEnd(),
  );
  expect(eventsIn('train')).toEqual([
    {
      seconds,
      step: 2,
      values: [
        {tag: 'epoch_loss', simple: 0.5},
        {tag: 'epoch_acc', simple: 0.75},
        {tag: 'epoch_learning_rate', simple: 0.25},
      ],
    },
  ]);
  expect(eventsIn('validation')).toEqual([
    {
      seconds,
      step: 2,
      values: [
        {tag: 'epoch_loss', simple: Number.NaN},
        {tag: 'epoch_acc', simple: 0.5},
      ],
    },
  ]);
});

it('has losses of batches where they were read', async () => {
  await log(step({step: 7, loss: 0.1}), step({step: 8}));
  expect(eventsIn('train')).toEqual([
    {seconds, step: 7, values: [{tag: 'batch_loss', simple: Math.fround(0.1)}]},
  ]);
});

it('has what captures measure, histograms as tensors of [left, right, count]', async () => {
  await log(
    capture({
      capture: 'histograms/weights',
      step: 2 ** 40,
      values: {'dense/kernel': {nonFinite: 0}},
      arrays: {
        'dense/kernel': {counts: Float32Array.of(1, 3), edges: Float32Array.of(-1, 0, 2.5)},
        'dense/bias': {values: Float32Array.of(1)},
      },
    }),
    capture({arrays: {'dense/bias': {values: Float32Array.of(1)}}}),
  );
  expect(eventsIn('train')).toEqual([
    {
      seconds,
      step: 2 ** 40,
      values: [
        {tag: 'histograms/weights/dense/kernel/nonFinite', simple: 0},
        {
          tag: 'histograms/weights/dense/kernel',
          plugin: 'histograms',
          dataClass: 2,
          dtype: 2,
          shape: [2, 3],
          doubles: [-1, 0, 1, 0, 2.5, 3],
        },
      ],
    },
  ]);
});

it('has alerts as texts', async () => {
  await log(alert('The loss is NaN: ‖g‖ → ∞.', {step: 3}));
  expect(eventsIn('train')).toEqual([
    {
      seconds,
      step: 3,
      values: [
        {
          tag: 'alerts',
          plugin: 'text',
          dataClass: 2,
          dtype: 7,
          shape: [],
          text: '**nonFiniteLoss** (error): The loss is NaN: ‖g‖ → ∞.',
        },
      ],
    },
  ]);
});

it('voids what an earlier attempt has at the step where a run goes on', async () => {
  await log(runBegin({step: 100}));
  expect(eventsIn('train')).toEqual([{seconds, step: 100, sessionStatus: 1, values: []}]);
});

it('voids what an earlier attempt has of validation at the first epoch of a run that goes on, once', async () => {
  await log(
    runBegin({step: 100}),
    epochEnd({val_loss: 0.5}, {epoch: 4, step: 120}),
    epochEnd({val_loss: 0.25}, {epoch: 5, step: 140}),
  );
  expect(eventsIn('validation')).toEqual([
    {seconds, step: 4, sessionStatus: 1, values: []},
    {seconds, step: 4, values: [{tag: 'epoch_loss', simple: 0.5}]},
    {seconds, step: 5, values: [{tag: 'epoch_loss', simple: 0.25}]},
  ]);
});

it.each([
  [() => tensorBoard(''), TypeError, "tensorBoard: directory must be a path, got the string ''."],
  [
    () => tensorBoard('a', {maxBufferedBytes: -1}),
    RangeError,
    'tensorBoard: maxBufferedBytes must be > 0, got -1.',
  ],
])('names what it rejects: %#', (call, type, message) => {
  expect(call).toThrow(type);
  expect(call).toThrow(message);
});
