import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {
  diagnose,
  diagnosis,
  diagnosisCaptures,
  type DiagnosisRule,
  type EventSource,
} from '@gradwire/capture';
import {
  type Alert,
  type AlertEvent,
  every,
  formatEvent,
  parseEvent,
  type TrainingEvent,
} from '@gradwire/core';
import {createTrainer, type EventConsumer, type Trainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {Subject} from 'rxjs';
import {describe, expect, it} from 'vitest';
import {EventScript} from '../../packages/capture/fixtures/eventScript.js';

/** Alerts at every second step of a run. */
const everySecond: DiagnosisRule = {
  id: 'everySecond',
  begin: () => {
    let steps = 0;
    return (event) =>
      event.type === 'step' && steps++ % 2 === 1 ? [{severity: 'info', message: `${steps}`}] : [];
  },
};

async function collect(events: EventSource, rules?: readonly DiagnosisRule[]): Promise<AlertEvent[]> {
  const alerts: AlertEvent[] = [];
  for await (const alert of diagnose(events, rules === undefined ? {} : {rules})) alerts.push(alert);
  return alerts;
}

async function* asynchronously(events: readonly TrainingEvent[]): AsyncGenerator<TrainingEvent> {
  for (const event of events) yield event;
}

describe('diagnose', () => {
  it('gives alerts the position of the event, and begins anew with each run', async () => {
    const {events} = new EventScript().step().step().step().begin().step().step();
    const alerts = await collect(events, [everySecond]);
    expect(alerts.map(({step, message}) => [step, message])).toEqual([
      [1, '2'],
      [1, '2'],
    ]);
    expect(alerts[0]).toEqual({
      ...alerts[0],
      type: 'alert',
      run: 'r',
      epoch: 0,
      time: 2,
      rule: 'everySecond',
    });
  });

  it('passes over what comes before the first run', async () => {
    expect(await collect(new EventScript().step().step().events.slice(1), [everySecond])).toEqual([]);
  });

  it('takes iterables, async iterables and observables alike', async () => {
    const {events} = new EventScript().step().step();
    const expected = await collect(events, [everySecond]);
    expect(await collect(asynchronously(events), [everySecond])).toEqual(expected);
    const subject = new Subject<TrainingEvent>();
    const alerts = collect(subject, [everySecond]);
    for (const event of events) subject.next(event);
    subject.complete();
    expect(await alerts).toEqual(expected);
  });

  it('throws what a stream throws, after the alerts before it', async () => {
    const subject = new Subject<TrainingEvent>();
    const alerts = diagnose(subject, {rules: [everySecond]});
    const first = alerts.next();
    for (const event of new EventScript().step().step().events) subject.next(event);
    subject.error(new Error('gone'));
    expect((await first).value).toMatchObject({rule: 'everySecond'});
    await expect(alerts.next()).rejects.toThrow('gone');
  });

  it('unsubscribes when the loop is left', async () => {
    const subject = new Subject<TrainingEvent>();
    const alerts = diagnose(subject, {rules: [everySecond]});
    const first = alerts.next();
    for (const event of new EventScript().step().step().events) subject.next(event);
    await first;
    expect(subject.observed).toBe(true);
    await alerts.return();
    expect(subject.observed).toBe(false);
  });

  it.each<[string, unknown, unknown, string]>([
    [
      'no source',
      7,
      {},
      'diagnose: events must be an iterable, an async iterable or an observable, got the number 7.',
    ],
    [
      'rules that are no list',
      [],
      {rules: everySecond},
      'diagnose: rules must be a list, got a plain object.',
    ],
    [
      'a rule that was not called',
      [],
      {rules: [diagnosis]},
      'diagnose: rules must have id and begin, got the function diagnosis. Was it not called?',
    ],
    ['a typo', [], {rule: []}, "diagnose: there is no option 'rule'. Options: rules."],
  ])('rejects %s', (_name, events, options, message) => {
    expect(() => diagnose(events as TrainingEvent[], options as object)).toThrow(new TypeError(message));
  });
});

it('rejects two rules with one id', () => {
  expect(() => diagnose([], {rules: [everySecond, everySecond]})).toThrow(
    new Error("diagnose: two rules have the id 'everySecond'; alerts could not tell them apart."),
  );
});

describe('a training', () => {
  /** Dead units, and labels that cannot be learnt from them. */
  function illTrainer(consumers: readonly EventConsumer[] = []): Trainer {
    const biasInitializer = tf.initializers.constant({value: -50});
    const model = tf.sequential({
      layers: [
        tf.layers.dense({units: 8, activation: 'relu', inputShape: [2], biasInitializer, name: 'dead'}),
        tf.layers.dense({units: 1, name: 'last'}),
      ],
    });
    const captures = diagnosisCaptures({when: every(1)});
    return createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.01),
      captures,
      consumers,
    });
  }
  const data = {x: tf.ones([32, 2]), y: tf.ones([32, 1])};
  const options = {epochs: 10, batchSize: 16};

  it('gives the same alerts live, and from a file of its events', async () => {
    const trainer = illTrainer();
    const folder = mkdtempSync(join(tmpdir(), 'gradwire-diagnose-'));
    const file = join(folder, 'run.jsonl');
    const lines: string[] = [];
    trainer.events$.subscribe((event) => lines.push(formatEvent(event)));
    const live = await collect(trainer.run(data, options));
    writeFileSync(file, lines.join('\n'));
    const recorded = await collect(readFileSync(file, 'utf8').split('\n').map(parseEvent));
    rmSync(folder, {recursive: true});
    trainer.dispose();
    expect(live.map(({rule}) => rule)).toContain('deadUnits');
    expect(recorded).toEqual(live);
  });

  it('finds alerts of a diagnosis in its own stream, those that diagnose gives', async () => {
    const trainer = illTrainer([diagnosis()]);
    const events: TrainingEvent[] = [];
    trainer.events$.subscribe((event) => events.push(event));
    await trainer.fit(data, options);
    trainer.dispose();
    const withoutTime = ({time: _time, ...alert}: AlertEvent): Alert => alert;
    const inStream = events.filter((event) => event.type === 'alert').map(withoutTime);
    expect(inStream.map(({rule}) => rule)).toContain('deadUnits');
    expect(inStream).toEqual((await collect(events)).map(withoutTime));
  });
});

