import type {Cell} from '../cell.js';
import type {NotesOptions} from './notesOptions.js';

const SOURCE = 'the same set-up in PyTorch, 10 seeds';

/** A row of the table: test accuracy after an epoch, which the table counts from 0. */
function afterEpoch(
  epoch: number,
  published: number,
  [low, high]: readonly [number, number],
): Cell<NotesOptions> {
  return {
    name: `after epoch ${epoch}`,
    options: {epochs: epoch + 1},
    metric: 'test_acc',
    published,
    rerun: {low, high, source: SOURCE},
    tolerance: 0.01,
  };
}

/** Three of the twenty rows; the last one is where the training ends. */
export const notesCells: readonly Cell<NotesOptions>[] = [
  {...afterEpoch(3, 0.8539, [0.8434, 0.863]), quick: {options: {}}},
  afterEpoch(9, 0.9018, [0.8944, 0.9046]),
  {...afterEpoch(19, 0.9174, [0.9157, 0.9214]), quick: {options: {}}},
];
