import type {EChartsOption} from 'echarts';

/** One picture of a report. */
export interface Figure {
  /** Unique among the figures of a report; fit for an anchor or the name of a file: `learning-curves`. */
  readonly id: string;
  readonly title: string;
  /** What there is to see, in a sentence or two. */
  readonly caption: string;
  /** What Apache ECharts draws, as plain JSON; colours are names that `figureSvg` and the page replace by those of a theme. */
  readonly option: EChartsOption;
  /** In pixels; `narrow` where there are less than 640 of them across. */
  readonly height: {readonly wide: number; readonly narrow: number};
}
