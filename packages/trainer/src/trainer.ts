import {
  type Capture,
  GradientOptimizer,
  type GradientTransform,
  type LearningRateSchedule,
  requireInteger,
  type TrainingEvent,
} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import {inject, injectable, multiInject, optional} from 'inversify';
import type {Observable, Subscription} from 'rxjs';
import {applyInitializers} from './applyInitializers.js';
import {evaluate} from './evaluate.js';
import type {EventBus} from './eventBus.js';
import type {EventConsumer} from './eventConsumer.js';
import {eventIterator} from './eventIterator.js';
import {FunctionLearner} from './functionLearner.js';
import {LayersLearner} from './layersLearner.js';
import type {Learner, TrainableModel} from './learner.js';
import type {LossSpec} from './objective.js';
import {openData} from './openData.js';
import {orderTransforms} from './orderTransforms.js';
import {requireRemedy} from './requireRemedy.js';
import {requireCapture, requireUniqueCaptures, requireUniqueRemedies} from './requireTrainerOptions.js';
import type {Remedy} from './remedy.js';
import type {RunControl} from './runControl.js';
import {protectRunFromSubscribers} from './survivingSubscribers.js';
import {subscribe} from './subscribe.js';
import * as token from './tokens.js';
import type {FitOptions, TrainerSettings, TrainingHistory} from './trainerOptions.js';
import type {TrainerServices} from './trainerServices.js';
import type {TrainingData} from './trainingData.js';
import {requireFitOptions} from './requireFitOptions.js';
import {TrainingRun} from './trainingRun.js';
import type {Clock} from './clock.js';

/**
 * The training loop, assembled by injection: made by {@link createTrainer} or by `container.get(Trainer)`.
 *
 * One step: batch → forward and loss → raw gradients → transforms → optimizer → weights → constraints. Everything
 * random in it is derived from the trainer's seed and the step, so that two trainings with one seed, model and
 * backend are bit-identical.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]});
 * const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
 * const data = {x: tf.ones([8, 1]), y: tf.ones([8, 1])};
 *
 * setTimeout(() => trainer.stop(), 1000);
 * const {reason} = await trainer.fit(data, {epochs: 20});
 * console.log(reason); // completed
 * trainer.dispose();
 * ```
 */
@injectable()
export class Trainer {
  /** All events of all runs, hot. Unsubscribing never stops a run, nor does a subscriber that throws. */
  readonly events$: Observable<TrainingEvent>;
  /** The optimizer with its transforms. */
  readonly optimizer: GradientOptimizer;
  readonly #captures: readonly Capture[];
  readonly #schedule: LearningRateSchedule | undefined;
  readonly #subscriptions: readonly Subscription[];
  #initialized = false;
  #running = false;
  #disposed = false;

