import type {Alert, TrainingEvent} from '@gradwire/trainer';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {concat, EMPTY, NEVER, of, Subject, throwError} from 'rxjs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {alert, runEnd, step} from '../fixtures/events.js';
import type {Append} from './boundedWriter.js';
import {fileLogger, isImportant} from './fileLogger.js';

const warnings = vi.fn<(warning: string | Error) => void>();
beforeEach(() => {
  vi.spyOn(process, 'emitWarning').mockImplementation(warnings);
});
afterEach(() => {
  vi.restoreAllMocks();
  warnings.mockReset();
});

/** A logger of the types of events, one a line. */
function logger(append: Append, maxBytes = 1_000) {
  return fileLogger('log run.txt', maxBytes, ({open}) => {
    const writer = open(append);
    return (event) => writer.push(Buffer.from(`${event.type}\n`), isImportant(event));
  });
}

function collect() {
  const chunks: string[] = [];
  const append: Append = async (bytes) => {
    chunks.push(Buffer.from(bytes).toString());
    return bytes.length;
  };
  return {append, text: () => chunks.join('')};
}

const never: Append = () => new Promise(() => {});
const broken: Append = () => Promise.reject(new Error('EIO: i/o error, write'));

describe('a stream', () => {
  it('that never sends leaves nothing to wait for', async () => {
    const {append, text} = collect();
    const log = logger(append);
    log(NEVER).unsubscribe();
    await log.flushed();
    expect(text()).toBe('');
  });

  it('that is empty ends the subscription', () => {
    expect(logger(never)(EMPTY).closed).toBe(true);
  });

  it('that fails is told of, and what came before is kept', async () => {
    const {append, text} = collect();
    const log = logger(append);
    log(
      concat(
        of(step()),
        throwError(() => new Error('no such layer')),
      ),
    );
    await log.flushed();
    expect(text()).toBe('step\n');
    expect(warnings.mock.calls[0]?.[0]).toBe(
      'log run.txt: the stream of events failed: Error: no such layer',
    );
  });

  it('that is left early is written as far as it was seen', async () => {
    const {append, text} = collect();
    const log = logger(append);
    const events$ = new Subject<TrainingEvent>();
    const subscription = log(events$);
    events$.next(step());
    subscription.unsubscribe();
    events$.next(runEnd());
    await log.flushed();
    expect(text()).toBe('step\n');
  });

  it('may be one of several', async () => {
    const {append, text} = collect();
    const log = logger(append);
    log(of<TrainingEvent>(step()));
    log(of<TrainingEvent>(runEnd()));
    await log.flushed();
    expect(text()).toBe('step\nrunEnd\n');
  });
});

describe('what is lost', () => {
  it('is told by an alert: the first at once, the others in the end', () => {
    const alerts: Alert[] = [];
    const events$ = new Subject<TrainingEvent>();
    logger(never, 32)(events$, {alert: (given) => alerts.push(given)});
    for (let i = 0; i < 50; i++) events$.next(step());
    events$.next(runEnd());
    expect(alerts).toEqual([
      {
        rule: 'loggerDropped',
        severity: 'warning',
        message: 'log run.txt: 1 event dropped: the disk is slower than the training.',
      },
      {
        rule: 'loggerDropped',
        severity: 'warning',
        message: 'log run.txt: 45 events dropped: the disk is slower than the training.',
      },
    ]);
  });

  it('is told again after some seconds', () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const alerts: Alert[] = [];
    const events$ = new Subject<TrainingEvent>();
    logger(never, 10)(events$, {alert: (given) => alerts.push(given)});
    for (const time of [0, 1, 4_999, 5_000, 5_001]) {
      clock.mockReturnValue(time);
      for (let i = 0; i < 10; i++) events$.next(step());
    }
    expect(alerts.map(({message}) => /\d+/.exec(message)?.[0])).toEqual(['1', '30']);
  });

  it('is told by a warning where there is only a stream', () => {
    logger(never, 10)(of(...Array.from({length: 4}, () => step())));
    expect(warnings.mock.calls.map(([text]) => text)).toEqual([
      'log run.txt: 1 event dropped: the disk is slower than the training.',
      'log run.txt: 3 events dropped: the disk is slower than the training.',
    ]);
  });

  it('is told with the reason where writing fails', async () => {
    const alerts: Alert[] = [];
    const log = logger(broken);
    log(concat(of<TrainingEvent>(step()), NEVER), {alert: (given) => alerts.push(given)});
    await log.flushed();
    expect(alerts.map(({message}) => message)).toEqual([
      'log run.txt: writing fails (EIO: i/o error, write) and is tried again; no event is lost yet.',
    ]);
  });

  it('is nothing to tell of where all went well', async () => {
    const log = logger(collect().append);
    log(of(...([step(), alert('!'), runEnd()] as readonly TrainingEvent[])));
    await log.flushed();
    expect(warnings).not.toHaveBeenCalled();
  });
});

describe('a training', () => {
  const sinks: readonly (readonly [string, Append])[] = [
    ['blocks for ever', never],
    ['fails', broken],
    [
      'throws',
      () => {
        throw new Error('no sink');
      },
    ],
  ];

  it.each(sinks)('is done, and tells of the loss, while the sink %s', async (_what, append) => {
    const trainer = createTrainer({
      model: tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.1),
      consumers: [logger(append, 100)],
    });
    const alerts: string[] = [];
    trainer.events$.subscribe((event) => {
      if (event.type === 'alert') alerts.push(event.rule);
    });
    const {reason} = await trainer.fit({x: tf.ones([64, 2]), y: tf.ones([64, 1])}, {epochs: 10});
    trainer.dispose();
    expect(reason).toBe('completed');
    expect(new Set(alerts)).toEqual(new Set(['loggerDropped']));
  });
});
