import {type CaptureContext, type CaptureSubjects, describeValue, type NamedTensors} from '@gradwire/core';

/** The gradients at one point of the chain. */
export interface GradientStage {
  /** What the name of a capture ends with, so that those of several stages can stand side by side. */
  readonly suffix: string;
  of(ctx: CaptureContext): NamedTensors;
  /** Throws where there is no such stage. */
  check(subjects: CaptureSubjects): void;
}

/**
 * A stage by its name: `raw`, `final`, or a transform's.
 *
 * @param where name of the function whose option `stage` this is.
 * @throws TypeError if it is no name.
 */
export function gradientStage(where: string, stage: string): GradientStage {
  if (typeof stage !== 'string' || stage === '') {
    throw new TypeError(
      `${where}: stage must be 'raw', 'final' or the name of a transform, got ${describeValue(stage)}.`,
    );
  }
  const complain = (stages: readonly string[]): never => {
    throw new Error(`${where}: there is no stage '${stage}'. Stages: ${[...stages, 'final'].join(', ')}.`);
  };
  return {
    suffix: stage === 'raw' ? '' : `/${stage}`,
    of({stages, rawGradients, gradients}) {
      if (stage === 'raw') return rawGradients;
      if (stage === 'final') return gradients;
      const found = stages.find(({name}) => name === stage);
      return found?.gradients ?? complain(stages.map(({name}) => name));
    },
    check({stages}) {
      if (stage !== 'final' && !stages.includes(stage)) complain(stages);
    },
  };
}
