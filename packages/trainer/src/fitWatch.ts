import type {Capture, GradientOptimizer, GradientTap, RunEndReason} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {CaptureRun} from './captureRun.js';
import {systemClock} from './clock.js';
import type {EventBus} from './eventBus.js';
import {layersOf, type ModelLayer} from './layersOf.js';
import {randomId} from './randomId.js';
import {stagesOf} from './stagesOf.js';
import {weightsOf} from './stepRecord.js';
import {patchMethods} from './patchMethods.js';

type Callbacks = NonNullable<tfl.ModelFitArgs['callbacks']>;
type Captured = NonNullable<ReturnType<CaptureRun['begin']>>;

/** What `fit` and `fitDataset` have in common. */
export interface WatchedFitArgs {
  readonly epochs?: number;
  readonly initialEpoch?: number;
  readonly yieldEvery?: tfl.ModelFitArgs['yieldEvery'];
  readonly validationData?: unknown;
  readonly validationSplit?: number;
  readonly callbacks?: unknown;
}

/** Watches one `model.fit` or `model.fitDataset`: tells what happens in events, and lets captures measure. */
export class FitWatch {
  readonly #layers: readonly ModelLayer[];
  readonly #variables: readonly tf.Variable[];
  readonly #captures: CaptureRun;
  #captured: (Captured & {loss?: tf.Scalar}) | undefined;
  #batch = 0;
  #batchBegan = 0;
  #epochBegan = 0;
  #wasFinite = true;

  constructor(
    private readonly model: tfl.LayersModel,
    captures: readonly Capture[],
    private readonly bus: EventBus,
  ) {
    this.#layers = layersOf(model);
    this.#variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    this.#captures = new CaptureRun(captures, this.#layers);
  }

  /**
   * Runs `fit` with callbacks that tell.
   *
   * @param args what `fit` is called with.
   * @param batches of an epoch, if they are known.
   */
  async run<A extends WatchedFitArgs>(
    args: A,
    batches: number | undefined,
    fit: (args: A) => Promise<tfl.History>,
  ): Promise<tfl.History> {
    const began = systemClock.now();
    const {epochs = 1, initialEpoch = 0, yieldEvery = 'auto'} = args;
    const end = (reason: RunEndReason, error?: {name: string; message: string}): void =>
      this.bus.emit({type: 'runEnd', reason, ...(error && {error}), duration: systemClock.now() - began});
    this.bus.position = {run: randomId(), step: this.model.optimizer.iterations, epoch: initialEpoch};
    this.#captures.check({parameters: weightsOf(this.#variables), stages: stagesOf(this.#transforms)});
    this.#announce(args, batches);
    const unpatch = this.#patch();
    try {
      const teller = new tfl.CustomCallback(this.#callbacks(), yieldEvery);
      const history = await fit({
        ...args,
        callbacks: [...callbackList(args.callbacks as Callbacks, yieldEvery), teller],
      });
      await this.#finish();
      const hasDiverged = history.history['loss']?.some((loss) => !Number.isFinite(loss)) === true;
      const isShort = history.epoch.length < epochs - initialEpoch;
      end(hasDiverged ? 'diverged' : isShort ? 'stopped' : 'completed');
      return history;
    } catch (thrown) {
      const {name, message} = thrown instanceof Error ? thrown : new Error(String(thrown));
      end('failed', {name, message});
      throw thrown;
    } finally {
      unpatch();
      this.#release();
    }
  }

  get #transforms(): GradientOptimizer['transforms'] {
    const {optimizer} = this.model;
    return isGradientOptimizer(optimizer) ? optimizer.transforms : [];
  }

  /** Holds what captures look at while the optimizer works. */
  #patch(): () => void {
    const {optimizer} = this.model;
    const taps = isGradientOptimizer(optimizer);
    return patchMethods(optimizer, {
      computeGradients: (original) => (f, variables) => {
        const at = {epoch: this.bus.position.epoch, batch: this.#batch};
        this.#captured = this.#captures.begin(optimizer.iterations, at, this.#variables);
        if (this.#captured === undefined) return original(f, variables);
        const computed = this.#captured.record.during(() => original(f, variables));
        this.#captured.loss = tf.keep(tf.clone(computed.value));
        return computed;
      },
      applyGradients: (original) => (gradients) => {
        const tap = this.#captured?.record.tap;
        if (tap !== undefined && !taps) tap('raw', named(gradients), 'gradients');
        // Only ours knows of a second argument.
        (original as (given: typeof gradients, look?: GradientTap) => void)(gradients, tap);
      },
    });
  }

  /** Callbacks that translate what tfjs tells into events. */
  #callbacks(): tfl.CustomCallbackArgs {
    const {optimizer} = this.model;
    const {bus} = this;
    return {
      onEpochBegin: (epoch) => {
        this.#epochBegan = systemClock.now();
        bus.position = {...bus.position, step: optimizer.iterations, epoch};
        bus.emit({type: 'epochBegin'});
      },
      onBatchBegin: (batch) => {
        this.#batch = batch;
        this.#batchBegan = systemClock.now();
        bus.position = {...bus.position, step: optimizer.iterations};
      },
      onBatchEnd: (batch, logs) => this.#batchEnd(batch, logs as unknown as {loss: number; size: number}),
      onEpochEnd: (_epoch, logs) => {
        const duration = systemClock.now() - this.#epochBegan;
        bus.emit({type: 'epochEnd', logs: {...logs} as Record<string, number>, duration});
      },
    };
  }

