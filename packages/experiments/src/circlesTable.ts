import Table from 'cli-table3';
import type {CirclesResult} from './vanishingCircles.js';

const BARS = [...'▁▂▃▄▅▆▇█'];

/** The results as a table of at most 80 columns; the last column draws each row's deviations as bars. */
export function circlesTable(results: readonly CirclesResult[]): string {
  const layers = results[0]?.gradientStd.map((_, i) => (i === 0 ? 'layer 1' : String(i + 1))) ?? [];
  const table = new Table({
    head: ['network', 'accuracy', 'loss', ...layers, 'log'],
    colAligns: ['left', 'right', 'right', ...layers.map(() => 'right' as const), 'left'],
    chars: Object.fromEntries(FRAME.split(' ').map((part) => [part, part === 'middle' ? ' ' : ''])),
    style: {head: [], border: [], 'padding-left': 0, 'padding-right': 0},
  });
  const bar = barScale(results.flatMap(({gradientStd}) => gradientStd));
  for (const {network, before, after, gradientStd} of results) {
    table.push([
      network,
      `${before.acc.toFixed(2)} → ${after.acc.toFixed(2)}`,
      `${before.loss.toFixed(2)} → ${after.loss.toFixed(2)}`,
      ...gradientStd.map((std) => std.toExponential(1)),
      gradientStd.map(bar).join(''),
    ]);
  }
  return table.toString();
}

const REMEDY = 'remedy: sigmoidRescue (kernels of N(0, 16/fanIn), unit gradients, falling rate)';

/** One sentence per network, how the first layer's gradient compares with the last one's; then what the remedy is. */
export function circlesFindings(results: readonly CirclesResult[]): string {
  const sentences = results.map(({network, gradientStd}) => {
    const ratio = gradientStd.at(-1)! / gradientStd[0]!;
    const compared =
      ratio >= 1 ? `${ratio.toPrecision(2)} times smaller` : `${(1 / ratio).toPrecision(2)} times larger`;
    return `${network}: the gradient of layer 1 is ${compared} than that of layer ${gradientStd.length}`;
  });
  const hasRemedy = results.some(({network}) => network.includes('remedy'));
  return [...sentences, ...(hasRemedy ? ['', REMEDY] : [])].join('\n');
}

const FRAME =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle';

/** Bars on a logarithmic scale, the smallest value lowest, the largest highest. */
function barScale(values: readonly number[]): (value: number) => string {
  const low = Math.log(Math.min(...values));
  const high = Math.log(Math.max(...values));
  return (value) => {
    const share = high > low ? (Math.log(value) - low) / (high - low) : 1;
    return BARS[Math.round(share * (BARS.length - 1))]!;
  };
}
