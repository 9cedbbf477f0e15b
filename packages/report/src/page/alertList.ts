import type {AlertEvent, RemedyEvent} from '@gradwire/trainer';
import type {At, Recording} from '../recording/recording.js';
import {entryOf} from '../recording/series.js';
import {dataCell, dataTable} from './dataTable.js';
import {type Html, html, raw} from './html.js';
import {valueText} from './valueText.js';

const LIMIT = 200;

/** Every rule that raised alerts, with its first message, and what each remedy did; nothing where nothing happened. */
export function alertList(recordings: readonly Recording[]): Html {
  const isSingle = recordings.length === 1;
  const alerts = recordings.flatMap((recording) => alertRows(recording, isSingle));
  const remedies = recordings.flatMap((recording) => remedyRows(recording, isSingle));
  if (alerts.length + remedies.length === 0) return raw('');
  const run = isSingle ? [] : ['run'];
  return html`<section id="alerts">
    <h2>Alerts and remedies, in words</h2>
    ${
      alerts.length === 0
        ? ''
        : dataTable('Alerts', [...run, 'steps', 'alert', 'first message', 'what may help'], cut(alerts))
    }${
      remedies.length === 0
        ? ''
        : dataTable(
            'Remedies',
            [...run, 'step', 'remedy', 'what it did', 'why, and what came of it'],
            cut(remedies),
          )
    }${alerts.length > LIMIT || remedies.length > LIMIT ? html`<p class="note">The first ${LIMIT} are shown.</p>` : ''}
  </section>`;
}

const cut = (rows: readonly Html[]): readonly Html[] => rows.slice(0, LIMIT);

function alertRows({run, alerts}: Recording, isSingle: boolean): Html[] {
  const rules = new Map<string, At<AlertEvent>[]>();
  for (const alert of alerts) entryOf(rules, alert.event.rule, () => []).push(alert);
  return [...rules].map(([rule, all]) => {
    const {severity, message, remedies = []} = all[0]!.event;
    const [first, last] = [all[0]!.step, all.at(-1)!.step];
    const steps = all.length === 1 ? String(first) : `${first} to ${last} (${all.length})`;
    const help = remedies.map(({name}) => html`<code>${name}</code> `);
    return html`<tr>
      ${isSingle ? '' : dataCell(run.name, false)}
      <td class="steps">${steps}</td>
      <td><span class="tag ${tagOf(severity)}">${rule}</span><br />${severity}</td>
      ${dataCell(message, false)}
      <td>${help}</td>
    </tr>`;
  });
}

function tagOf(severity: string): string {
  return ['info', 'warning', 'error'].find((known) => known === severity) ?? 'info';
}

function remedyRows({run, remedies}: Recording, isSingle: boolean): Html[] {
  return remedies.map(
    ({step, event}) =>
      html`<tr>
        ${isSingle ? '' : dataCell(run.name, false)}
        <td>${step}</td>
        <td><span class="tag remedy">${event.remedy}</span></td>
        ${dataCell(deedOf(event), false)}${dataCell(reasonOf(event), false)}
      </tr>`,
  );
}

function deedOf({action, change, parameters}: RemedyEvent): string {
  const what = parameters.length === 0 ? '' : ` ${parameters.join(', ')}`;
  return `${action}${change === undefined ? what : `: ${change}`}`;
}

function reasonOf({reason, effect}: RemedyEvent): string {
  const {before, after, steps = 0} = effect ?? {};
  const loss = [before, after].map((value) => (value === undefined ? 'no number' : valueText(value)));
  return [reason, effect === undefined ? undefined : `loss ${loss.join(' → ')} in ${steps} steps`]
    .filter((part) => part !== undefined)
    .join('; ');
}