  constructor(
    @inject(token.MODEL) private readonly model: TrainableModel,
    @inject(token.LOSS) private readonly loss: LossSpec,
    @inject(token.OPTIMIZER) optimizer: tf.Optimizer,
    @inject(token.SEED) private readonly seed: number,
    @inject(token.SETTINGS) private readonly settings: TrainerSettings,
    @inject(token.CLOCK) private readonly clock: Clock,
    @inject(token.EVENTS) events$: Observable<TrainingEvent>,
    @inject(token.EVENT_BUS) private readonly bus: EventBus,
    @inject(token.RUN_CONTROL) private readonly control: RunControl,
    @inject(token.SERVICES) services: TrainerServices,
    @inject(token.SCHEDULE) @optional() schedule: LearningRateSchedule | undefined,
    @multiInject(token.TRANSFORM) @optional() transforms: readonly GradientTransform[] | undefined,
    @multiInject(token.CAPTURE) @optional() captures: readonly Capture[] | undefined,
    @multiInject(token.CONSUMER) @optional() consumers: readonly EventConsumer[] | undefined,
    @multiInject(token.REMEDY) @optional() private readonly remedies: readonly Remedy[] = [],
  ) {
    for (const remedy of remedies) requireRemedy('remedy', remedy);
    requireUniqueRemedies(remedies);
    const all = <T>(
      own: readonly T[] | undefined,
      part: (remedy: Remedy) => readonly T[] | undefined,
    ): T[] => [...(own ?? []), ...remedies.flatMap((remedy) => part(remedy) ?? [])];
    const transformList = orderTransforms(
      all(transforms, (remedy) => remedy.transforms),
      settings.transformOrder,
    );
    this.optimizer = new GradientOptimizer(optimizer, transformList, {seed});
    this.#captures = all(captures, (remedy) => remedy.captures);
    this.#schedule = onlySchedule(schedule, remedies);
    for (const capture of this.#captures) requireCapture('createTrainer', capture);
    requireUniqueCaptures('createTrainer', this.#captures, remedies);
    this.#learner(); // What does not fit the model is said here, not at the first run.
    this.events$ = events$;
    this.#subscriptions = all(consumers, (remedy) => remedy.consumers).map((consumer) =>
      subscribe(consumer, events$, services),
    );
  }

  /**
   * Trains.
   *
   * @param data tensors `{x, y}`, a batched `tf.data` dataset of `{xs, ys}`, or an iterable of such batches.
   * @param options epochs, batch size, validation, early stopping, …
   * @returns values per epoch by Keras names (`loss`, `acc`, `val_loss`, …), and why the run ended.
   * @throws TypeError or RangeError that names what does not fit, before the first step and with the weights
   *   untouched; later whatever the model, a transform or the data threw, after a `runEnd` event with reason
   *   `failed`. What a capture throws comes after the update of its step.
   */
  async fit(data: TrainingData, options: FitOptions = {}): Promise<TrainingHistory> {
    if (this.#disposed) throw new Error('Trainer.fit: this trainer is disposed.');
    if (this.#running) throw new Error('Trainer.fit: a run is going on; await it, or stop() it first.');
    const {epochs, initialEpoch, batchSize, shuffle} = requireFitOptions(options);
    if (options.classWeight !== undefined && typeof this.model === 'function') {
      throw new TypeError(
        'Trainer.fit: classWeight needs a LayersModel; weigh the samples in your loss function.',
      );
    }
    this.#running = true;
    this.control.reset();
    const unprotect = protectRunFromSubscribers();
    try {
      const learner = this.#learner();
      this.optimizer.initialize(learner.variables);
      const sources = await openData(data, learner, {...options, caller: 'Trainer.fit', batchSize, shuffle});
      try {
        const run = new TrainingRun({
          model: this.model,
          learner,
          sources,
          epochs,
          initialEpoch,
          earlyStopping: options.earlyStopping,
          signal: options.signal,
          optimizer: this.optimizer,
          captures: this.#captures,
          schedule: this.#schedule,
          settings: this.settings,
          seed: this.seed,
          clock: this.clock,
          bus: this.bus,
          control: this.control,
        });
        run.check();
        await sources.training.check(initialEpoch);
        await sources.validation?.check(0);
        return await run.execute(() => this.#initialize(learner));
      } finally {
        await Promise.all([sources.training.dispose(), sources.validation?.dispose()]);
      }
    } finally {
      this.#running = false;
      if (this.#disposed) this.#free();
      unprotect();
    }
  }

  /**
   * Trains, and yields the events of the run: `for await (const event of trainer.run(data))`. Leaving the loop stops
   * the run. Takes what {@link fit} takes and throws what it throws.
   *
   * @example
   * ```ts
   * import * as tf from '@tensorflow/tfjs';
   * import {createTrainer} from '@gradwire/trainer';
   *
   * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]});
   * const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
   * const data = {x: tf.ones([8, 1]), y: tf.ones([8, 1])};
   * for await (const event of trainer.run(data, {epochs: 100})) {
   *   if (event.type === 'epochEnd' && event.epoch === 2) break;
   * }
   * ```
   */
  run(data: TrainingData, options: FitOptions = {}): AsyncGenerator<TrainingEvent, void, void> {
    return eventIterator(
      this.events$,
      () => this.fit(data, options),
      () => this.stop(),
    );
  }

  /**
   * Loss and metrics on data, in inference mode, by Keras names. Trains nothing and sends no events.
   *
   * @example
   * ```ts
   * import * as tf from '@tensorflow/tfjs';
   * import {createTrainer} from '@gradwire/trainer';
   *
   * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1], kernelInitializer: 'zeros'})]});
   * const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
   * console.log((await trainer.evaluate({x: tf.ones([8, 1]), y: tf.ones([8, 1])})).loss); // 1
   * ```
   */
  async evaluate(
    data: TrainingData,
    {batchSize = 32}: Pick<FitOptions, 'batchSize'> = {},
  ): Promise<Record<string, number>> {
    requireInteger('Trainer.evaluate', {batchSize}, 1);
    const learner = this.#learner();
    const {training} = await openData(data, learner, {
      caller: 'Trainer.evaluate',
      batchSize,
      shuffle: false,
    });
    try {
      return await evaluate(learner, training);
    } finally {
      await training.dispose();
    }
  }

  /** Ends the run at the next step boundary; `fit` resolves with reason `stopped`. */
  stop(): void {
    this.control.stop();
  }

  /**
   * Completes the stream of events, ends the consumers' subscriptions, frees optimizer and transform state. A run that
   * goes on is stopped, and all of this follows its end.
   */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.stop();
    if (!this.#running) this.#free();
  }

  #free(): void {
    const unprotect = protectRunFromSubscribers();
    this.bus.complete();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.optimizer.dispose();
    unprotect();
  }

  #learner(): Learner {
    const {metrics = [], variables, inferenceMode = false} = this.settings;
    const learner =
      typeof this.model === 'function'
        ? new FunctionLearner(this.model, this.loss, metrics, variables ?? [], !inferenceMode)
        : new LayersLearner(this.model, this.loss, metrics, this.optimizer, !inferenceMode);
    if (learner.variables.length > 0) return learner;
    throw new Error(
      typeof this.model === 'function'
        ? 'createTrainer: variables must list what a model that is a function trains.'
        : 'createTrainer: model has no trainable weights.',
    );
  }

  #initialize(learner: Learner): void {
    if (this.#initialized) return;
    const initialized = applyInitializers(this.remedies, learner.variables, this.seed);
    this.#initialized = true;
    for (const parts of initialized) this.bus.emit({type: 'remedy', action: 'initialized', ...parts});
  }
}

function onlySchedule(
  own: LearningRateSchedule | undefined,
  remedies: readonly Remedy[],
): LearningRateSchedule | undefined {
  const schedules = [own, ...remedies.map(({schedule}) => schedule)].filter(
    (schedule) => schedule !== undefined,
  );
  if (schedules.length <= 1) return schedules[0];
  throw new Error(`createTrainer: ${schedules.length} schedules set the learning rate; only one can.`);
}
