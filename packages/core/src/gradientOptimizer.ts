import * as tf from '@tensorflow/tfjs-core';
import {fromCaseProofJson, toCaseProofJson} from './caseProofJson.js';
import {isEmpty} from './chain.js';
import {describeValue} from './describeValue.js';
import {deserializeOptimizer} from './deserializeOptimizer.js';
import {FusedUpdate} from './fusedUpdate.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {GradientTap} from './gradientTap.js';
import {getLearningRate, setLearningRate} from './learningRate.js';
import type {LearningRateSchedule} from './learningRateSchedule.js';
import {printLint} from './lintChain.js';
import type {NamedTensor} from './namedTensors.js';
import {
  disposeOptimizer,
  type OptimizerSnapshot,
  readOptimizerState,
  resetOptimizer,
  snapshotOptimizer,
  writeOptimizerState,
} from './optimizerState.js';
import {ParameterSlots} from './parameterSlots.js';
import {requireInteger, requireNonNegative} from './require.js';
import {requireOptimizer} from './requireOptimizer.js';
import {requireOptions} from './requireOptions.js';
import {requireTransforms} from './requireTransform.js';
import {MANIFEST, packState, renameParams, unpackState} from './savedState.js';
import {type StateTree, treeTensors} from './stateTree.js';
import {deserializeTransform, type SerializedTransform, serializeTransform} from './transformRegistry.js';
import {transformUpdates} from './transformUpdates.js';
import {TransformRunner} from './transformRunner.js';

/** Options of a {@link GradientOptimizer}. */
export interface GradientOptimizerOptions {
  /** Seed that transforms draw from unless they have one of their own; a whole number >= 0, default 0. */
  readonly seed?: number;
  /** Sets the learning rate before every update; default: it stays what it is. See {@link scheduleLearningRate}. */
  readonly schedule?: LearningRateSchedule;
}

type Outcome = ReturnType<TransformRunner['run']>;

/**
 * A `tf.Optimizer` that passes the gradients through transforms before another optimizer applies them.
 *
 * Made by {@link transformGradients}. Works wherever tfjs takes an optimizer: `compile` with `fit`, `fitDataset` and
 * `trainOnBatch`, and `minimize` with and without a list of variables. Owns the inner optimizer and the transforms'
 * state: `dispose()` frees both. When a transform throws, weights, optimizer and transform state are as before and
 * training can go on.
 *
 * Saves and loads with the model (`model.save(url, {includeOptimizer: true})`): inner optimizer, chain, the state of
 * both. See {@link registerTransforms} for loading.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {GradientOptimizer} from '@gradwire/core';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const optimizer = new GradientOptimizer(tf.train.adam(), [gradientNoise({eta: 0.3})], {seed: 42});
 * ```
 */
export class GradientOptimizer extends tf.Optimizer {
  /** The name that saved models know this class by. */
  static get className(): string {
    return 'GradientOptimizer';
  }

  readonly seed: number;
  readonly #schedule: LearningRateSchedule | undefined;
  /** What {@link scaleLearningRate} has made of the rate that the schedule gives. */
  #rateFactor = 1;
  readonly #runner: TransformRunner;
  readonly #update: FusedUpdate;
  readonly #slots = new ParameterSlots();
  #isDisposed = false;
  #skipped = 0;
  #epoch: number | undefined;
  #manifest: {readonly text: string; readonly tensor: tf.Tensor} | undefined;

  constructor(
    /** While training its slots may be fused (docs/architecture.md): save and read state through this wrapper. */
    readonly inner: tf.Optimizer,
    transforms: readonly GradientTransform[],
    options: GradientOptimizerOptions = {},
  ) {
    super();
    requireOptimizer('GradientOptimizer', inner);
    requireTransforms('GradientOptimizer', transforms);
    const known = {seed: 42, schedule: '(step) => 0.1 / (1 + step)'};
    const {seed = 0, schedule} = requireOptions(
      'GradientOptimizer',
      options,
      known,
      'optimizer, transforms, ',
    );
    requireInteger('GradientOptimizer', {seed}, 0);
    printLint(transforms);
    this.seed = seed;
    this.#schedule = schedule;
    this.#runner = new TransformRunner(transforms);
    this.#update = new FusedUpdate(inner);
  }

