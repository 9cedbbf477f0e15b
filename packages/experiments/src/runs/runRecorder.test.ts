import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Alert, TrainerServices, TrainingEvent} from '@gradwire/trainer';
import {Subject} from 'rxjs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {RunRecorder} from './runRecorder.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradwire-recorder-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

const open = (from?: {events: number; run?: string; stage?: number}) =>
  RunRecorder.open(folder, {from, withTensorBoard: true});

/** A trainer, as far as a recorder knows one. */
function trainerOf(recorder: RunRecorder, run: string) {
  const events$ = new Subject<TrainingEvent>();
  const alerts: Alert[] = [];
  const tell = (type: TrainingEvent['type'], step: number, more: object = {}) =>
    events$.next({time: 1.7e12, epoch: 0, run, step, type, ...more} as TrainingEvent);
  const alert = (told: Alert) => {
    alerts.push(told);
    tell('alert', 9, told);
  };
  recorder.consumer(events$, {alert} as TrainerServices);
  return {
    alerts,
    tell,
    alert,
    dispose: () => events$.complete(),
    fit(from: number, to: number) {
      tell('runBegin', from);
      tell('epochBegin', from);
      for (let step = from; step < to; step++) tell('step', step, {loss: 1});
      tell('runEnd', to);
    },
  };
}

const board = (...path: readonly string[]): string[] =>
  readdirSync(join(folder, 'tensorboard', ...path)).sort();

/** A `SessionLog` with the status START at a step below 128, as it is encoded. */
const startAt = (step: number): Buffer => Buffer.from([0x10, step, 0x3a, 2, 8, 1]);

const recorded = (): TrainingEvent[] =>
  readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrainingEvent);

/** An attempt that is killed after 30 steps, the last checkpoint being that of step 20. */
async function killedAttempt(): Promise<{events: number; run: string; stage: number}> {
  const recorder = await open();
  const {tell} = trainerOf(recorder, 'first');
  tell('runBegin', 0);
  tell('epochBegin', 0);
  for (let step = 0; step < 20; step++) tell('step', step, {loss: 1});
  const events = await recorder.flushed();
  for (let step = 20; step < 30; step++) tell('step', step, {loss: 1});
  await recorder.flushed();
  return {events, run: 'first', stage: 0};
}

describe('a resumed run', () => {
  beforeEach(async () => {
    const recorder = await open(await killedAttempt());
    const trainer = trainerOf(recorder, 'second');
    trainer.fit(20, 40);
    trainer.alert({rule: 'late', severity: 'info', message: ''});
    await recorder.close();
  });

  it('voids for TensorBoard the steps that are done again', () => {
    const files = board('train').map((name) => readFileSync(join(folder, 'tensorboard', 'train', name)));
    expect(files.map((file) => file.includes(startAt(20))).sort()).toEqual([false, true]);
  });

  it('has each event once, all under one id, those after its end too', () => {
    const events = recorded();
    const steps = events.filter(({type}) => type === 'step').map(({step}) => step);
    expect(steps).toEqual(Array.from({length: 40}, (_, step) => step));
    expect(events.filter(({type}) => type === 'runBegin')).toHaveLength(1);
    expect(new Set(events.map(({run}) => run))).toEqual(new Set(['first']));
  });
});

it('drops what an attempt without a checkpoint has told TensorBoard', async () => {
  await killedAttempt();
  const recorder = await open();
  trainerOf(recorder, 'second').fit(0, 5);
  await recorder.close();
  expect(board('train')).toHaveLength(1);
});

describe('stages', () => {
  let events: number;

  beforeEach(async () => {
    const recorder = await open();
    trainerOf(recorder, 'first').fit(0, 5);
    events = await recorder.flushed();
    trainerOf(recorder, 'second').fit(0, 5);
    await recorder.close();
  });

  it('have folders of their own for TensorBoard', () => {
    expect(board()).toEqual(['stage-2', 'train']);
    expect(board('train')).toHaveLength(1);
    expect(board('stage-2', 'train')).toHaveLength(1);
  });

  it('leave each other alone when one begins again', async () => {
    const [first] = board('train');
    const [second] = board('stage-2', 'train');
    const recorder = await open({events, stage: 1});
    trainerOf(recorder, 'third').fit(0, 5);
    await recorder.close();
    expect(board('train')).toEqual([first]);
    expect(board('stage-2', 'train')).toHaveLength(1);
    expect(board('stage-2', 'train')).not.toEqual([second]);
  });
});

describe('what cannot be written', () => {
  it('for TensorBoard is told by an alert among the events', async () => {
    const recorder = await open();
    writeFileSync(join(folder, 'tensorboard'), 'no folder');
    trainerOf(recorder, 'first').fit(0, 5);
    await recorder.flushed();
    await recorder.close();
    const alert = recorded().find((event) => event.type === 'alert');
    expect(alert).toMatchObject({rule: 'loggerDropped', run: 'first'});
  });

  it('of the events is told by an alert of the trainer', async () => {
    const recorder = await open();
    mkdirSync(join(folder, 'events.jsonl'));
    const {fit, alerts} = trainerOf(recorder, 'first');
    fit(0, 5);
    await recorder.flushed();
    await recorder.close();
    expect(alerts[0]).toMatchObject({rule: 'loggerDropped'});
    expect(alerts[0]!.message).toContain('events.jsonl');
  });

  it('is told by a warning once the trainer is disposed', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const recorder = await open();
    mkdirSync(join(folder, 'events.jsonl'));
    const {fit, dispose, alerts} = trainerOf(recorder, 'first');
    fit(0, 5);
    dispose();
    await recorder.flushed();
    await recorder.close();
    expect(alerts).toEqual([]);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('events.jsonl'), 'GradwireWarning');
    warn.mockRestore();
  });
});
