import {shadeOf, type Theme} from '../chart/palette.js';

const NAMES = ['ground', 'ink', 'muted', 'line', 'grid', 'info', 'warning', 'error', 'remedy'];

function shades(theme: Theme): string {
  return NAMES.map((name) => `--${name}: ${shadeOf(`color:${name}`, theme)};`).join(' ');
}

/** The style sheet of a report's page. */
export const style = `
:root { color-scheme: light dark; ${shades('light')} --page: #f4f6f8; }
@media (prefers-color-scheme: dark) { :root { ${shades('dark')} --page: #0f1216; } }
@media print { :root { color-scheme: light; ${shades('light')} --page: #ffffff; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
header, main, footer { max-width: 1160px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; text-wrap: balance; }
h2 { font-size: 17px; line-height: 1.3; margin: 0 0 10px; }
p { margin: 0 0 8px; }
.lead, figcaption, footer, .note { color: var(--muted); }
nav { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 12px 0 18px; font-size: 14px; }
a { color: var(--info); text-underline-offset: 2px; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--info); outline-offset: 2px; }
section {
  background: var(--ground); border: 1px solid var(--line); border-radius: 10px;
  padding: 18px 20px; margin: 0 0 18px; scroll-margin-top: 12px;
}
figure { margin: 0; container-type: inline-size; }
figcaption { font-size: 13.5px; margin: 0 0 12px; max-width: 80ch; }
.chart { height: calc(var(--narrow) * 1px); width: 100%; }
@container (min-width: 640px) { .chart { height: calc(var(--wide) * 1px); } }
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 7px; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); gap: 14px 36px; }
.facts .scroll { margin: 0; padding: 0; } .facts table { width: 100%; } .facts tbody th { width: 9em; }
.scroll { overflow-x: auto; margin: 0 -20px; padding: 0 20px; }
section > .scroll + .scroll { margin-top: 20px; }
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 5px 18px 5px 0; border-bottom: 1px solid var(--grid); }
thead th { border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody th { font-weight: 400; color: var(--muted); white-space: nowrap; }
tbody th.group { color: var(--ink); font-weight: 600; padding-top: 14px; }
td { max-width: 46ch; min-width: 7ch; }
thead th, tbody th { max-width: 40ch; overflow: hidden; text-overflow: ellipsis; }
nav a { min-width: 0; }
td.long { min-width: 28ch; }
td.steps { white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
code { font: 0.92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.tag { display: inline-block; font-weight: 600; white-space: nowrap; }
.info { color: var(--info); } .warning { color: var(--warning); } .error { color: var(--error); } .remedy { color: var(--remedy); }
footer { font-size: 13px; padding-bottom: 32px; }
@media (max-width: 600px) {
  header, main, footer { padding-left: 12px; padding-right: 12px; }
  header { padding-top: 18px; }
  h1 { font-size: 22px; }
  section { padding: 14px 12px; border-radius: 8px; }
  :not(.facts) > .scroll { margin: 0 -12px; padding: 0 12px; }
}
@media print {
  body { font-size: 11pt; }
  nav { display: none; }
  section { border: 0; padding: 0; }
  section.figure, tr { break-inside: avoid; }
}
`;
