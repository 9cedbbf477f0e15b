import {describeValue, transformGradients} from '@gradwire/core';
import {
  createTrainer,
  type FitOptions,
  type Remedy,
  type RemedySource,
  type Trainer,
  type TrainerOptions,
  type TrainingData,
} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {
  fitOptions,
  type ProcedureResult,
  type Stage,
  type StageOptions,
  type StageResult,
} from './procedureOptions.js';

/** What a procedure says about a stage when it runs it. */
type StageOf = Omit<Stage, 'count'>;

/** Runs the stages of one procedure, each with a trainer and an optimizer of its own. */
export class StageRunner {
  readonly stages: StageResult[] = [];
  readonly #trainer: Omit<TrainerOptions, 'model' | 'optimizer'>;
  readonly #fit: FitOptions;
  readonly #made = new Set<tf.Optimizer>();

  /**
   * @param where the procedure, for error messages.
   * @param options what it was called with; keys that are no options of stages must be gone.
   * @throws TypeError if `optimizer` or `onStage` is no function.
   */
  constructor(
    private readonly where: string,
    private readonly count: number,
    private readonly options: StageOptions,
  ) {
    const {optimizer, onStage, remedies = [], ...rest} = options;
    if (typeof optimizer !== 'function') {
      throw new TypeError(
        `${where}: optimizer must be a function that makes one for each stage, e.g. () => tf.train.sgd(0.01), got ${describeValue(optimizer)}.`,
      );
    }
    if (onStage !== undefined && typeof onStage !== 'function') {
      throw new TypeError(
        `${where}: onStage must be a function, e.g. ({name}) => console.log(name), got ${describeValue(onStage)}.`,
      );
    }
    const isOfFit = (key: string): boolean => Object.hasOwn(fitOptions, key);
    const entries = Object.entries(rest);
    this.#fit = Object.fromEntries(entries.filter(([key]) => isOfFit(key)));
    this.#trainer = {
      ...(Object.fromEntries(entries.filter(([key]) => !isOfFit(key))) as unknown as Pick<
        TrainerOptions,
        'loss'
      >),
      remedies: Array.isArray(remedies) ? remedies.map((remedy) => learned(where, remedy)) : remedies,
    };
  }

  /** Whether a stage has ended in a way that lets no other follow. */
  get isOver(): boolean {
    return this.#isAborted || this.reason !== 'completed';
  }

  /** Why the procedure ends when no other stage is run. */
  get reason(): ProcedureResult['reason'] {
    const last = this.stages.at(-1)?.reason;
    if (last === 'diverged') return last;
    return last === 'stopped' || (this.#isAborted && this.stages.length < this.count)
      ? 'stopped'
      : 'completed';
  }

  /** One run with ordinary events. */
  async run(
    {name, index}: StageOf,
    model: LayersModel,
    data: TrainingData,
    more: Pick<TrainerOptions, 'consumers'> & FitOptions = {},
  ): Promise<void> {
    const stage = {name, index, count: this.count};
    const {consumers = [], ...fit} = more;
    this.options.onStage?.(stage);
    const {consumers: own = []} = this.#trainer;
    const trainer = this.#compose(stage, model, {
      // What is no list is refused by the trainer, in its own words.
      consumers: Array.isArray(own) ? [...own, ...consumers] : own,
    });
    try {
      this.stages.push({name, ...(await trainer.fit(data, {...this.#fit, ...fit}))});
    } finally {
      trainer.dispose();
    }
  }

  /** A trainer that does the same steps with nobody watching. The caller disposes it. */
  probe(stage: Stage, model: LayersModel): Trainer {
    const {remedies = []} = this.#trainer;
    return this.#compose(stage, model, {
      captures: [],
      consumers: [],
      remedies: Array.isArray(remedies) ? remedies.map(unwatched) : remedies,
      onDivergence: 'continue',
    });
  }

  #compose(stage: Stage, model: LayersModel, parts: Partial<TrainerOptions>): Trainer {
    const optimizer = this.#optimizer(stage);
    try {
      return createTrainer({...this.#trainer, ...parts, model, optimizer});
    } catch (error) {
      // tfjs' own `dispose` leaves tensors behind in some optimizers, the wrapper's does not; its `instanceof` fails on null.
      if (optimizer != null && optimizer instanceof tf.Optimizer) transformGradients(optimizer).dispose();
      throw error;
    }
  }

  #optimizer(stage: Stage): tf.Optimizer {
    const optimizer = this.options.optimizer(stage);
    if (this.#made.has(optimizer)) {
      throw new Error(
        `${this.where}: optimizer must make a new optimizer at each call; it returned the one of an earlier stage.`,
      );
    }
    this.#made.add(optimizer);
    return optimizer;
  }

  get #isAborted(): boolean {
    return this.options.signal?.aborted === true;
  }
}

/** A remedy as it is; one that sets initial weights would undo, stage by stage, what has been learned. */
function learned(where: string, source: RemedySource): RemedySource {
  const checked = (remedy: Remedy): Remedy => {
    if (remedy?.initialize === undefined) return remedy;
    throw new Error(
      `${where}: remedy '${remedy.name}' sets initial weights, which would undo what earlier stages have learned. ` +
        'Initialise the model before, and leave this part out.',
    );
  };
  return typeof source === 'function' ? (services) => checked(source(services)) : checked(source);
}

/** A remedy that neither measures nor acts on events. */
function unwatched(source: RemedySource): RemedySource {
  const quiet = ({captures: _, consumers: __, ...rest}: Remedy): Remedy => rest;
  return typeof source === 'function' ? (services) => quiet(source(services)) : quiet(source);
}
