import type {EChartsOption} from 'echarts';
import type {Figure} from '../figure.js';

/** Narrower than this, panels stand one below the other. */
export const NARROW = 640;

/** How a figure's panels are arranged. */
export interface Arrangement {
  readonly titles: readonly string[];
  /** Side by side where there is room. */
  readonly columns: number;
  /** Height of the axes of one panel, in pixels. */
  readonly height: number;
  readonly legend: readonly string[];
  /** Room to the left of axes that stand alone in their row; axes in columns make their own. */
  readonly left?: number;
  /** Room at the bottom. */
  readonly foot?: number;
}

/** Where everything stands, on wide and on narrow screens. */
export interface Layout {
  readonly media: NonNullable<EChartsOption['media']>;
  readonly height: Figure['height'];
}

/** In pixels; longer names are cut. */
const LONGEST = 200;
/** Of a legend that is shown whole. */
const ROWS = 8;
const TITLE = 26;
const AXIS = 44;

/** Arranges panels in columns, or below one another; the legend is on top: whole where that takes at most eight rows, else one row to leaf through. */
export function arrange(arrangement: Arrangement): Layout {
  const wide = place(arrangement, NARROW, arrangement.columns);
  const narrow = place(arrangement, 320, 1);
  return {
    media: [
      {query: {maxWidth: NARROW - 1}, option: narrow.option},
      {query: {minWidth: NARROW}, option: wide.option},
    ],
    height: {wide: wide.height, narrow: narrow.height},
  };
}

function place(
  {titles, height, legend, left = 58, foot = 0}: Arrangement,
  width: number,
  columns: number,
): {option: EChartsOption; height: number} {
  const rowsOfLegend = legend.length < 2 ? 0 : rowsNeeded(legend, width);
  const scrolls = rowsOfLegend > ROWS;
  const head = rowsOfLegend === 0 ? 4 : (scrolls ? 1 : rowsOfLegend) * 22 + 10;
  const row = TITLE + height + AXIS;
  const share = 100 / columns;
  const at = (i: number): {top: number; left: string} => ({
    top: head + Math.floor(i / columns) * row,
    left: `${(i % columns) * share}%`,
  });
  return {
    height: head + Math.ceil(titles.length / columns) * row + foot,
    option: {
      ...(legend.length < 2 ? {} : {legend: legendOf(legend, scrolls)}),
      title: titles.map((text, i) => ({
        text,
        ...at(i),
        textStyle: {width: (width === NARROW ? 1000 : 310) / columns - 16, overflow: 'truncate' as const},
      })),
      grid: titles.map((_, i) =>
        columns === 1
          ? {top: at(i).top + TITLE, height, left, right: 18, outerBoundsMode: 'none' as const}
          : {
              top: at(i).top + TITLE,
              height: height + 18,
              left: at(i).left,
              width: `${share - 2.4}%`,
              outerBoundsMode: 'same' as const,
              outerBoundsContain: 'axisLabel' as const,
            },
      ),
    },
  };
}

function legendOf(names: readonly string[], scrolls: boolean): object {
  const isLong = names.some((name) => name.length * 6.2 > LONGEST);
  return {
    show: true,
    type: scrolls ? 'scroll' : 'plain',
    data: [...names],
    // A width is one for all names, so short ones go without.
    ...(isLong ? {textStyle: {width: LONGEST, overflow: 'truncate'}} : {}),
  };
}

/** Estimated: a letter has some 6.2 px, an entry 40 px besides its text. */
function rowsNeeded(names: readonly string[], width: number): number {
  const isLong = names.some((name) => name.length * 6.2 > LONGEST);
  let [rows, x] = [1, 0];
  for (const name of names) {
    const entry = (isLong ? LONGEST : name.length * 6.2) + 40;
    if (x > 0 && x + entry > width) {
      rows++;
      x = 0;
    }
    x += entry;
  }
  return rows;
}
