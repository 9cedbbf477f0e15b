import {Writable} from 'node:stream';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {FakeTerminal} from '../fixtures/fakeTerminal.js';
import {taskProgress} from './taskProgress.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);

/** A stream into a file. */
const file = () => {
  const lines: string[] = [];
  return {lines, write: (text: string) => lines.push(text)};
};

describe('on a terminal', () => {
  it('shows a line per running task, and one of the whole', () => {
    const stream = new FakeTerminal();
    const progress = taskProgress({total: 4, stream, label: 'grid'});
    progress.update('sgd', {fraction: 0});
    progress.update('momentum', {fraction: 0, text: 'epoch 1/10'});
    after(10_000);
    progress.update('sgd', {fraction: 0.6, text: 'epoch 6/10\n loss 0.482'});
    progress.update('momentum', {fraction: 0.4, text: 'epoch 4/10'});
    after(100);
    expect(stream.screen).toEqual([
      'sgd      [======>---]  60% epoch 6/10 loss 0.482',
      'momentum [====>-----]  40% epoch 4/10',
      'grid 0/4 done [==>-------] ETA 30s',
    ]);
  });

  it('takes away the line of a task that is done, and leaves its text', () => {
    const stream = new FakeTerminal();
    const progress = taskProgress({total: 2, stream});
    progress.update('a', {fraction: 0.5});
    progress.update('b', {fraction: 0.5});
    progress.done('a', 'accuracy 0.91');
    progress.done('b');
    after(100);
    expect(stream.screen).toEqual(['a: accuracy 0.91', '2/2 done [==========] ETA 0s']);
  });

  it('shows a single task on one line, and takes it away', () => {
    const stream = new FakeTerminal();
    const progress = taskProgress({total: 1, stream});
    progress.update('mnist.gz', {fraction: 0});
    after(3_000);
    progress.update('mnist.gz', {fraction: 0.25, text: '3.2 MB'});
    after(1);
    expect(stream.screen).toEqual(['mnist.gz [==>-------]  25% 3.2 MB ETA 9s']);
    progress.done('mnist.gz');
    progress.close();
    expect(stream.screen).toEqual([]);
  });

  it('never writes into the last column', () => {
    const stream = new FakeTerminal(30);
    const progress = taskProgress({total: 2, stream, label: 'a label that is far too long for this'});
    progress.update('a name that is far too long for this', {fraction: 0.5, text: 'x'.repeat(50)});
    expect(Math.max(...stream.screen.map(({length}) => length))).toBe(29);
  });

  it('keeps the line of the whole where there are more tasks than rows', () => {
    const stream = new FakeTerminal(80, 5);
    const progress = taskProgress({total: 20, stream});
    for (let i = 0; i < 20; i++) progress.update(`task ${i}`, {fraction: 0.5});
    after(100);
    expect(stream.screen.at(-1)).toContain('0/20 done');
  });

  it('is painted at most ten times a second, and what came last is shown', () => {
    const stream = new FakeTerminal();
    const progress = taskProgress({total: 1, stream});
    for (let i = 0; i <= 1000; i++, after(1)) progress.update('a', {fraction: i / 1000});
    after(100);
    expect(stream.writes.length).toBeLessThanOrEqual(12);
    expect(stream.screen[0]).toContain('100%');
  });

  it('puts lines above the bars', () => {
    const stream = new FakeTerminal();
    const progress = taskProgress({total: 2, stream});
    progress.update('a', {fraction: 0.5});
    progress.print('A seed was used twice.');
    expect(stream.screen).toEqual(['A seed was used twice.', 'a [=====>----]  50%', '0/2 done [==>-------]']);
  });

  it('never hides the cursor', () => {
    const stream = new FakeTerminal();
    taskProgress({total: 2, stream}).update('a', {fraction: 0.5});
    expect(stream.writes.join('')).not.toContain('\x1b[?25l');
  });

  it('leaves one line, and no timer, when it is closed', () => {
    const stream = new FakeTerminal();
    const progress = taskProgress({total: 3, stream});
    progress.update('a', {fraction: 0.5});
    progress.update('a', {fraction: 0.6});
    after(65_000);
    progress.done('a');
    progress.close();
    progress.close();
    progress.update('b', {fraction: 0.5});
    expect(stream.screen).toEqual(['1/3 done in 1:05']);
    after(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('into a file', () => {
  it('writes a line when a task is done, and one every 30 s for the whole', () => {
    const stream = file();
    const progress = taskProgress({total: 3, stream, label: 'grid'});
    for (let second = 0; second <= 60; second++, after(1_000)) progress.update('a', {fraction: second / 100});
    progress.done('a');
    progress.done('b', 'accuracy 0.91');
    progress.close();
    expect(stream.lines).toEqual([
      'grid 0/3 done, 10%, ETA 4:30\n',
      'grid 0/3 done, 20%, ETA 4:00\n',
      'grid a: done\n',
      'grid b: accuracy 0.91\n',
      'grid 2/3 done in 1:01\n',
    ]);
  });

  it('tells of a single task', () => {
    const stream = file();
    const progress = taskProgress({total: 1, stream});
    progress.update('mnist.gz', {fraction: 0});
    after(30_000);
    progress.update('mnist.gz', {fraction: 0.75, text: '9.1 MB'});
    progress.done('mnist.gz');
    progress.close();
    expect(stream.lines).toEqual(['mnist.gz 9.1 MB, 75%, ETA 10s\n', 'mnist.gz: done\n']);
  });

  it('puts lines as they are', () => {
    const stream = file();
    taskProgress({total: 1, stream, label: 'grid'}).print('  a\tb');
    expect(stream.lines).toEqual(['  a\tb\n']);
  });

  it('counts a task once', () => {
    const stream = file();
    const progress = taskProgress({total: 2, stream});
    progress.done('a');
    progress.update('a', {fraction: 0.5});
    progress.done('a');
    progress.close();
    expect(stream.lines).toEqual(['a: done\n', '1/2 done in 0s\n']);
  });
});

describe('a stream that is lost', () => {
  it('ends nothing when it throws', () => {
    const write = vi.fn<() => void>(() => {
      throw new Error('EIO');
    });
    const progress = taskProgress({total: 2, stream: {isTTY: true, write}});
    progress.update('a', {fraction: 0.5});
    progress.update('a', {fraction: 0.6});
    after(200);
    progress.print('x');
    progress.done('a', 'y');
    progress.close();
    expect(write).toHaveBeenCalledOnce();
  });

  it('ends nothing when it fails later, and has no listener left while it works', async () => {
    const failures: Error[] = [];
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(failures.pop()),
    });
    const progress = taskProgress({total: 3, stream});
    progress.done('a');
    expect(stream.listenerCount('error')).toBe(0);
    failures.push(new Error('EPIPE'));
    progress.done('b');
    await new Promise((resolve) => stream.once('close', resolve));
    progress.done('c');
    progress.close();
    expect(stream.errored).toEqual(new Error('EPIPE'));
  });
});

it.each([
  [{total: -1}, RangeError, 'taskProgress: total must be a whole number >= 0, got -1.'],
  [{total: 1.5}, RangeError, 'taskProgress: total must be a whole number >= 0, got 1.5.'],
  [{total: 1, stream: {}}, TypeError, 'taskProgress: stream must have a write method, got a plain object.'],
  [{totals: 1}, TypeError, "taskProgress: there is no option 'totals'. Options: total, stream, label."],
])('rejects %j', (options, type, message) => {
  const call = () => taskProgress(options as never);
  expect(call).toThrow(type);
  expect(call).toThrow(message);
});
