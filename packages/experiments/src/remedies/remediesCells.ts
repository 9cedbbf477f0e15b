import type {Cell, Reference} from '../cell.js';
import type {RemediesOptions} from './remediesOptions.js';

type Options = Partial<RemediesOptions>;
type Range = readonly [low: number, high: number];

const RERUN = 'PyTorch, 1 seed';
const SOLUTIONS = 'PyTorch, 1 seed, and two independent solutions of the same exercise';
const QUICK = 'PyTorch 1.13, 8 seeds, fixtures/remedies.py';

/**
 * Every row of the table of re-runs. Of the published programs two figures are left. A range goes from the lowest to the
 * highest accuracy, of validation or test images, that was reported for a program.
 */
export const remediesCells: readonly Cell<RemediesOptions>[] = [
  {...cell('original', {}, SOLUTIONS, [0.0895, 0.1022]), published: 0.0895, ...short(2, [0.092, 0.1029])},
  {
    ...cell('std 1', {variant: 'std1'}, SOLUTIONS, [0.724, 0.7485]),
    published: 0.7373,
    ...short(4, [0.4055, 0.4867]),
  },
  {...cell('std 10', {variant: 'std10'}, SOLUTIONS, [0.1141, 0.2275]), tolerance: 0.05},
  {...cell('ReLU, as coded', {variant: 'relu'}, RERUN, [0.1482, 0.1599]), tolerance: 0.05},
  cell('ReLU, rate 1e-2', {variant: 'relu', rate: 1e-2}, SOLUTIONS, [0.7533, 0.8003]),
  cell('Adam', {variant: 'adam'}, SOLUTIONS, [0.8591, 0.8712]),
  {
    ...cell('batch norm, Adam, as coded', {variant: 'batch-norm'}, RERUN, [0.8717, 0.874]),
    ...short(1, [0.8255, 0.8469]),
  },
  cell('batch norm, SGD', {variant: 'batch-norm', optimizer: 'sgd'}, SOLUTIONS, [0.8654, 0.881]),
  cell('normalization', {variant: 'normalization'}, SOLUTIONS, [0.8174, 0.8443]),
  cell('skip connections', {variant: 'skip'}, SOLUTIONS, [0.6525, 0.6756]),
  cell('layer by layer, as coded', {variant: 'layerwise'}, RERUN, [0.7553, 0.7655]),
  cell('layer by layer, frozen', {variant: 'layerwise', frozen: true}, RERUN, [0.7552, 0.7687]),
  {
    ...cell('gradient normalization, as coded', {variant: 'gradient-normalization'}, RERUN, [0.5829, 0.5905]),
    ...short(2, [0.1855, 0.3037]),
  },
  cell(
    'gradient normalization, rate 1e-2',
    {variant: 'gradient-normalization', rate: 1e-2},
    SOLUTIONS,
    [0.0895, 0.5508],
  ),
];

function cell(name: string, options: Options, source: string, range: Range): Cell<RemediesOptions> {
  return {name, options, metric: 'val_acc', rerun: reference(range, source), tolerance: 0.02};
}

function short(epochs: number, range: Range): Pick<Cell<RemediesOptions>, 'quick'> {
  return {quick: {options: {epochs}, rerun: reference(range, QUICK)}};
}

function reference([low, high]: Range, source: string): Reference {
  return {low, high, source};
}
