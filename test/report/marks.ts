import type {Figure} from '@gradwire/report';

interface Series {
  readonly type: 'line' | 'scatter';
  readonly id?: string;
  readonly data: readonly unknown[];
  readonly markLine?: {readonly data: readonly object[]};
  readonly markArea?: {readonly data: readonly unknown[]};
}

/** How many lines, areas and dots the series of a figure have to show, by the figure's id. */
export function marksOf(figures: readonly Figure[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    figures.map(({id, option}) => [
      id,
      seriesOf(option).reduce((sum, series) => sum + marksOfSeries(series), 0),
    ]),
  );
}

/** The text of a page whose figures have series without data: all series, or those chosen. */
export function withoutData(
  page: string,
  isChosen: (figure: string, series: number) => boolean = () => true,
): string {
  const [, json = ''] = /id="figures">(.*?)<\/script>/s.exec(page) ?? [];
  const data = JSON.parse(json) as {readonly figures: readonly Figure[]};
  for (const {id, option} of data.figures) {
    seriesOf(option).forEach((series, i) => {
      if (isChosen(id, i)) Object.assign(series, {data: [], markLine: undefined, markArea: undefined});
    });
  }
  return page.replace(json, () => JSON.stringify(data).replaceAll('<', '\\u003c'));
}

function seriesOf(option: Figure['option']): readonly Series[] {
  return [option.baseOption?.series ?? []].flat() as unknown as readonly Series[];
}

function marksOfSeries({type, id = '', data, markLine, markArea}: Series): number {
  // A level across the panel may lie outside of its range.
  const marks = markLine?.data.filter((mark) => 'xAxis' in mark) ?? [];
  const added = marks.length + (markArea?.data.length ?? 0);
  if (type !== 'line') return added + data.length;
  // The lower edge of a band is not seen.
  if (id.startsWith('edge:') || data.length === 0) return added;
  const dots = data.filter((datum) => !Array.isArray(datum)).length;
  const isLine = data.length > dots || dots > 1;
  return added + dots + (isLine ? 1 : 0);
}
