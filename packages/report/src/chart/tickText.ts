/** A tick of a logarithmic axis: far from 1 as a power of ten, where ECharts would write all zeros. `page.js` does the same. */
export function tickText(value: number): string {
  return value >= 1e-3 && value < 1e5 ? String(value) : value.toExponential(0).replace('+', '');
}
