import type {ReportTable} from '../recordedRun.js';
import {dataCell, dataTable} from './dataTable.js';
import {type Html, html} from './html.js';
import {valueText} from './valueText.js';

/** A table as it was given; columns of numbers stand to the right. */
export function comparisonTable({title, columns, rows, notes = []}: ReportTable, index: number): Html {
  const isNumeric = columns.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const head = columns.map((name, i) =>
    isNumeric[i] === true
      ? html`<th scope="col" class="number">${name}</th>`
      : html`<th scope="col">${name}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell) => dataCell(valueText(cell), typeof cell === 'number'))}
      </tr>`,
  );
  return html`<section id="table-${index}">
    <h2>${title}</h2>
    ${dataTable(title, head, body)} ${notes.map((note) => html`<p class="note">${note}</p>`)}
  </section>`;
}
