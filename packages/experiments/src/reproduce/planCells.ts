import type {Cell, Reference} from '../cell.js';
import type {Experiment} from '../experiment.js';
import {completeOptions} from '../runs/completeOptions.js';

export type ReproductionMode = 'quick' | 'full';

/** A cell as it is to be trained, and what its figure is compared with. */
export interface PlannedCell {
  readonly experiment: Experiment<object>;
  readonly name: string;
  /** Every option of the experiment. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly metric: string;
  readonly tolerance: number;
  /** Whether it is trained for less long than the published one, so that its figure is no match for that. */
  readonly isShortened: boolean;
  readonly published?: number;
  readonly rerun?: Reference;
}

/** The cells of the experiments; in quick mode those that have a short form, in that form. */
export function planCells(
  experiments: readonly Experiment<object>[],
  {mode, seedDoc}: {readonly mode: ReproductionMode; readonly seedDoc?: number | undefined},
): PlannedCell[] {
  return experiments
    .filter((experiment) => seedDoc === undefined || experiment.seedDoc === seedDoc)
    .toSorted((a, b) => a.seedDoc - b.seedDoc)
    .flatMap((experiment) =>
      experiment.cells.flatMap((cell) => {
        if (mode === 'quick' && cell.quick === undefined) return [];
        return [planned(experiment, cell, mode)];
      }),
    );
}

function planned(experiment: Experiment<object>, cell: Cell<object>, mode: ReproductionMode): PlannedCell {
  const {name, metric, tolerance, quick, published, rerun} = cell;
  const cut =
    mode === 'quick' && quick !== undefined && Object.keys(quick.options).length > 0 ? quick : undefined;
  const reference = cut === undefined ? {published, rerun} : {rerun: cut.rerun};
  return {
    experiment,
    name,
    options: completeOptions(experiment, {...cell.options, ...cut?.options}),
    metric,
    tolerance,
    isShortened: cut !== undefined,
    ...(reference.published === undefined ? {} : {published: reference.published}),
    ...(reference.rerun === undefined ? {} : {rerun: reference.rerun}),
  };
}
