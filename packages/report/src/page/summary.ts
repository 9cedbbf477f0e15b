import type {Recording} from '../recording/recording.js';
import {dataCell, dataTable} from './dataTable.js';
import {type Html, html} from './html.js';
import {durationText, valueText} from './valueText.js';

type Facts = Readonly<Record<string, unknown>>;

/** What each run was, where, and how it came out: a column for each. */
export function summary(recordings: readonly Recording[]): Html {
  const isSingle = recordings.length === 1;
  const groups: readonly (readonly [string, readonly Facts[]])[] = [
    ['Outcome', recordings.map(outcomeOf)],
    ['Training', recordings.map(trainingOf)],
    ['Configuration', recordings.map(({run}) => run.config ?? {})],
    ['Environment', recordings.map(({run}) => run.environment ?? {})],
  ];
  const blocks = groups.flatMap(([title, columns]) => {
    const rows = rowsOf(columns);
    return rows.length === 0 ? [] : [{title, rows}];
  });
  const tables = isSingle
    ? html`<div class="facts">${blocks.map(({title, rows}) => dataTable(title, [title, ''], rows))}</div>`
    : dataTable(
        'Summary',
        ['', ...recordings.map(({run}) => run.name)],
        blocks.flatMap(({title, rows}) => [groupRow(title, recordings.length + 1), ...rows]),
      );
  return html`<section id="summary">
    <h2>Summary</h2>
    ${tables}
  </section>`;
}

function groupRow(title: string, columns: number): Html {
  return html`<tr>
    <th class="group" scope="rowgroup" colspan="${columns}">${title}</th>
  </tr>`;
}

function rowsOf(columns: readonly Facts[]): Html[] {
  const keys = [...new Set(columns.flatMap((facts) => Object.keys(facts)))];
  return keys.map(
    (key) =>
      html`<tr>
        <th scope="row">${key}</th>
        ${columns.map((facts) => dataCell(facts[key] === undefined ? '–' : valueText(facts[key]), false))}
      </tr>`,
  );
}

function outcomeOf({run, logs, steps, epochStarts, stages, failures}: Recording): Facts {
  const first = stages[0]?.start ?? 0;
  const duration = stages.reduce((sum, {end}) => sum + (end?.duration ?? 0), 0);
  const last = Object.fromEntries(
    [...logs].flatMap(([key, {values}]) => (key in (run.metrics ?? {}) ? [] : [[key, values.at(-1)]])),
  );
  return {
    ended: endOf(stages),
    length: `${epochStarts.length > 0 ? `${counted(epochStarts.length, 'epoch')}, ` : ''}${counted(steps - first, 'step')}${duration > 0 ? `, ${durationText(duration)}` : ''}`,
    ...(stages.length > 1 ? {stages: stages.length} : {}),
    ...last,
    ...run.metrics,
    ...(failures.size === 0
      ? {}
      : {'captures that failed': [...failures].map(([name, count]) => `${name} (${count} times)`)}),
  };
}

/** The last stage's end; an earlier one's, where that was not as planned. */
function endOf(stages: Recording['stages']): string {
  const ends = stages.map(({end}) => {
    if (end === undefined) return 'not ended';
    return end.error === undefined ? end.reason : `${end.reason}: ${end.error.name}: ${end.error.message}`;
  });
  return [...new Set(ends)].join(', ');
}

function trainingOf({stages}: Recording): Facts {
  const begins = stages.flatMap(({begin}) => (begin === undefined ? [] : [begin]));
  const last = begins.at(-1);
  if (last === undefined) return {};
  const sizes = last.parameters.map(({shape}) => shape.reduce((product, length) => product * length, 1));
  return {
    optimizer: distinct(begins.map(({optimizer}) => optimizer)),
    transforms: distinct(begins.map(({transforms}) => transforms.join(' → '))) || 'none',
    parameters: `${sizes.reduce((sum, size) => sum + size, 0)} in ${sizes.length} tensors`,
    backend: distinct(begins.map(({backend}) => backend)),
    ...(last.seed === undefined ? {} : {seed: last.seed}),
    begun: new Date(begins[0]!.time).toISOString().slice(0, 19).replace('T', ' ').concat(' UTC'),
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}
