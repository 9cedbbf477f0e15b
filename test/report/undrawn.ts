import type {Figure} from '@gradwire/report';

/** What is used here of the library in the page. */
interface Echarts {
  init(
    element: Element,
    theme: object,
    options: object,
  ): {setOption(option: Figure['option']): void; dispose(): void};
}

/**
 * Figures of the page that show fewer marks than their series have, by what the same figure has without data: its axes, ticks and legend.
 * Runs in the page.
 */
export function undrawn(least: Readonly<Record<string, number>>): string[] {
  const echarts = Reflect.get(globalThis, 'echarts') as Echarts;
  const {figures, themes} = JSON.parse(document.querySelector('#figures')!.textContent) as {
    readonly figures: readonly Pick<Figure, 'id' | 'option'>[];
    readonly themes: {readonly light: {readonly chart: object}};
  };
  const pathsIn = (element: Element): number =>
    [...element.querySelectorAll<SVGGraphicsElement>('svg path')].filter((path) => {
      const {width, height} = path.getBBox();
      const [stroke, fill] = ['stroke', 'fill'].map((name) => path.getAttribute(name) ?? 'none');
      const isSeen = fill !== 'none' || (stroke !== 'none' && path.getAttribute('stroke-width') !== '0');
      return isSeen && width + height > 1;
    }).length;
  const pathsWithoutData = (option: Figure['option'], {clientWidth, clientHeight}: Element): number => {
    const element = document.body.appendChild(document.createElement('div'));
    const chart = echarts.init(element, themes.light.chart, {
      renderer: 'svg',
      width: clientWidth,
      height: clientHeight,
    });
    const series = [option.baseOption?.series ?? []].flat();
    for (const one of series) Object.assign(one, {data: [], markLine: undefined, markArea: undefined});
    chart.setOption(option);
    const count = pathsIn(element);
    chart.dispose();
    element.remove();
    return count;
  };
  return Object.entries(least).flatMap(([id, count]) => {
    const chart = document.querySelector(`#chart-${id}`);
    const option = figures.find((figure) => figure.id === id)?.option;
    if (chart === null || option === undefined) return [`${id} is not there`];
    const shown = pathsIn(chart) - pathsWithoutData(option, chart);
    return shown < count ? [`${id} shows ${shown} of ${count}`] : [];
  });
}