  /** First to last; see {@link replaceTransforms}. */
  get transforms(): readonly GradientTransform[] {
    return this.#runner.transforms;
  }

  /** The parameters that it has met so far, by name; after loading none, until {@link initialize} or a step brings them. */
  get params(): Readonly<Record<string, tf.Variable>> {
    return this.#slots.params;
  }

  /** The epoch that transforms are told; set by a loop that knows it. */
  get epoch(): number | undefined {
    return this.#epoch;
  }

  set epoch(epoch: number | undefined) {
    this.#epoch = epoch;
    if (isGradientOptimizer(this.inner)) this.inner.epoch = epoch;
  }

  /** Steps so far in which the transforms left nothing, so that there was no update; not counted in `iterations`. */
  get skipped(): number {
    return this.#skipped;
  }

  /** The inner optimizer's rate. */
  get learningRate(): number {
    return getLearningRate(this.inner);
  }

  set learningRate(rate: number) {
    this.setLearningRate(rate);
  }

  /** Sets {@link learningRate}, for code that knows SGD's method of this name. */
  setLearningRate(rate: number): void {
    this.#requireAlive();
    if (this.#schedule !== undefined) {
      throw new Error(
        'GradientOptimizer: its schedule sets the learning rate; a rate set by hand would not last a step.',
      );
    }
    setLearningRate(this.inner, rate);
  }

