import * as echarts from 'echarts';
import {chartTheme} from './chart/chartTheme.js';
import {NARROW} from './chart/layout.js';
import {paint} from './chart/paint.js';
import type {Theme} from './chart/palette.js';
import {tickText} from './chart/tickText.js';
import type {Figure} from './figure.js';
import {escapeHtml} from './page/html.js';

/** Options of {@link figureSvg}. */
export interface FigureSvgOptions {
  /** In pixels, >= 200; default 960. Below 640, panels stand one below the other. */
  readonly width?: number;
  /** In pixels, >= 100; default the figure's own for that width. */
  readonly height?: number;
  /** Default `light`. */
  readonly theme?: Theme;
}

/**
 * A figure as the text of an SVG file: with its title, on the ground of its theme, without scripts.
 *
 * @param figure one of `figures(…)`.
 * @param options size and theme.
 * @throws RangeError if a size is too small or no finite number, or there is no such theme.
 * @example
 * ```ts
 * import {mkdtempSync, writeFileSync} from 'node:fs';
 * import {tmpdir} from 'node:os';
 * import {join} from 'node:path';
 * import {figures, figureSvg} from '@gradwire/report';
 *
 * const at = {run: 'r', step: 0, epoch: 0, time: 0};
 * const events = [{type: 'epochEnd', ...at, logs: {loss: 0.5}, duration: 1}] as const;
 * const folder = mkdtempSync(join(tmpdir(), 'figures-'));
 * for (const figure of figures([{name: 'one', events}])) {
 *   writeFileSync(join(folder, `${figure.id}.svg`), figureSvg(figure, {theme: 'dark'}));
 * }
 * ```
 */
export function figureSvg(figure: Figure, options: FigureSvgOptions = {}): string {
  const {width = 960, theme = 'light'} = options;
  const {height = width < NARROW ? figure.height.narrow : figure.height.wide} = options;
  requireSize({width}, 200);
  requireSize({height}, 100);
  if (theme !== 'light' && theme !== 'dark') {
    throw new RangeError(`figureSvg: theme must be 'light' or 'dark', got ${String(theme)}.`);
  }
  const chart = echarts.init(null, chartTheme(theme), {renderer: 'svg', ssr: true, width, height});
  try {
    const option = paint(figure.option, theme);
    for (const axis of [option.baseOption?.yAxis ?? []].flat()) {
      if (axis.type === 'log') axis.axisLabel = {...axis.axisLabel, formatter: tickText};
    }
    chart.setOption(option);
    return chart.renderToSVGString().replace('>', () => `><title>${escapeHtml(figure.title)}</title>`);
  } finally {
    // Otherwise its timers would keep the process open.
    chart.dispose();
  }
}

function requireSize(option: Readonly<Record<string, number>>, least: number): void {
  for (const [name, value] of Object.entries(option)) {
    if (!Number.isFinite(value) || value < least) {
      throw new RangeError(`figureSvg: ${name} must be >= ${least}, got ${String(value)}.`);
    }
  }
}
