import * as tf from '@tensorflow/tfjs-core';
import {fromCaseProofJson, toCaseProofJson} from './caseProofJson.js';
import {isEmpty} from './chain.js';
import {deserializeOptimizer} from './deserializeOptimizer.js';
import {FusedUpdate} from './fusedUpdate.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {GradientTap} from './gradientTap.js';
import {getLearningRate, setLearningRate} from './learningRate.js';
import {printLint} from './lintChain.js';
import {matchNames} from './matchNames.js';
import type {NamedTensor} from './namedTensors.js';
import {disposeOptimizer, readOptimizerState, writeOptimizerState} from './optimizerState.js';
import {parameterKeys} from './parameterKeys.js';
import {requireInteger} from './require.js';
import {requireOptimizer} from './requireOptimizer.js';
import {requireOptions} from './requireOptions.js';
import {requireTransforms} from './requireTransform.js';
import {MANIFEST, packState, renameParams, unpackState} from './savedState.js';
import {deserializeTransform, type SerializedTransform, serializeTransform} from './transformRegistry.js';
import {transformUpdates} from './transformUpdates.js';
import {TransformRunner} from './transformRunner.js';

/** Options of a {@link GradientOptimizer}. */
export interface GradientOptimizerOptions {
  /** Seed that transforms draw from unless they have one of their own; a whole number >= 0, default 0. */
  readonly seed?: number;
}

type Params = Readonly<Record<string, tf.Variable>>;
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

  /** The epoch that transforms are told; set by a loop that knows it. */
  epoch: number | undefined;
  readonly seed: number;
  readonly #runner: TransformRunner;
  readonly #update: FusedUpdate;
  /** Parameter names in the order of the inner optimizer's slots, which tfjs tells apart by position only. */
  #slots: string[] = [];
  #params: Params = {};
  #keys: Readonly<Record<string, number>> = {};
  /** Slots that still go by the names of the saved model, until a step brings the parameter that they belong to. */
  #orphans: ReadonlySet<string> = new Set();
  #isDisposed = false;
  #skipped = 0;
  #manifest: {readonly text: string; readonly tensor: tf.Tensor} | undefined;

  constructor(
    /** While training its slots may be fused (docs/architecture.md): save and read state through this wrapper. */
    readonly inner: tf.Optimizer,
    readonly transforms: readonly GradientTransform[],
    options: GradientOptimizerOptions = {},
  ) {
    super();
    requireOptimizer('GradientOptimizer', inner);
    requireTransforms('GradientOptimizer', transforms);
    const {seed = 0} = requireOptions('GradientOptimizer', options, {seed: 42}, 'optimizer, transforms, ');
    requireInteger('GradientOptimizer', {seed}, 0);
    printLint(transforms);
    this.seed = seed;
    this.#runner = new TransformRunner(transforms);
    this.#update = new FusedUpdate(inner);
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
    setLearningRate(this.inner, rate);
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
      this.#update.apply(this.#slots, grads, this.#params);
      return computed;
    }
    return transformUpdates(this.inner, this.#slots, grads, this.#params, (updates) => {
      tap?.('updates', updates, 'updates');
      return this.#runner.run('updates', updates, ctx, tap, states);
    });
  }

  #context(): StepContext {
    const {learningRate} = this.inner as {learningRate?: unknown};
    return {
      step: this.iterations,
      ...(this.epoch === undefined ? {} : {epoch: this.epoch}),
      params: this.#params,
      keys: this.#keys,
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
      slots: this.#slots,
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
    this.#slots = [...saved.slots];
    this.#orphans = new Set(saved.slots);
    this.#params = {};
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
    if (this.#orphans.size > 0) this.#adopt(names);
    const variables = tf.engine().registeredVariables;
    const known = new Set(this.#slots);
    const added = names.filter((name) => !known.has(name));
    const missing = added.find((name) => variables[name] === undefined);
    if (missing !== undefined) throw new Error(`GradientOptimizer: there is no variable '${missing}'.`);

    const slots = [...this.#slots, ...added];
    const alive = new Set(slots.filter((name) => !this.#orphans.has(name) && variables[name] !== undefined));
    const unchanged =
      alive.size === Object.keys(this.#params).length &&
      [...alive].every((name) => this.#params[name] === variables[name]);
    if (unchanged) return;
    const params = Object.fromEntries([...alive].map((name) => [name, variables[name]!]));
    this.#runner.initialize(params);
    this.#params = params;
    this.#slots = slots;
    this.#keys = parameterKeys(slots);
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

  /** Gives loaded slots and state the names that their parameters have in this model. */
  #adopt(names: readonly string[]): void {
    const owned = new Set(this.#slots.filter((name) => !this.#orphans.has(name)));
    const found = matchNames(
      [...this.#orphans],
      names.filter((name) => !owned.has(name)),
    );
    if (found.size === 0) return;
    const {slots, transforms} = renameParams(
      {slots: this.#slots, transforms: this.#runner.states},
      (name) => found.get(name) ?? name,
    );
    this.#slots = [...slots];
    this.#orphans = new Set([...this.#orphans].filter((name) => !found.has(name)));
    this.#runner.restore(transforms, slots);
  }
}

tf.serialization.registerClass(GradientOptimizer);
