// The script of a report's page. It stands in the page as it is: no imports.

/**
 * @typedef {object} Data
 * @property {string} unit of the time axes
 * @property {number} narrow below this width a figure has its narrow form
 * @property {{id: string, option: object}[]} figures in the order of the page
 * @property {Record<'light' | 'dark', {shades: Record<string, string>, chart: object}>} themes shades by name, and the theme object of ECharts
 */

/** @type {Data} */
const {unit, narrow, figures, themes} = JSON.parse(document.getElementById('figures')?.textContent ?? '');
/** @type {typeof import('echarts')} */
const echarts = Reflect.get(globalThis, 'echarts');
const darkness = matchMedia('(prefers-color-scheme: dark)');
/** @type {Map<HTMLElement, {chart: import('echarts').ECharts, isNarrow: boolean}>} */
const drawn = new Map();

/** @type {'light' | 'dark'} */
let theme = darkness.matches ? 'dark' : 'light';

/** @param {HTMLElement} element */
const isNarrow = (element) => element.clientWidth < narrow;

/** @param {object} option */
function painted(option) {
  const {shades} = themes[theme];
  return JSON.parse(JSON.stringify(option), (_key, value) =>
    typeof value === 'string' && Object.hasOwn(shades, value) ? shades[value] : value,
  );
}

/** @param {unknown} value */
function numberText(value) {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : '–';
}

/**
 * @param {string} text
 * @param {string} [color]
 */
function lineOf(text, color) {
  const line = document.createElement('div');
  if (color !== undefined) {
    const dot = document.createElement('span');
    dot.className = 'dot';
    dot.style.background = color;
    line.append(dot);
  }
  line.append(text);
  return line;
}

/** Of curves: what each has where the pointer is. Texts are never taken for HTML. @param {any} params */
function tooltipOfAxis(params) {
  const box = document.createElement('div');
  const isOf =
    (/** @type {string} */ kinds) =>
    (/** @type {any} */ {seriesId}) =>
      new RegExp(`^(?:${kinds}):`).test(seriesId);
  const lines = params.filter((/** @type {any} */ one) => !isOf('edge|band|faint')(one));
  // Between the epochs there are batches only.
  const curves = lines.length > 0 ? lines : params.filter(isOf('faint'));
  box.append(lineOf(`${unit} ${numberText(params[0]?.value[0])}`));
  for (const {seriesName, color, value} of curves.slice(0, 16)) {
    const [, y, exact = y] = value;
    box.append(lineOf(`${seriesName}  ${numberText(exact)}`, color));
  }
  if (curves.length > 16) box.append(lineOf(`and ${curves.length - 16} more`));
  return box;
}

/** Of a cell or a mark. @param {any} params */
function tooltipOfItem({seriesType, seriesName, name, value, color}) {
  if (seriesType === 'heatmap') return lineOf(`${unit} ${name}: ${numberText(value[3])}`, color);
  if (name === '') return lineOf(`${seriesName} (${numberText(value[0])}, ${numberText(value[1])})`, color);
  return lineOf(`${name}, ${unit} ${numberText(value[0])}`, color);
}

/** As `tickText` in figures that stand alone. @param {number} value */
function tickText(value) {
  return value >= 1e-3 && value < 1e5 ? String(value) : value.toExponential(0).replace('+', '');
}

/**
 * @param {HTMLElement} element
 * @param {object} option
 */
function draw(element, option) {
  drawn.get(element)?.chart.dispose();
  const chart = echarts.init(element, themes[theme].chart, {renderer: 'svg'});
  drawn.set(element, {chart, isNarrow: isNarrow(element)});
  const copy = painted(option);
  const {tooltip, yAxis} = copy.baseOption;
  for (const axis of [yAxis].flat()) if (axis.type === 'log') axis.axisLabel.formatter = tickText;
  tooltip.formatter = tooltip.trigger === 'axis' ? tooltipOfAxis : tooltipOfItem;
  chart.setOption(copy);
}

const elements = figures.map(({id, option}) => ({element: document.getElementById(`chart-${id}`), option}));

function drawAll() {
  for (const {element, option} of elements) if (element !== null) draw(element, option);
}

/** One after the other, so that the page can be read and scrolled at once. */
async function drawInTurn() {
  for (const {element, option} of elements) {
    if (element !== null && !drawn.has(element)) draw(element, option);
    await new Promise((resolve) => setTimeout(resolve));
  }
  document.documentElement.dataset['figures'] = 'drawn';
}

const sizes = new ResizeObserver((entries) => {
  for (const {target} of entries) {
    const element = /** @type {HTMLElement} */ (target);
    const known = drawn.get(element);
    if (known === undefined) continue;
    const option = elements.find((one) => one.element === element)?.option;
    if (known.isNarrow !== isNarrow(element) && option !== undefined) draw(element, option);
    else known.chart.resize();
  }
});
for (const {element} of elements) if (element !== null) sizes.observe(element);

darkness.addEventListener('change', () => {
  theme = darkness.matches ? 'dark' : 'light';
  drawAll();
});
addEventListener('beforeprint', () => {
  theme = 'light';
  drawAll();
});
addEventListener('afterprint', () => {
  theme = darkness.matches ? 'dark' : 'light';
  drawAll();
});

await drawInTurn();
