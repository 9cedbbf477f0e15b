import {chartTheme} from './chart/chartTheme.js';
import {NARROW} from './chart/layout.js';
import {colorsIn} from './chart/paint.js';
import {shadeOf, type Theme} from './chart/palette.js';
import type {Figure} from './figure.js';
import {figuresOf} from './figures.js';
import {alertList} from './page/alertList.js';
import {comparisonTable} from './page/comparisonTable.js';
import {type Html, html, raw} from './page/html.js';
import {chartLibrary, drawingScript, versions} from './page/pageScript.js';
import {scriptJson} from './page/scriptJson.js';
import {style} from './page/style.js';
import {summary} from './page/summary.js';
import type {RecordedRun, ReportTable} from './recordedRun.js';
import {readRun} from './recording/readRun.js';
import {timeAxisOf} from './recording/timeAxis.js';

/** Options of {@link report}. */
export interface ReportOptions {
  readonly title: string;
  /** One, or those to compare; their names should differ. */
  readonly runs: readonly RecordedRun[];
  /** Shown before the figures. */
  readonly tables?: readonly ReportTable[];
}

/**
 * A run, or a comparison of several, as one page: the text of an HTML file that needs no network and no other file.
 *
 * It has a summary, the tables, the {@link figures} drawn by Apache ECharts, and the alerts and remedies in words; the summary comes first
 * for one run, and after the figures for several, where it is what one looks up. Light or dark as the reader's system is, for screens from 360 px. Its Content-Security-Policy lets nothing be loaded, and no script run but its own two.
 *
 * @param options title, runs and tables.
 * @returns some 1.2 MB, most of it the library that draws.
 * @example
 * ```ts
 * import {mkdtempSync, writeFileSync} from 'node:fs';
 * import {tmpdir} from 'node:os';
 * import {join} from 'node:path';
 * import {report} from '@gradwire/report';
 *
 * const at = {run: 'r', step: 0, epoch: 0, time: 0};
 * const events = [{type: 'epochEnd', ...at, logs: {loss: 0.5}, duration: 1}] as const;
 * const page = report({title: 'A first run', runs: [{name: 'one', events, metrics: {test_acc: 0.9}}]});
 * writeFileSync(join(mkdtempSync(join(tmpdir(), 'report-')), 'report.html'), page);
 * ```
 */
export function report({title, runs, tables = []}: ReportOptions): string {
  const recordings = runs.map(readRun);
  const all = figuresOf(recordings);
  const data = {
    unit: timeAxisOf(recordings).unit,
    narrow: NARROW,
    figures: all.map(({id, option}) => ({id, option})),
  };
  const colors = colorsIn(JSON.stringify(data.figures));
  const themes = {light: themeOf('light', colors), dark: themeOf('dark', colors)};
  const alerts = alertList(recordings);
  const summaries = runs.length === 0 ? [] : [summary(recordings)];
  const toSummary = summaries.map(() => html`<a href="#summary">Summary</a>`);
  const isAlone = runs.length === 1;
  const links = [
    ...(isAlone ? toSummary : []),
    ...tables.map((table, i) => html`<a href="#table-${i}">${table.title}</a>`),
    ...all.map((figure) => html`<a href="#${figure.id}">${figure.title}</a>`),
    ...(isAlone ? [] : toSummary),
    ...(alerts.html === '' ? [] : [html`<a href="#alerts">In words</a>`]),
  ];
  const {report: own, echarts} = versions();
  return documentOf(
    title,
    html`<header>
        <h1>${title}</h1>
        <p class="lead">${leadOf(runs)}</p>
        <nav aria-label="Contents">${links.map((link) => html`${link} `)}</nav>
      </header>
      <main>
        ${isAlone ? summaries : []} ${tables.map(comparisonTable)} ${all.map(figureSection)}
        ${isAlone ? [] : summaries} ${alerts}
      </main>
      <footer>
        <p>@gradwire/report ${own}; figures drawn by Apache ECharts ${echarts} (Apache-2.0).</p>
      </footer>
      <noscript><p class="note">The figures need JavaScript.</p></noscript>`,
    scriptJson({...data, themes}),
  );
}

/** Which runs these are; many are named by their curves. */
function leadOf(runs: readonly RecordedRun[]): string {
  const names = runs.map(({name}) => name).join(', ');
  if (runs.length <= 1) return names;
  return runs.length <= 4 ? `${runs.length} runs: ${names}` : `${runs.length} runs`;
}

function themeOf(theme: Theme, colors: readonly string[]): object {
  const shades = Object.fromEntries(colors.map((name) => [name, shadeOf(name, theme) ?? name]));
  return {shades, chart: chartTheme(theme)};
}

function figureSection({id, title, caption, height}: Figure): Html {
  return html`<section class="figure" id="${id}">
    <figure aria-labelledby="title-${id}">
      <h2 id="title-${id}">${title}</h2>
      <figcaption>${caption}</figcaption>
      <div
        class="chart"
        id="chart-${id}"
        role="img"
        aria-label="${`${title}. ${caption}`}"
        style="--wide: ${height.wide}; --narrow: ${height.narrow}"
      ></div>
    </figure>
  </section> `;
}

function documentOf(title: string, body: Html, json: string): string {
  const [library, drawing] = [chartLibrary(), drawingScript()];
  // Charts and tooltips set styles on their elements, so those cannot be told by hashes.
  const policy = `default-src 'none'; script-src ${library.hash} ${drawing.hash}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  // Whole elements, since every space in them counts for the hashes.
  const styles = raw(`<style>${style}</style>`);
  const scripts = raw(
    [
      `<script type="application/json" id="figures">${json}</script>`,
      `<script>${library.text}</script>`,
      `<script type="module">${drawing.text}</script>`,
    ].join('\n'),
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${styles}
      </head>
      <body>
        ${body} ${scripts}
      </body>
    </html>`.html;
}
