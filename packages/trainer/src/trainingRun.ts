import {
  type Capture,
  describeValue,
  every,
  getLearningRate,
  type GradientOptimizer,
  type LearningRateSchedule,
  mixSeeds,
  requireNonNegative,
  setLearningRate,
  type StepPosition,
  type StepSchedule,
  type GradientTransform,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {BatchMeans} from './batchMeans.js';
import type {SizedBatch} from './batchSource.js';
import type {Clock} from './clock.js';
import {BestEpoch, type EarlyStopping} from './earlyStopping.js';
import {evaluate} from './evaluate.js';
import type {EventBus} from './eventBus.js';
import type {Learner, TrainableModel} from './learner.js';
import type {LiveTraining} from './liveTraining.js';
import {snapshotTraining} from './snapshotTraining.js';
import {CaptureRun} from './captureRun.js';
import type {OpenedData} from './openData.js';
import type {RunControl} from './runControl.js';
import {randomId} from './randomId.js';
import {withSeededMathRandom} from './seededRandom.js';
import {stagesOf} from './stagesOf.js';
import {weightsOf} from './stepRecord.js';
import type {TrainerSettings, TrainingHistory} from './trainerOptions.js';
import {hostYielder} from './yieldToHost.js';

/** Everything that one run works with. */
export interface TrainingRunParts {
  readonly model: TrainableModel;
  readonly learner: Learner;
  readonly sources: OpenedData;
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly earlyStopping: EarlyStopping | undefined;
  readonly signal: AbortSignal | undefined;
  readonly optimizer: GradientOptimizer;
  readonly captures: readonly Capture[];
  readonly schedule: LearningRateSchedule | undefined;
  readonly settings: TrainerSettings;
  readonly seed: number;
  readonly clock: Clock;
  readonly bus: EventBus;
  readonly control: RunControl;
}

/** What the event of a step tells of it. */
interface StepOutcome {
  readonly loss: number | undefined;
  readonly skipped: boolean;
  /** Where the update may have changed it: what it was before. */
  readonly learningRate?: number;
}

/** What the steps of a run are seeded with, apart from each other. */
const SHUFFLE = 1;
const STEP = 2;

/** One call of `fit`. */
export class TrainingRun {
  readonly #yieldToHost = hostYielder();
  readonly #readsLoss: StepSchedule;
  readonly #logKeys: readonly string[];
  readonly #best: BestEpoch | undefined;
  readonly #history: Record<string, number[]>;
  readonly #epochs: number[] = [];
  /** Moving averages and the like: a forward pass changes them, so a step that fails must bring them back. */
  readonly #untrained: readonly tf.Variable[];
  #reason: TrainingHistory['reason'] | undefined;
  /** The last epoch in which a loss that is not finite was reported. */
  #alertedEpoch: number | undefined;

  readonly #captures: CaptureRun;

  /** What remedies have made of the rate that the schedule gives. */
  #rateFactor = 1;

  constructor(private readonly parts: TrainingRunParts) {
    const {learner, sources, earlyStopping, settings} = parts;
    this.#captures = new CaptureRun(parts.captures, learner.layers);
    this.#readsLoss = settings.readLoss ?? every(1);
    const validated =
      sources.validation === undefined ? [] : learner.metricNames.map((name) => `val_${name}`);
    this.#logKeys = [...learner.metricNames, ...validated];
    this.#history = Object.fromEntries(this.#logKeys.map((key) => [key, []]));
    this.#best = earlyStopping && new BestEpoch(earlyStopping, this.#logKeys);
    const trained = new Set(learner.variables);
    this.#untrained = learner.weights.filter((weight) => !trained.has(weight));
  }

  /** Rejects, before anything has run, captures that could not measure what they were asked to. */
  check(): void {
    const {learner, optimizer} = this.parts;
    this.#captures.check({parameters: weightsOf(learner.variables), stages: stagesOf(optimizer.transforms)});
  }

  /**
   * @param initialize runs after `runBegin`, before the first step.
   */
  async execute(initialize: () => void): Promise<TrainingHistory> {
    const {bus, optimizer, clock, epochs, initialEpoch} = this.parts;
    const began = clock.now();
    bus.position = {run: randomId(), step: optimizer.iterations, epoch: initialEpoch};
    this.#announce();
    try {
      initialize();
      for (let epoch = initialEpoch; epoch < epochs && this.#reason === undefined; epoch++) {
        if (this.#shouldStop()) this.#reason = 'stopped';
        else await this.#epoch(epoch);
      }
      this.#best?.restore(this.parts.learner.weights);
      bus.position = {...bus.position, step: optimizer.iterations};
      await this.#finishCaptures();
      const reason = this.#reason ?? 'completed';
      bus.emit({type: 'runEnd', reason, duration: clock.now() - began});
      return {epoch: this.#epochs, history: this.#history, reason};
    } catch (thrown) {
      const {name, message} = thrown instanceof Error ? thrown : new Error(String(thrown));
      bus.emit({type: 'runEnd', reason: 'failed', error: {name, message}, duration: clock.now() - began});
      throw thrown;
    } finally {
      this.#best?.dispose();
    }
  }

  #announce(): void {
    const {bus, learner, optimizer, seed, sources, epochs} = this.parts;
    const {batches} = sources.training;
    bus.emit({
      type: 'runBegin',
      epochs,
      ...(batches === undefined ? {} : {stepsPerEpoch: batches}),
      parameters: learner.variables.map(({name, shape}) => ({name, shape: [...shape]})),
      ...(learner.layers.length === 0 ? {} : {layers: learner.layers.map(({spec}) => spec)}),
      transforms: optimizer.transforms.map(({name}) => name),
      metrics: this.#logKeys,
      optimizer: optimizer.inner.getClassName(),
      backend: tf.getBackend(),
      seed,
    });
  }

  async #finishCaptures(): Promise<void> {
    const {bus, learner} = this.parts;
    const {step, epoch} = bus.position;
    const events = await this.#captures.finish({step, epoch, weights: weightsOf(learner.variables)});
    for (const event of events) bus.emit(event);
  }

  async #epoch(epoch: number): Promise<void> {
    const {bus, clock, learner, optimizer, schedule, seed, sources} = this.parts;
    const began = clock.now();
    const means = new BatchMeans(learner.metricNames);
    bus.position = {...bus.position, step: optimizer.iterations, epoch};
    optimizer.epoch = epoch;
    bus.emit({type: 'epochBegin'});
    let index = 0;
    try {
      for await (const batch of sources.training.epoch(
        epoch,
        mixSeeds(seed, SHUFFLE, optimizer.iterations + optimizer.skipped),
      )) {
        await this.#intervene(epoch);
        if (this.#shouldStop()) this.#reason = 'stopped';
        else await this.#step(batch, {epoch, batch: index++}, means);
        if (this.#reason !== undefined) return;
        await this.#yieldToHost();
      }
      const logs = await means.read();
      if (sources.validation !== undefined) {
        for (const [name, value] of Object.entries(await evaluate(learner, sources.validation))) {
          logs[`val_${name}`] = value;
        }
      }
      this.#epochs.push(epoch);
      for (const key of this.#logKeys) this.#history[key]!.push(logs[key]!);
      schedule?.observe?.(logs);
      bus.emit({type: 'epochEnd', logs: {...logs}, duration: clock.now() - began});
      if (this.#alertedEpoch !== epoch && this.#epochDiverged(epoch, logs)) return;
      if (this.#best?.observe(logs, learner.weights) === true) this.#reason = 'earlyStopped';
    } finally {
      means.dispose();
    }
  }

  async #step(batch: SizedBatch, at: StepPosition, means: BatchMeans): Promise<void> {
    const {bus, clock, learner, optimizer, schedule, seed} = this.parts;
    const began = clock.now();
    const step = optimizer.iterations;
    bus.position = {...bus.position, step};
    if (schedule !== undefined) {
      setLearningRate(optimizer, this.#rateFactor * requireRate(step, schedule(step, at)));
    }

    const untrained = this.#untrained.map((weight) => tf.clone(weight));
    let computed: ReturnType<Learner['gradients']> | undefined;
    const captured = this.#captures.begin(step, at, learner.variables);
    const record = captured?.record;
    let scalars: tf.Scalar[] = [];
    let updated = false;
    try {
      const stepSeed = mixSeeds(seed, STEP, step + optimizer.skipped);
      const compute = (): typeof computed => withSeededMathRandom(stepSeed, () => learner.gradients(batch));
      computed = (record === undefined ? compute() : record.during(compute))!;
      scalars = [computed.loss, ...computed.metrics];
      let loss = this.#readsLoss(step, at) ? (await computed.loss.data())[0]! : undefined;
      const isGuarded = optimizer.transforms.some(guardsSteps);
      if (!isGuarded && isBroken(loss) && this.#diverged(loss, {isApplied: false})) {
        this.#restoreUntrained(untrained);
        if (this.#reason === undefined) this.#announceStep(batch, at, began, {loss, skipped: true});
        return;
      }
      const learningRate = getLearningRate(optimizer);
      const {grads} = computed;
      optimizer.applyGradients(
        learner.variables.map(({name}) => ({name, tensor: grads[name]!})),
        record?.tap,
      );
      updated = true;
      const skipped = optimizer.iterations === step;
      if (!skipped) learner.applyConstraints();
      if (skipped && isGuarded) loss ??= (await computed.loss.data())[0]!;
      let dropped = skipped && isBroken(loss);
      if (!dropped && isGuarded && isBroken(loss) && this.#diverged(loss)) {
        if (this.#reason !== undefined) return;
        dropped = true;
      }
      if (dropped) this.#restoreUntrained(untrained);
      this.#announceStep(batch, at, began, {loss, skipped, learningRate});
      if (captured !== undefined && !skipped) {
        const {due, record: held} = captured;
        const context = held.context(step, at, computed.loss);
        for (const event of await this.#captures.measure(due, context, held.spent)) bus.emit(event);
      }
      for (const event of this.#captures.takeReports()) bus.emit(event);
      this.#captures.observe(clock.now() - began);
      if (dropped) return;
      const row = scalars;
      scalars = [];
      await means.add(row, batch.size);
    } catch (error) {
      if (!updated) this.#restoreUntrained(untrained);
      throw error;
    } finally {
      tf.dispose([untrained, scalars]);
      tf.dispose(computed?.grads ?? []);
      record?.dispose();
    }
  }

  #announceStep(
    {size}: SizedBatch,
    {batch}: StepPosition,
    began: number,
    {loss, skipped, learningRate = getLearningRate(this.parts.optimizer)}: StepOutcome,
  ): void {
    const {bus, clock} = this.parts;
    const duration = clock.now() - began;
    bus.emit({
      type: 'step',
      batch,
      size,
      learningRate,
      duration,
      ...(loss === undefined ? {} : {loss}),
      ...(skipped ? {skipped} : {}),
    });
  }

  /** Finds losses that no step has read, and what the last update did to the validation loss. */
  #epochDiverged(epoch: number, logs: Readonly<Record<string, number>>): boolean {
    const broken = ['loss', 'val_loss'].find((key) => key in logs && !Number.isFinite(logs[key]));
    return broken !== undefined && this.#stopsDiverged(`${broken} of epoch ${epoch} is ${logs[broken]}`);
  }

  #diverged(loss: number | undefined, {isApplied = true} = {}): boolean {
    return this.#stopsDiverged(`loss is ${loss}`, isApplied ? '' : '; this update is not applied');
  }

  /** Reports a loss that is not finite; true if the update must not happen. The run ends, unless somebody steps in. */
  #stopsDiverged(what: string, consequence = ''): boolean {
    const {bus, control, settings} = this.parts;
    const stops = settings.onDivergence !== 'continue';
    this.#alertedEpoch = bus.position.epoch;
    const message = `The ${what}${stops ? consequence : '; the run goes on'}.`;
    const {asked} = control;
    bus.emit({type: 'alert', rule: 'nonFiniteLoss', severity: 'error', message});
    if (stops && control.asked === asked) this.#reason = 'diverged';
    return stops;
  }

  /** Makes the changes that were asked for, and those that these ask for. */
  async #intervene(epoch: number): Promise<void> {
    const {control} = this.parts;
    while (control.hasInterventions) {
      for (const intervene of control.takeInterventions()) await intervene(this.#live(epoch));
    }
  }

  #live(epoch: number): LiveTraining {
    const {learner, model, optimizer, schedule, seed} = this.parts;
    return {
      step: optimizer.iterations,
      epoch,
      seed,
      model,
      layers: learner.layers.map(({spec}) => spec),
      variables: learner.variables,
      optimizer,
      scaleLearningRate: (factor) => {
        if (schedule === undefined) optimizer.scaleLearningRate(factor);
        else {
          requireNonNegative('scaleLearningRate', {factor});
          this.#rateFactor *= factor;
        }
      },
      snapshot: () => {
        const rateFactor = this.#rateFactor;
        return snapshotTraining(learner.weights, optimizer, () => {
          this.#rateFactor = rateFactor;
        });
      },
    };
  }

  #restoreUntrained(values: readonly tf.Tensor[]): void {
    this.#untrained.forEach((weight, i) => weight.assign(values[i]!));
  }

  #shouldStop(): boolean {
    return this.parts.control.stopRequested || this.parts.signal?.aborted === true;
  }
}

function isBroken(loss: number | undefined): boolean {
  return loss !== undefined && !Number.isFinite(loss);
}

/** Whether a transform decides about steps that are not finite. */
function guardsSteps({traits, parts = []}: GradientTransform): boolean {
  return (traits?.kind === 'guard' && traits.scope === 'global') || parts.some(guardsSteps);
}

function requireRate(step: number, rate: number): number {
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new RangeError(
    `createTrainer: schedule must return a rate >= 0, got ${describeValue(rate)} at step ${step}.`,
  );
}
