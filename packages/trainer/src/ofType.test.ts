import {concat, NEVER, of} from 'rxjs';
import {TestScheduler} from 'rxjs/testing';
import {describe, expect, it} from 'vitest';
import {ofType, type TrainingEvent} from './index.js';

const at = {run: 'r', step: 0, epoch: 0, time: 0};
const events = {
  b: {
    ...at,
    type: 'runBegin',
    epochs: 1,
    parameters: [],
    transforms: [],
    metrics: ['loss'],
    optimizer: 'SGD',
    backend: 'cpu',
    seed: 0,
  },
  s: {...at, type: 'step', batch: 0, size: 1, learningRate: 1, duration: 1},
  a: {...at, type: 'alert', rule: 'r', severity: 'info', message: 'm'},
  e: {...at, type: 'runEnd', reason: 'completed', duration: 1},
} satisfies Record<string, TrainingEvent>;

const marbles = (test: Parameters<TestScheduler['run']>[0]): void =>
  void new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);

describe('ofType', () => {
  it('lets events of one type pass, when they come', () => {
    marbles(({hot, expectObservable, expectSubscriptions}) => {
      const source = hot('-b-s-s-a-s-e-|', events);
      const expected = '  ---s-s---s---|';
      expectObservable(source.pipe(ofType('step'))).toBe(expected, events);
      expectSubscriptions(source.subscriptions).toBe('^------------!');
    });
  });

  it('lets several types pass', () => {
    marbles(({hot, expectObservable}) => {
      const source = hot('-b-s-s-a-s-e-|', events);
      const expected = '  -b-----a---e-|';
      expectObservable(source.pipe(ofType('alert', 'runBegin', 'runEnd'))).toBe(expected, events);
    });
  });

  it('lets nothing pass for no type', () => {
    marbles(({hot, expectObservable}) => {
      expectObservable(hot('-b-s-e-|', events).pipe(ofType())).toBe('-------|');
    });
  });

  it('misses what came before', () => {
    marbles(({hot, expectObservable}) => {
      expectObservable(hot('-s-^-s-|', events).pipe(ofType('step'))).toBe('--s-|', events);
    });
  });

  it('passes on an error', () => {
    marbles(({hot, expectObservable, expectSubscriptions}) => {
      const source = hot('-s-#', events);
      expectObservable(source.pipe(ofType('step'))).toBe('-s-#', events);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  it('never ends if its source never ends', () => {
    marbles(({expectObservable}) => {
      expectObservable(concat(of(events.s), NEVER).pipe(ofType('step'))).toBe('s', events);
    });
  });

  it('leaves its source when its subscriber leaves', () => {
    marbles(({hot, expectObservable, expectSubscriptions}) => {
      const source = hot('-s-s-s-|', events);
      expectObservable(source.pipe(ofType('step')), '^---!').toBe('-s-s', events);
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });
});