  /**
   * Multiplies the rate from the next step on, also where this optimizer or the inner one follows a schedule. Not saved with the model.
   *
   * @throws RangeError if `factor` is not a number >= 0.
   */
  scaleLearningRate(factor: number): void {
    this.#requireAlive();
    requireNonNegative('scaleLearningRate', {factor});
    if (this.#schedule !== undefined) this.#rateFactor *= factor;
    else if (isGradientOptimizer(this.inner)) this.inner.scaleLearningRate(factor);
    else setLearningRate(this.inner, factor * getLearningRate(this.inner));
  }

  override minimize(f: () => tf.Scalar, returnCost = false, varList?: tf.Variable[]): tf.Scalar | null {
    let cost: tf.Scalar | null = null;
    // tfjs leaks loss and gradients when a transform throws, and disposes neither inside `fitDataset`.
    tf.tidy(() => {
      cost = super.minimize(f, returnCost, varList);
      return cost ?? [];
    });
    return cost;
  }

  /**
   * Prepares slots and transform state for these parameters. Happens by itself at the first step; called before it,
   * a selector that matches nothing is found before anything has run.
   */
  initialize(variables: readonly tf.Variable[]): void {
    this.#bind(variables.map(({name}) => name));
    if (isGradientOptimizer(this.inner)) this.inner.initialize(variables);
  }

  /**
   * Puts other transforms in the place of {@link transforms}, from the next step on. Those that stay keep their state; the
   * others begin anew.
   *
   * @throws TypeError if one is no transform; whatever the `init` of a new one throws. Then all is as before.
   */
  replaceTransforms(transforms: readonly GradientTransform[]): void {
    this.#requireAlive();
    requireTransforms('GradientOptimizer.replaceTransforms', transforms);
    this.#runner.replace([...transforms], this.#slots.params);
  }

  /** The state of one of the {@link transforms}, or of those of the inner optimizer. Its tensors stay owned by this one. */
  stateOf(transform: GradientTransform): StateTree {
    const place = this.transforms.indexOf(transform);
    if (place >= 0) return this.#runner.states[place];
    if (isGradientOptimizer(this.inner)) return this.inner.stateOf(transform);
    throw new Error(`GradientOptimizer.stateOf: '${transform.name}' is none of its transforms.`);
  }

  /**
   * Forgets momentum, averages and the transforms' state, as if training began here. Weights, rate and the count of steps
   * stay. An inner optimizer that is neither of `tf.train` nor a `GradientOptimizer` keeps what it has.
   */
  reset(): void {
    this.#requireAlive();
    this.#update.split();
    resetOptimizer(this.inner);
    this.#runner.reset(this.#slots.params);
  }

  /**
   * Remembers transforms, their state, the inner optimizer's and its rate. The weights are not part of it.
   *
   * @example
   * ```ts
   * import * as tf from '@tensorflow/tfjs';
   * import {transformGradients} from '@gradwire/core';
   *
   * const optimizer = transformGradients(tf.train.adam(0.1));
   * const snapshot = optimizer.snapshot();
   * optimizer.learningRate = 10;
   * snapshot.restore();
   * snapshot.dispose();
   * console.log(optimizer.learningRate); // 0.1
   * ```
   */
  snapshot(): OptimizerSnapshot {
    this.#requireAlive();
    this.#update.split();
    const inner = snapshotOptimizer(this.inner);
    const {transforms} = this;
    const rateFactor = this.#rateFactor;
    const {states, names} = this.#runner.snapshot();
    return {
      restore: (what = 'all') => {
        this.#requireAlive();
        const now = this.transforms;
        this.#update.split();
        inner.restore(what);
        this.#runner.replace(transforms, this.#slots.params);
        this.#runner.restore(states, names);
        this.#runner.initialize(this.#slots.params);
        if (what === 'state') this.#runner.replace(now, this.#slots.params);
        else this.#rateFactor = rateFactor;
      },
      dispose: () => {
        inner.dispose();
        for (const state of states) tf.dispose([...treeTensors(state)]);
      },
    };
  }

  /**
   * One step: transforms, then the inner optimizer, then the transforms of updates. Where transforms leave nothing at all,
   * there is no update, and `iterations` stays.
   *
   * @param gradients by name or as a list; `null` and missing entries are holes.
   * @param tap sees the gradients at every stage; what it wants to keep it must clone.
   */
  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[], tap?: GradientTap): void {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({name, tensor}));
    this.#bind(list.map(({name}) => name));
    this.#followSchedule();
    tf.tidy(() => {
      const raw: Record<string, tf.Tensor> = {};
      for (const {name, tensor} of list) if (tensor != null) raw[name] = tensor;
      tap?.('raw', raw, 'gradients');
      const ctx = this.#context();
      const isSkipped = ({grads}: Outcome): boolean => isEmpty(grads) && !isEmpty(raw);
      const computed = this.#runner.run('gradients', raw, ctx, tap);
      const applied = isSkipped(computed) ? computed : this.#apply(computed, ctx, tap);
      this.#runner.commit(applied.states);
      if (isSkipped(applied)) this.#skipped++;
      else this.incrementIterations();
    });
  }

  /** The inner optimizer's update, and what the transforms of updates make of it. */
  #apply(computed: Outcome, ctx: StepContext, tap: GradientTap | undefined): Outcome {
    const {grads, states} = computed;
    if (!this.#runner.changesUpdates) {
      this.#update.apply(this.#slots.names, grads, this.#slots.params);
      return computed;
    }
    return transformUpdates(this.inner, this.#slots.names, grads, this.#slots.params, (updates) => {
      tap?.('updates', updates, 'updates');
      return this.#runner.run('updates', updates, ctx, tap, states);
    });
  }

  #followSchedule(): void {
    if (this.#schedule === undefined) return;
    const step = this.iterations;
    const rate = this.#schedule(step, {epoch: this.epoch ?? 0, batch: step});
    if (!(Number.isFinite(rate) && rate >= 0)) {
      throw new RangeError(
        `GradientOptimizer: schedule must return a rate >= 0, got ${describeValue(rate)} at step ${step}.`,
      );
    }
    setLearningRate(this.inner, this.#rateFactor * rate);
  }

  #context(): StepContext {
    const {learningRate} = this.inner as {learningRate?: unknown};
    return {
      step: this.iterations,
      ...(this.#epoch === undefined ? {} : {epoch: this.#epoch}),
      params: this.#slots.params,
      keys: this.#slots.keys,
      seed: this.seed,
      ...(typeof learningRate === 'number' ? {learningRate} : {}),
    };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      inner: {className: this.inner.getClassName(), config: this.inner.getConfig()},
      transforms: toCaseProofJson(this.transforms.map(serializeTransform)),
      seed: this.seed,
    };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const transforms = fromCaseProofJson(String(config['transforms'])) as SerializedTransform[];
    return new cls(deserializeOptimizer(config['inner']), transforms.map(deserializeTransform), {
      seed: Number(config['seed']),
    });
  }

  /** The whole state as named tensors. They stay owned by this optimizer. */
  override async getWeights(): Promise<NamedTensor[]> {
    this.#requireAlive();
    this.#update.split();
    const inner = await readOptimizerState(this.inner);
    const {tensors, manifest} = packState({
      step: this.iterations,
      skipped: this.#skipped,
      slots: this.#slots.names,
      innerIterations: this.inner.iterations,
      inner,
      transforms: this.#runner.states,
    });
    return [...tensors, {name: MANIFEST, tensor: this.#keepManifest(manifest)}];
  }

  /**
   * Takes over what {@link getWeights} of an equal optimizer gave. Copies the tensors.
   *
   * The first step finds the saved parameters in the model, however tfjs has counted their names on. Where the model
   * was built again (not loaded) *and* layers are frozen since, say all variables to {@link initialize} before it.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    this.#requireAlive();
    const saved = await unpackState(weights);
    const count = saved.transforms.length;
    if (saved.slots.length > 0 && count !== this.transforms.length) {
      throw new Error(
        `GradientOptimizer: the saved state is that of ${count} transforms, here are ${this.transforms.length}.`,
      );
    }
    this.#update.split();
    await writeOptimizerState(this.inner, saved.innerIterations, saved.inner);
    this.#runner.restore(saved.transforms, saved.slots);
    this.#slots.load(saved.slots);
    this.iterations_ = saved.step;
    this.#skipped = saved.skipped;
  }

  override dispose(): void {
    this.#isDisposed = true;
    this.#update.split();
    this.#runner.dispose();
    this.#manifest?.tensor.dispose();
    disposeOptimizer(this.inner);
  }

  /** Makes slots, parameters and transform state cover `names`; when it throws, nothing has changed. */
  #bind(names: readonly string[]): void {
    this.#requireAlive();
    const found = this.#slots.adopt(names);
    if (found.size > 0) {
      const states = renameParams(this.#runner.states, (name) => found.get(name) ?? name);
      this.#runner.restore(states, this.#slots.names);
    }
    this.#slots.bind(names, (params) => this.#runner.initialize(params));
  }

  #requireAlive(): void {
    if (!this.#isDisposed) return;
    throw new Error('GradientOptimizer: disposed. Make a new one with transformGradients.');
  }

  /** tfjs reads it after we have returned it and never disposes it; saves that overlap share it. */
  #keepManifest(text: string): tf.Tensor {
    if (this.#manifest?.text !== text) {
      this.#manifest?.tensor.dispose();
      this.#manifest = {text, tensor: tf.keep(tf.scalar(text, 'string'))};
    }
    return this.#manifest.tensor;
  }
}

/** `instanceof` says yes to every tfjs optimizer. */
function isGradientOptimizer(optimizer: tf.Optimizer): optimizer is GradientOptimizer {
  return optimizer.getClassName() === GradientOptimizer.className;
}

tf.serialization.registerClass(GradientOptimizer);
