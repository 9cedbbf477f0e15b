import type {RunEndEvent, TrainingEvent} from '@gradwire/trainer';
import {EMPTY, from, NEVER, Subject, of, throwError} from 'rxjs';
import {describe, expect, it, vi} from 'vitest';
import {progress, type ProgressOptions} from './progress.js';

type WithoutPosition<E> = E extends TrainingEvent ? Omit<E, 'run' | 'step' | 'epoch' | 'time'> : never;

/** A stream that remembers what was written, and shows what a terminal would. */
class FakeStream {
  readonly writes: string[] = [];
  constructor(
    readonly isTTY: boolean,
    public columns?: number,
  ) {}

  write(text: string): boolean {
    this.writes.push(text);
    return true;
  }

  /** What is to be read, line by line. */
  get screen(): string[] {
    const lines = [''];
    for (const part of this.writes
      .join('')
      .replaceAll('\x1b', '␛')
      .split(/(\r|\n|␛\[K|␛\[\?7[lh])/)) {
      const last = lines.length - 1;
      if (part === '\n') lines.push('');
      else if (part === '\r') lines[last] = '';
      else if (!part.startsWith('␛')) lines[last] += part;
    }
    return lines;
  }
}

/** A training that happens in no time: `at` and `after` turn the clock. */
function training(options: ProgressOptions & {stream: FakeStream}) {
  const events$ = new Subject<TrainingEvent>();
  const subscription = progress(options)(events$);
  let time = 1_700_000_000_000;
  let step = 0;
  let epoch = 0;
  const emit = (event: WithoutPosition<TrainingEvent>) =>
    events$.next({...event, run: 'r', step, epoch, time} as TrainingEvent);
  const self = {
    events$,
    subscription,
    emit,
    after: (milliseconds: number) => {
      time += milliseconds;
      return self;
    },
    begin: (epochs: number, stepsPerEpoch?: number) => {
      epoch = 0;
      emit({
        type: 'runBegin',
        epochs,
        ...(stepsPerEpoch === undefined ? {} : {stepsPerEpoch}),
        parameters: [],
        transforms: [],
        metrics: [],
        optimizer: 'SGD',
        backend: 'cpu',
        seed: 1,
      });
      return self;
    },
    epoch: (number: number) => {
      epoch = number;
      emit({type: 'epochBegin'});
      return self;
    },
    steps: (count: number, milliseconds: number, loss?: number) => {
      for (let batch = 0; batch < count; batch++, step++) {
        time += milliseconds;
        emit({
          type: 'step',
          batch,
          size: 32,
          learningRate: 0.1,
          duration: milliseconds,
          ...(loss === undefined ? {} : {loss}),
        });
      }
      return self;
    },
    epochEnd: (logs: Record<string, number> = {}) => {
      emit({type: 'epochEnd', logs, duration: 1});
      return self;
    },
    alert: (message: string, rule = 'nonFiniteLoss') => {
      emit({type: 'alert', rule, severity: 'warning', message});
      return self;
    },
    end: (reason: RunEndEvent['reason'], duration = 1000, error?: RunEndEvent['error']) => {
      emit({type: 'runEnd', reason, duration, ...(error === undefined ? {} : {error})});
      return self;
    },
  };
  return self;
}

const terminal = (columns?: number) => new FakeStream(true, columns);
const file = () => new FakeStream(false);

describe('on a terminal', () => {
  it('shows epoch, batch, loss, metrics, speed and time left on one line', () => {
    const stream = terminal(120);
    training({stream})
      .begin(10, 20)
      .epoch(0)
      .steps(20, 100, 0.75)
      .epochEnd({loss: 0.75, acc: 0.5, val_loss: 0.7})
      .epoch(1)
      .steps(10, 100, 0.6);
    expect(stream.screen).toEqual([
      'epoch 2/10 [===>----------------] batch 10/20 loss 0.600 acc 0.500 val_loss 0.700 10.0/s ETA 17s',
    ]);
  });

  it('shows the mean of the losses in the epoch, weighted as in the logs', () => {
    const stream = terminal();
    training({stream}).begin(1, 20).epoch(0).steps(5, 100, 1).steps(5, 100, 3);
    expect(stream.screen[0]).toContain(' loss 2.00 ');
  });

  it.each([79, 60, 40, 25, 12, 5, 1])('never writes into the last of %i columns', (columns) => {
    const stream = terminal(columns);
    training({stream, label: 'run 7'})
      .begin(100, 1000)
      .epoch(0)
      .steps(1000, 100, 0.75)
      .epochEnd({loss: 0.7512, acc: 0.5, val_loss: 0.6812, val_acc: 0.5})
      .epoch(1)
      .steps(500, 100, 1.234e-9);
    expect(Math.max(...stream.screen.map((line) => line.length))).toBeLessThan(columns);
  });

  it('gives up the least needed first where there is no room', () => {
    const at = (columns: number) => {
      const stream = terminal(columns);
      training({stream})
        .begin(10, 20)
        .epoch(0)
        .steps(20, 100, 0.75)
        .epochEnd({loss: 0.75, acc: 0.5, val_loss: 0.7, val_acc: 0.6})
        .epoch(1)
        .steps(10, 100, 0.6);
      return stream.screen[0];
    };
    expect(at(80)).toBe('epoch 2/10 [=>----------] 10/20 loss 0.600 val_loss 0.700 val_acc 0.600 ETA 17s');
    expect(at(50)).toBe('epoch 2/10 [=>---------] 10/20 loss 0.600 ETA 17s');
    expect(at(30)).toBe('epoch 2/10 loss 0.600 ETA 17s');
    expect(at(15)).toBe('epoch 2/10');
  });

  it('follows the width of the terminal, and takes 80 columns where it is not known', () => {
    const stream = terminal(0);
    const run = training({stream}).begin(10, 20).epoch(0).steps(10, 100, 0.5);
    const wide = stream.screen[0] as string;
    stream.columns = 20;
    run.steps(1, 100, 0.5);
    expect(wide.length).toBeGreaterThan(40);
    expect((stream.screen[0] as string).length).toBeLessThan(20);
  });

  it('is painted at the beginning, then at most ten times a second', () => {
    const stream = terminal();
    const run = training({stream}).begin(1, 5000);
    expect(stream.writes).toHaveLength(1);
    run.epoch(0).steps(3000, 1, 0.5);
    expect(stream.writes.length).toBeGreaterThan(25);
    expect(stream.writes.length).toBeLessThanOrEqual(31);
  });

  it('does not mind a clock that is set back', () => {
    const stream = terminal();
    training({stream}).begin(1, 10).epoch(0).steps(2, 100, 0.5).after(-3_600_000).steps(2, 100, 0.25);
    expect(stream.screen[0]).toContain('2/10');
  });

  it('counts batches without a total until the first epoch has told it', () => {
    const stream = terminal();
    const run = training({stream}).begin(2).epoch(0).steps(7, 100, 0.5);
    expect(stream.screen[0]).toBe('epoch 1/2 [>-------------------] batch 7 loss 0.500 10.0/s');
    run.epochEnd({loss: 0.5}).epoch(1).steps(3, 100, 0.5);
    expect(stream.screen[0]).toBe('epoch 2/2 [==============>-----] batch 3/7 loss 0.500 10.0/s ETA 0s');
  });

  it('leaves a line that says how the run ended, and the cursor below it', () => {
    const stream = terminal();
    training({stream, label: 'a'})
      .begin(1, 2)
      .epoch(0)
      .steps(2, 100, 0.5)
      .epochEnd({loss: 0.5, val_loss: 0.25})
      .end('completed', 12_345);
    expect(stream.screen).toEqual(['a completed after 1 epoch in 12s: loss 0.500 val_loss 0.250', '']);
  });

  it.each(['stopped', 'earlyStopped', 'diverged'] as const)('tells a run that %s', (reason) => {
    const stream = terminal();
    training({stream}).begin(3, 2).epoch(0).steps(1, 100, 0.5).end(reason, 61_000);
    expect(stream.screen).toEqual([`${reason} after 0/3 epochs (1 steps) in 1:01: loss 0.500`, '']);
  });

  it('tells why a run failed, on one line', () => {
    const stream = terminal();
    training({stream}).begin(3).end('failed', 40, {name: 'TypeError', message: 'no\n  such\x1b[2J layer'});
    expect(stream.screen).toEqual([
      'failed after 0/3 epochs (0 steps) in 0s: TypeError: no such [2J layer',
      '',
    ]);
  });

  it('puts an alert above the bar', () => {
    const stream = terminal();
    const run = training({stream}).begin(3, 2);
    const bar = stream.screen[0];
    run.alert('The loss is NaN.');
    expect(stream.screen).toEqual(['alert at step 0: nonFiniteLoss: The loss is NaN.', bar]);
  });

  it('shows run after run', () => {
    const stream = terminal();
    training({stream})
      .begin(1, 1)
      .epoch(0)
      .steps(1, 100, 0.5)
      .epochEnd({loss: 0.5})
      .end('completed')
      .begin(2, 1)
      .epoch(0)
      .steps(1, 100, 0.25);
    expect(stream.screen).toEqual([
      'completed after 1 epoch in 1s: loss 0.500',
      'epoch 1/2 [==========>---------] batch 1/1 loss 0.250 10.0/s ETA 0s',
    ]);
  });

  it('shows what it knows of a run that it joined midway', () => {
    const stream = terminal();
    training({stream}).epoch(6).steps(3, 100, 0.5);
    expect(stream.screen).toEqual(['epoch 7 batch 3 loss 0.500 10.0/s']);
  });

  it('neither hides the cursor nor leaves wrapping off', () => {
    const stream = terminal();
    training({stream}).begin(3, 2).epoch(0).steps(2, 100, 0.5).alert('!');
    expect(stream.writes.join('')).not.toContain('\x1b[?25l');
    for (const text of stream.writes) {
      expect(text.lastIndexOf('\x1b[?7h')).toBeGreaterThanOrEqual(text.lastIndexOf('\x1b[?7l'));
    }
  });
});

describe('into a file', () => {
  it('writes a line per epoch without control characters', () => {
    const stream = file();
    training({stream})
      .begin(3, 10)
      .epoch(0)
      .steps(10, 200, 0.75)
      .epochEnd({loss: 0.75, val_loss: 0.7})
      .epoch(1)
      .steps(10, 200, 0.5)
      .epochEnd({loss: 0.5, val_loss: 0.6})
      .end('stopped', 4000);
    expect(stream.writes).toEqual([
      'epoch 1/3: loss 0.7500 val_loss 0.7000, 5.00 steps/s, ETA 4s\n',
      'epoch 2/3: loss 0.5000 val_loss 0.6000, 5.00 steps/s, ETA 2s\n',
      'stopped after 2/3 epochs (20 steps) in 4s: loss 0.500 val_loss 0.600\n',
    ]);
  });

  it('thins out fast epochs to a line per second, and the last', () => {
    const stream = file();
    const run = training({stream}).begin(100, 3);
    for (let epoch = 0; epoch < 100; epoch++) run.epoch(epoch).steps(3, 10, 0.5).epochEnd({loss: 0.5});
    run.end('completed', 3000);
    expect(stream.writes.map((line) => line.split(':')[0])).toEqual([
      'epoch 1/100',
      'epoch 35/100',
      'epoch 69/100',
      'completed after 100 epochs in 3s',
    ]);
  });

  it('gives a sign of life every 30 s within a long epoch', () => {
    const stream = file();
    training({stream, label: 'a'}).begin(1, 1000).epoch(0).steps(100, 1000, 0.5);
    expect(stream.writes).toEqual([
      'a epoch 1/1 batch 29/1000: loss 0.5000, 1.00 steps/s, ETA 16:11\n',
      'a epoch 1/1 batch 59/1000: loss 0.5000, 1.00 steps/s, ETA 15:41\n',
      'a epoch 1/1 batch 89/1000: loss 0.5000, 1.00 steps/s, ETA 15:11\n',
    ]);
  });

  it('holds back a rule that fires at every step, and counts it', () => {
    const stream = file();
    const run = training({stream}).begin(1);
    for (let i = 0; i < 250; i++) run.steps(1, 10).alert(`The loss is NaN, ${i}.`);
    run.end('stopped', 2500);
    expect(stream.writes).toEqual([
      'alert at step 1: nonFiniteLoss: The loss is NaN, 0.\n',
      '99 more alerts of nonFiniteLoss\n',
      'alert at step 101: nonFiniteLoss: The loss is NaN, 100.\n',
      '99 more alerts of nonFiniteLoss\n',
      'alert at step 201: nonFiniteLoss: The loss is NaN, 200.\n',
      '49 more alerts of nonFiniteLoss\n',
      'stopped after 0/1 epochs (250 steps) in 2.5s\n',
    ]);
  });

  it('writes all alerts of one step', () => {
    const stream = file();
    training({stream})
      .begin(1)
      .alert('dense_1', 'dead')
      .alert('dense_2', 'dead')
      .alert('dense_1', 'saturated');
    expect(stream.writes).toHaveLength(3);
  });

  it('says what may help', () => {
    const stream = file();
    const offer = (name: string) => ({name, package: '@gradwire/clipping', doc: 'docs/transforms.md'});
    const remedies = [offer('clipByGlobalNorm'), offer('autoClip')];
    const alert = {
      type: 'alert',
      rule: 'explodingGradients',
      severity: 'error',
      message: 'They grow.',
      remedies,
    };
    progress({stream})(of({...alert, step: 3, time: 0, epoch: 0, run: 'r'} as TrainingEvent));
    expect(stream.writes).toEqual([
      'alert at step 3: explodingGradients: They grow. Try clipByGlobalNorm, autoClip.\n',
    ]);
  });

  it('tells of captures that fail', () => {
    const stream = file();
    const failed = {
      type: 'captureFailed',
      capture: 'stats',
      error: {name: 'Error', message: 'No such layer.'},
    };
    const events = [0, 1, 2].map((step) => ({
      ...failed,
      disabled: step === 2,
      step,
      time: 5000 * step,
      epoch: 0,
      run: 'r',
    }));
    progress({stream})(from(events as TrainingEvent[]));
    expect(stream.writes).toEqual([
      'alert at step 0: capture stats: No such layer.\n',
      'alert at step 1: capture stats: No such layer.\n',
      'alert at step 2: capture stats: No such layer. It is left out from now on.\n',
    ]);
  });
});

describe('the subscription', () => {
  const atStart = {type: 'runBegin', epochs: 2, time: 0, epoch: 0, step: 0} as TrainingEvent;

  it.each([
    ['never', NEVER],
    ['empty', EMPTY],
  ])('writes nothing for a stream that is %s', (_, events$) => {
    for (const stream of [terminal(), file()]) {
      progress({stream})(events$).unsubscribe();
      expect(stream.writes).toEqual([]);
    }
  });

  it('tells the error of a stream, and throws it at nobody', async () => {
    const unhandled = vi.fn<(error: unknown) => void>();
    process.on('uncaughtException', unhandled);
    const stream = file();
    progress({stream})(throwError(() => new Error('broken')));
    await new Promise((resolve) => setTimeout(resolve));
    process.off('uncaughtException', unhandled);
    expect(stream.writes).toEqual(['the stream of events failed: Error: broken\n']);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('is over when the stream completes within a run, with the cursor below the bar', () => {
    const stream = terminal();
    const subscription = progress({stream})(of(atStart));
    expect(subscription.closed).toBe(true);
    expect(stream.screen).toEqual(['epoch 1/2 [>-------------------]', '']);
  });

  it('ends within a run with the cursor below the bar, and nothing is written after that', () => {
    const stream = terminal();
    const run = training({stream}).begin(2, 3).epoch(0).steps(1, 100);
    run.subscription.unsubscribe();
    expect(run.events$.observed).toBe(false);
    expect(stream.screen.at(-1)).toBe('');
    const {length} = stream.writes;
    run.steps(2, 1000).alert('!').end('completed');
    expect(stream.writes).toHaveLength(length);
  });

  it('adds nothing if it ends between runs', () => {
    const stream = terminal();
    const run = training({stream}).begin(2, 3).end('stopped');
    const {length} = stream.writes;
    run.subscription.unsubscribe();
    expect(stream.writes).toHaveLength(length);
  });

  it('survives a stream that throws, and leaves it alone from then on', () => {
    const write = vi.fn<(text: string) => void>(() => {
      throw new Error('EPIPE');
    });
    const stream = Object.assign(terminal(), {write});
    const other = vi.fn<(event: TrainingEvent) => void>();
    const run = training({stream});
    run.events$.subscribe(other);
    run.begin(2, 3).epoch(0).steps(2, 1000).end('completed').subscription.unsubscribe();
    expect(write).toHaveBeenCalledOnce();
    expect(other).toHaveBeenCalledTimes(5);
  });

  it('keeps apart what shows two trainers', () => {
    const stream = file();
    const consumer = progress({stream});
    const [a$, b$] = [new Subject<TrainingEvent>(), new Subject<TrainingEvent>()];
    consumer(a$);
    consumer(b$);
    a$.next(atStart);
    b$.next({type: 'runEnd', reason: 'stopped', duration: 0, epoch: 0, step: 0, time: 0} as TrainingEvent);
    expect(stream.writes).toEqual(['stopped after 0 epochs in 0s\n']);
  });

  it('writes to stderr unless told otherwise', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    progress()(of(atStart, {...atStart, type: 'alert', rule: 'r', message: 'm'} as TrainingEvent));
    expect(write.mock.calls.join('')).toContain('alert at step 0: r: m');
    write.mockRestore();
  });
});

it.each([
  [{stream: {}}, 'progress: stream must have a write method, got a plain object.'],
  [{stream: null}, 'progress: stream must have a write method, got null.'],
  [{label: 7}, 'progress: label must be a string, got 7.'],
])('rejects %j', (options, message) => {
  expect(() => progress(options as never)).toThrow(new TypeError(message));
});