  #announce(args: WatchedFitArgs, batches: number | undefined): void {
    const {model} = this;
    const {epochs = 1, initialEpoch = 0, validationData, validationSplit} = args;
    const validates = validationData !== undefined || validationSplit !== undefined;
    const {optimizer} = model;
    this.bus.emit({
      type: 'runBegin',
      epochs: epochs - initialEpoch,
      ...(batches === undefined ? {} : {stepsPerEpoch: batches}),
      parameters: this.#variables.map(({name, shape}) => ({name, shape: [...shape]})),
      layers: this.#layers.map(({spec}) => spec),
      transforms: this.#transforms.map(({name}) => name),
      metrics: validates
        ? [...model.metricsNames, ...model.metricsNames.map((name) => `val_${name}`)]
        : [...model.metricsNames],
      optimizer: (isGradientOptimizer(optimizer) ? optimizer.inner : optimizer).getClassName(),
      backend: tf.getBackend(),
    });
  }

  async #batchEnd(batch: number, {loss, size}: {loss: number; size: number}): Promise<void> {
    const {bus, model} = this;
    const skipped = model.optimizer.iterations === bus.position.step;
    if (this.#wasFinite && !Number.isFinite(loss)) {
      this.#wasFinite = false;
      const message = `The loss is ${loss}; model.fit goes on.`;
      bus.emit({type: 'alert', rule: 'nonFiniteLoss', severity: 'error', message});
    }
    bus.emit({
      type: 'step',
      batch,
      size,
      learningRate: rateOf(model.optimizer),
      duration: systemClock.now() - this.#batchBegan,
      loss,
      ...(skipped ? {skipped} : {}),
    });
    if (!skipped) await this.#measure({epoch: bus.position.epoch, batch});
    this.#release();
    for (const event of this.#captures.takeReports()) bus.emit(event);
    this.#captures.observe(systemClock.now() - this.#batchBegan);
  }

  async #measure(at: {epoch: number; batch: number}): Promise<void> {
    if (this.#captured === undefined) return;
    const {due, record, loss} = this.#captured;
    const context = record.context(this.bus.position.step, at, loss!);
    for (const event of await this.#captures.measure(due, context, record.spent)) this.bus.emit(event);
  }

  async #finish(): Promise<void> {
    const step = this.model.optimizer.iterations;
    this.bus.position = {...this.bus.position, step};
    const weights = weightsOf(this.#variables);
    const events = await this.#captures.finish({step, epoch: this.bus.position.epoch, weights});
    for (const event of events) this.bus.emit(event);
  }

  /** Frees what is held for the captures of a step. */
  #release(): void {
    this.#captured?.record.dispose();
    this.#captured?.loss?.dispose();
    this.#captured = undefined;
  }
}

/** tfjs rejects lists that mix callback objects with literals, so that literals are wrapped. */
function callbackList(
  callbacks: Callbacks | undefined,
  yieldEvery: NonNullable<tfl.ModelFitArgs['yieldEvery']>,
): tfl.CustomCallback[] {
  const list = Array.isArray(callbacks) ? callbacks : callbacks === undefined ? [] : [callbacks];
  return list.map((callback) =>
    'setParams' in callback
      ? (callback as tfl.CustomCallback)
      : new tfl.CustomCallback(callback as tfl.CustomCallbackArgs, yieldEvery),
  );
}

/** By name: tfjs makes `instanceof` true for any two optimizers. */
function isGradientOptimizer(optimizer: tf.Optimizer): optimizer is GradientOptimizer {
  return optimizer.getClassName() === 'GradientOptimizer';
}

function named(gradients: Parameters<tf.Optimizer['applyGradients']>[0]): Record<string, tf.Tensor> {
  const list = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({name, tensor}));
  return Object.fromEntries(list.flatMap(({name, tensor}) => (tensor == null ? [] : [[name, tensor]])));
}

function rateOf(optimizer: tf.Optimizer): number {
  const {learningRate} = optimizer as {learningRate?: unknown};
  return typeof learningRate === 'number' ? learningRate : Number.NaN;
}