describe('a consumer', () => {
  it('does not feed its rules their own alerts, and survives one that throws', async () => {
    const echo: DiagnosisRule = {
      id: 'echo',
      begin:
        () =>
        ({type}) => [{severity: 'info', message: type}],
    };
    const throwing: DiagnosisRule = {
      id: 'throwing',
      begin: () => () => {
        throw new Error('no');
      },
    };
    const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]});
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.1),
      consumers: [diagnosis({rules: [throwing, echo]})],
    });
    const alerts: AlertEvent[] = [];
    trainer.events$.subscribe((event) => event.type === 'alert' && alerts.push(event));
    await trainer.fit({x: tf.ones([2, 1]), y: tf.ones([2, 1])});
    trainer.dispose();
    expect(alerts.filter(({rule}) => rule === 'ruleFailed')).toHaveLength(1);
    const seen = alerts.filter(({rule}) => rule === 'echo').map(({message}) => message);
    expect(seen).toEqual(['epochBegin', 'step', 'epochEnd', 'runEnd']);
  });
});

describe('diagnosisCaptures', () => {
  it('leaves out the layers of a model that has none', () => {
    const names = (layers: boolean) => diagnosisCaptures({when: every(1), layers}).map(({name}) => name);
    expect(names(false)).toEqual(['gradientStats', 'updateStats']);
    expect(names(true)).toEqual([...names(false), 'activationStats', 'backwardStats', 'unitActivity']);
  });

  it('rejects what it does not know', () => {
    const call = (options: object) => () =>
      diagnosisCaptures(options as Parameters<typeof diagnosisCaptures>[0]);
    expect(call({when: 10})).toThrow(
      'diagnosisCaptures: when must be a step schedule, e.g. every(10), got the number 10.',
    );
    expect(call({when: every(1), layers: 'no'})).toThrow(
      "diagnosisCaptures: layers must be true or false, got the string 'no'.",
    );
  });
});
