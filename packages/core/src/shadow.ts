import * as tf from '@tensorflow/tfjs-core';
import {applyTransform} from './applyTransform.js';
import {describeValue} from './describeValue.js';
import {divideEach} from './divideEach.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import {mapTensors} from './mapTensors.js';
import type {NamedTensors} from './namedTensors.js';
import {normOfEach} from './normOfEach.js';
import {pickTensors} from './pickTensors.js';
import {requireOptions} from './requireOptions.js';
import {requireTransform} from './requireTransform.js';
import type {StateTree} from './stateTree.js';
import {serializeTransform} from './transformRegistry.js';

/** What a transform would have done to one gradient, or to all together. */
export interface ShadowEffect {
  /** L2 norm of the gradient as it is. */
  readonly before: number;
  /** L2 norm of what the transform would have made of it; 0 where it would have left it out. */
  readonly after: number;
  /** Cosine of the angle between the two: 1 where the direction stays; 0 where one of them is zero. */
  readonly cosine: number;
}

/** What a transform would have done in one step. */
export interface ShadowReport extends ShadowEffect {
  /** Name of the transform. */
  readonly transform: string;
  /** Optimizer updates before this one. */
  readonly step: number;
  /** The same for every parameter that has a gradient. */
  readonly parameters: Readonly<Record<string, ShadowEffect>>;
}

/** Options of {@link shadow}. */
export interface ShadowOptions {
  /** Called soon after every step. What it throws is logged and changes nothing. */
  readonly report?: (report: ShadowReport) => void;
}

/**
 * Tries a transform on the gradients of every step without applying it, and reports what it would have done.
 *
 * The gradients pass unchanged; the candidate has its state, as if it were applied. What it throws is logged, and it goes on
 * from its state in the next step. In a trainer, captures see its result as
 * the stage `shadow(name)`: {@link chainNorms} tells its norms. Everywhere, `report` gets norms and angles as numbers, read
 * back once per step and after it; `everyNSteps(10, shadow(…))` reads less. Where nobody looks, the candidate costs its own
 * time only.
 *
 * @param transform the candidate.
 * @throws TypeError if `transform` is none, or `report` not a function.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {shadow, transformGradients} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 *
 * const candidate = shadow(clipByGlobalNorm({maxNorm: 1}), {
 *   report: ({step, before, after}) => console.log(`step ${step}: ${before} → ${after}`),
 * });
 * const w = tf.variable(tf.tensor1d([3, 4]), true, 'shadowExample');
 * transformGradients(tf.train.sgd(0.5), candidate).minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0, 0]: not clipped
 * await tf.nextFrame(); // step 0: 10 → 1
 * ```
 */
export function shadow(transform: GradientTransform, options: ShadowOptions = {}): GradientTransform {
  requireTransform('shadow', 'transform', transform, 'Call shadow(transform, {report}).');
  const {report} = requireOptions('shadow', options, {report: 'console.log'}, 'transform, ');
  if (report !== undefined && typeof report !== 'function') {
    throw new TypeError(`shadow: report must be a function, got ${describeValue(report)}.`);
  }
  return Object.freeze({
    name: 'shadow',
    on: transform.on ?? 'gradients',
    get config() {
      return {transform: serializeTransform(transform), ...(report && {report})};
    },
    init: (params: NamedTensors) => transform.init(params),
    update(grads: NamedTensors, state: StateTree, ctx: StepContext) {
      let result: readonly [NamedTensors, StateTree];
      try {
        result = applyTransform(transform, grads, state, ctx);
      } catch (error) {
        logError(`'${transform.name}' has thrown in step ${ctx.step}`, error);
        return [grads, state] as const;
      }
      const [would, next] = result;
      ctx.tap?.(`shadow(${transform.name})`, would);
      if (report !== undefined) {
        const about = {transform: transform.name, step: ctx.step};
        void readEffects(grads, would)
          .then((effects) => report({...about, ...effects}))
          .catch((error: unknown) => logError('report has thrown', error));
      }
      return [grads, next] as const;
    },
  });
}

type Effects = Omit<ShadowReport, 'transform' | 'step'>;

async function readEffects(before: NamedTensors, after: NamedTensors): Promise<Effects> {
  const names = Object.keys(before);
  const measured = tf.tidy(() => {
    // Read back like any other, so that reports come in the order of the steps.
    if (names.length === 0) return tf.zeros([0]);
    const filled = {...mapTensors(before, (grad) => tf.zerosLike(grad)), ...pickTensors(after, names)};
    const norms = [before, filled].map(normOfEach);
    // Of unit vectors, for products of the gradients themselves may leave the range of float32.
    const [a, b] = [before, filled].map((grads, i) => divideEach(grads, orOne(norms[i]!)));
    const cosines = tf.stack(names.map((name) => tf.sum(tf.mul(a![name]!, b![name]!))));
    return tf.stack([...norms, cosines]);
  });
  const values = measured.data();
  measured.dispose();
  return effectsOf(names, await values);
}

function effectsOf(names: readonly string[], values: ArrayLike<number>): Effects {
  const n = names.length;
  const each = names.map((_, i) => {
    const [a, b] = [values[i]!, values[n + i]!];
    return {before: a, after: b, cosine: a === 0 || b === 0 ? 0 : values[2 * n + i]!};
  });
  const before = Math.hypot(...each.map((effect) => effect.before));
  const after = Math.hypot(...each.map((effect) => effect.after));
  const shares = each.map((effect) => (effect.before / before) * (effect.after / after) * effect.cosine);
  const cosine = before === 0 || after === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0);
  return {before, after, cosine, parameters: Object.fromEntries(names.map((name, i) => [name, each[i]!]))};
}

function orOne(norms: tf.Tensor): tf.Tensor {
  return tf.where(tf.equal(norms, 0), tf.onesLike(norms), norms);
}

function logError(what: string, error: unknown): void {
  console.error(`shadow: ${what}.`, error); // oxlint-disable-line no-console
}
