import {execFile, spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {histograms} from '@gradwire/capture';
import {every} from '@gradwire/core';
import {tensorBoard} from '@gradwire/loggers';
import {createTrainer, type TrainingEvent} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {root} from '../support/workspaces.js';

/** What packages/loggers/fixtures/readEventFiles.py tells of a run. */
interface Read {
  readonly plugins: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, readonly (readonly [number, unknown])[]>>;
  readonly scalars: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** Missing without TensorFlow. */
  readonly records: number | null;
}

// A Python that has `tensorboard`, e.g. of a virtual environment; its own reader is what is asked here.
const python = process.env['GRADWIRE_PYTHON'] ?? 'python3';
const isThere = spawnSync(python, ['-c', 'import tensorboard']).status === 0;

describe.runIf(isThere)('TensorBoard reads', () => {
  let folder: string;
  let read: Readonly<Record<string, Read>>;
  const events: TrainingEvent[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gradwire-tensorboard-'));
    const board = tensorBoard(folder);
    const trainer = createTrainer({
      model: tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [2], name: 'dense'})]}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.1),
      captures: [histograms({of: 'weights', when: every(2), bins: 4})],
      consumers: [
        board,
        (events$, {alert}) =>
          events$.subscribe((event) => {
            if (event.type === 'runBegin') alert({rule: 'test', severity: 'info', message: '‖g‖ → ∞'});
            events.push(event);
          }),
      ],
      seed: 1,
    });
    const data = {x: tf.randomNormal([16, 2], 0, 1, 'float32', 1), y: tf.ones([16, 3])};
    await trainer.fit(data, {epochs: 3, batchSize: 4, validationSplit: 0.25});
    await board.flushed();
    trainer.dispose();
    const script = join(root, 'packages/loggers/fixtures/readEventFiles.py');
    const {stdout} = await promisify(execFile)(python, [script, folder]);
    read = JSON.parse(stdout) as typeof read;
  });
  afterAll(() => rmSync(folder, {recursive: true}));

  const ofType = <T extends TrainingEvent['type']>(type: T) =>
    events.filter((event): event is Extract<TrainingEvent, {type: T}> => event.type === type);

  it.each([
    ['train', 'loss'],
    ['validation', 'val_loss'],
  ])('the losses of epochs in the run %s', (run, key) => {
    const losses = ofType('epochEnd').map(({epoch, logs}) => [epoch, Math.fround(logs[key]!)]);
    expect(read[run]?.scalars['epoch_loss']).toEqual(losses);
    expect(read[run]?.values['epoch_loss']).toEqual(losses);
  });

  it('the loss of every batch at its step', () => {
    const losses = ofType('step').flatMap(({step, loss}) => (loss === undefined ? [] : [[step, loss]]));
    expect(losses.length).toBeGreaterThan(3);
    expect(read['train']?.values['batch_loss']).toEqual(losses);
  });

  it('histograms, edge by edge', () => {
    const tag = 'histograms/weights/dense/kernel';
    const written = ofType('capture').map(({step, arrays}) => {
      const {counts, edges} = arrays['dense/kernel']!;
      return [step, Array.from(counts!, (count, i) => [edges![i], edges![i + 1], count])];
    });
    expect(read['train']?.plugins[tag]).toBe('histograms');
    expect(read['train']?.values[tag]).toEqual(written);
  });

  it('alerts as texts', () => {
    expect(read['train']?.plugins['alerts']).toBe('text');
    expect(read['train']?.values['alerts']).toEqual([[0, ['**test** (info): ‖g‖ → ∞']]]);
  });

  it('as many records as TensorFlow does, if that is there, down to the last byte', () => {
    for (const [run, {records}] of Object.entries(read)) {
      if (records === null) continue;
      const [file = ''] = readdirSync(join(folder, run));
      const bytes = readFileSync(join(folder, run, file));
      let count = 0;
      for (let at = 0; at < bytes.length; at += 16 + Number(bytes.readBigUInt64LE(at))) count++;
      expect(records).toBe(count);
    }
  });
});
