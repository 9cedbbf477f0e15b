import {type Html, html, raw} from './html.js';

/** A table that scrolls within itself where it is too wide. */
export function dataTable(label: string, head: readonly (string | Html)[], body: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => (typeof cell === 'string' ? html`<th scope="col">${cell}</th>` : cell))}
        </tr>
      </thead>
      <tbody>
        ${body.map((row) => html`${row} `)}
      </tbody>
    </table>
  </div>`;
}

/** A cell: numbers to the right. */
export function dataCell(text: string, isNumber: boolean): Html {
  const kind = isNumber ? ' class="number"' : text.length > 40 ? ' class="long"' : '';
  return html`<td${raw(kind)}>${text}</td>`;
}
