import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import type {Alert, TrainingEvent} from '@gradwire/trainer';
import fc from 'fast-check';
import {concat, NEVER, of} from 'rxjs';
import {describe, expect, it} from 'vitest';
import {epochEnd, runBegin, runEnd, step} from '../fixtures/events.js';
import {temporaryFolder} from '../fixtures/temporaryFolder.js';
import {csv, type CsvOptions} from './csv.js';

const path = temporaryFolder();
const text = (name: string) => readFileSync(path(name), 'utf8');

async function log(events: readonly TrainingEvent[], options?: CsvOptions): Promise<Alert[]> {
  const alerts: Alert[] = [];
  const table = csv(path('run.csv'), options);
  table(concat(of(...events), NEVER), {alert: (alert) => alerts.push(alert)});
  await table.flushed();
  return alerts;
}

const metrics = ['loss', 'val_loss'];
const epochs: readonly TrainingEvent[] = [
  runBegin({metrics}),
  step({learningRate: 0.5}),
  step({learningRate: 0.25}),
  epochEnd({loss: 0.75, val_loss: 0.5}),
  step({learningRate: 0.125, epoch: 1}),
  epochEnd({loss: Number.NaN, val_loss: Number.POSITIVE_INFINITY}, {epoch: 1}),
  runEnd(),
];
const header = 'epoch,loss,val_loss,learning_rate,duration_s\n';
const rows = '0,0.75,0.5,0.25,1.5\n1,NaN,Infinity,0.125,1.5\n';

/** The slow twin: the grammar of RFC 4180, letter by letter, with \n for a line end. */
function parse(table: string): string[][] {
  const lines: string[][] = [['']];
  let isQuoted = false;
  for (let i = 0; i < table.length; i++) {
    const line = lines.at(-1)!;
    const letter = table[i]!;
    if (letter === '"' && isQuoted && table[i + 1] === '"') line.push(line.pop()! + table[++i]!);
    else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === ',' && !isQuoted) line.push('');
    else if (letter === '\n' && !isQuoted) lines.push(['']);
    else line.push(line.pop()! + letter);
  }
  return lines.slice(0, -1);
}

it('has a row per epoch', async () => {
  await log(epochs);
  expect(text('run.csv')).toBe(header + rows);
});

it('has a row per step', async () => {
  await log(
    [runBegin(), step({loss: 0.5}), step({step: 1, batch: 1, size: 7, duration: 2.5}), epochEnd({})],
    {
      rows: 'step',
    },
  );
  expect(text('run.csv')).toBe(
    'step,epoch,batch,size,loss,learning_rate,duration_ms\n0,0,0,32,0.5,0.1,5\n1,0,1,7,,0.1,2.5\n',
  );
});

it('leaves a cell empty that nobody told', async () => {
  await log([runBegin({metrics}), epochEnd({loss: 1})]);
  expect(text('run.csv')).toBe(`${header}0,1,,,1.5\n`);
});

it('takes the columns of a run that it joined midway from its logs', async () => {
  await log([epochEnd({loss: 1, acc: 0.5}, {epoch: 6})]);
  expect(text('run.csv')).toBe('epoch,loss,acc,learning_rate,duration_s\n6,1,0.5,,1.5\n');
});

it('survives any name of a metric', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.string({unit: 'binary'}), {maxLength: 5}), async (names) => {
      rmSync(path('run.csv'), {force: true});
      const logs = Object.fromEntries(names.map((name, i) => [name, i + 0.5]));
      await log([runBegin({metrics: names}), epochEnd(logs)]);
      expect(parse(text('run.csv'))).toEqual([
        ['epoch', ...names, 'learning_rate', 'duration_s'],
        ['0', ...names.map((_, i) => String(i + 0.5)), '', '1.5'],
      ]);
    }),
    {numRuns: 50},
  );
});

describe('into a file that is there', () => {
  it('appends where the header fits', async () => {
    await log(epochs);
    expect(await log(epochs)).toEqual([]);
    expect(text('run.csv')).toBe(header + rows + rows);
  });

  it('begins a line of its own after a torn one', async () => {
    writeFileSync(path('run.csv'), `${header}0,0.7`);
    await log(epochs);
    expect(text('run.csv')).toBe(`${header}0,0.7\n${rows}`);
  });

  it('with other columns touches nothing, writes beside it, and says so', async () => {
    writeFileSync(path('run.csv'), 'epoch,loss\n0,1\n');
    writeFileSync(path('run-2.csv'), 'mine');
    const alerts = await log(epochs);
    expect(text('run.csv')).toBe('epoch,loss\n0,1\n');
    expect(text('run-2.csv')).toBe('mine');
    expect(text('run-3.csv')).toBe(header + rows);
    expect(alerts).toEqual([
      {
        rule: 'loggerOtherFile',
        severity: 'info',
        message: 'csv run.csv: it has other columns; this run is written to run-3.csv.',
      },
    ]);
  });

  it('finds the file beside it again', async () => {
    writeFileSync(path('run.csv'), 'epoch,loss\n0,1\n');
    await log(epochs);
    await log(epochs);
    expect(readdirSync(path())).toEqual(['run-2.csv', 'run.csv']);
    expect(text('run-2.csv')).toBe(header + rows + rows);
  });
});

it('keeps runs of one training with other metrics apart', async () => {
  const other = [runBegin({metrics: ['loss']}), epochEnd({loss: 2})];
  await log([...epochs, ...other, ...epochs]);
  expect(text('run.csv')).toBe(header + rows + rows);
  expect(text('run-2.csv')).toBe('epoch,loss,learning_rate,duration_s\n0,2,,1.5\n');
});

it.each([
  [() => csv(7 as never), TypeError, 'csv: file must be a path, got the number 7.'],
  [
    () => csv('a', {rows: 'batch' as never}),
    RangeError,
    "csv: rows must be 'epoch' or 'step', got the string 'batch'.",
  ],
  [
    () => csv('a', {row: 'step'} as never),
    TypeError,
    "csv: there is no option 'row'. Options: rows, maxBufferedBytes.",
  ],
])('names what it rejects: %#', (call, type, message) => {
  expect(call).toThrow(type);
  expect(call).toThrow(message);
});
