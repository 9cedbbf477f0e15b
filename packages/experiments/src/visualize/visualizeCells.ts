import type {Cell} from '../cell.js';
import type {VisualizeOptions} from './visualizeOptions.js';

const SOURCE = 'the Keras set-up in NumPy, 30 seeds: 10th to 90th percentile';

/** A row of the table: accuracy on all points after 100 epochs. */
function row(
  name: string,
  options: Partial<VisualizeOptions>,
  published: number,
  [low, high]: readonly [number, number],
  tolerance: number,
): Cell<VisualizeOptions> {
  return {
    name,
    options,
    metric: 'acc',
    published,
    rerun: {low, high, source: SOURCE},
    tolerance,
    quick: {options: {}},
  };
}

const KERAS = {optimizer: 'adam', init: 'glorot'} as const;

/** The six trainings that the tutorial reports; those of `make_mlp` as `fit` gave them. */
export const visualizeCells: readonly Cell<VisualizeOptions>[] = [
  row('2-5-1, relu, Adam', {...KERAS, activation: 'relu', hidden: [5]}, 0.973, [0.859, 0.988], 0.01),
  row('2-5-1, sigmoid, Adam', {...KERAS, hidden: [5]}, 0.654, [0.523, 0.795], 0.01),
  row('2-5-5-5-1, sigmoid, Adam', {...KERAS, hidden: [5, 5, 5]}, 0.533, [0.467, 0.578], 0.01),
  row('2-5-5-5-5-1, sigmoid, RMSprop', {}, 0.588, [0.602, 0.814], 0.01),
  row('2-5-5-5-5-1, tanh, RMSprop', {activation: 'tanh'}, 0.993, [0.993, 0.996], 0.005),
  row('2-5-5-5-5-1, relu, RMSprop', {activation: 'relu'}, 0.994, [0.989, 0.996], 0.005),
];
