import {shadeOf, type Theme} from './palette.js';

/** Without quotes, which ECharts would not escape in SVG files. */
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif';

/** What ECharts paints with where a figure does not say: its theme object. */
export function chartTheme(theme: Theme): object {
  const shade = (name: string): string => shadeOf(`color:${name}`, theme)!;
  const [ink, muted, line, grid] = [shade('ink'), shade('muted'), shade('line'), shade('grid')];
  const axis = {
    axisLine: {show: true, lineStyle: {color: line}, onZero: false},
    axisTick: {lineStyle: {color: line}},
    axisLabel: {color: muted, fontSize: 11.5},
    nameTextStyle: {color: muted, fontSize: 11.5},
    splitLine: {lineStyle: {color: grid}},
  };
  const text = {fontFamily: FONT, color: ink, fontSize: 12};
  return {
    backgroundColor: shade('ground'),
    textStyle: {fontFamily: FONT},
    valueAxis: axis,
    logAxis: axis,
    categoryAxis: {...axis, splitLine: {lineStyle: {color: grid}}},
    title: {padding: [2, 8], textStyle: {...text, fontSize: 13, fontWeight: 600}},
    legend: {
      left: 0,
      top: 4,
      padding: [2, 8],
      itemGap: 14,
      itemWidth: 20,
      itemHeight: 9,
      textStyle: text,
      inactiveColor: line,
      pageTextStyle: {color: muted},
      pageIconColor: muted,
      pageIconInactiveColor: line,
    },
    visualMap: {textStyle: {...text, color: muted}},
    tooltip: {
      backgroundColor: shade('tooltip'),
      borderColor: line,
      textStyle: text,
      axisPointer: {lineStyle: {color: muted, type: 'solid', width: 1}},
    },
  };
}
