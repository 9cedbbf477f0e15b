import {applyTransform} from './applyTransform.js';
import {describeValue} from './describeValue.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {requireTransform} from './requireTransform.js';
import type {StateTree} from './stateTree.js';

/**
 * The value of an option at a step; `step` counts optimizer updates from 0. It is asked for step 0 once more in advance, when
 * parameters and learning rate are not known.
 */
export type OptionSchedule = (step: number, ctx: StepContext) => number;

/** The options of a factory that are numbers. A factory whose options may be left out has them too. */
export type NumericOption<Options> = {
  [Option in keyof NonNullable<Options>]-?: NonNullable<NonNullable<Options>[Option]> extends number
    ? Option & string
    : never;
}[keyof NonNullable<Options>];

/**
 * Makes an option of a transform follow a schedule.
 *
 *     option ← schedule(step)
 *
 * The transform is made anew in every step, with the option's value, and its state goes on: right for options that say
 * what to do with gradients (`maxNorm`, `eta`, `threshold`), not for those that shape the state (`steps`, `window`).
 * A schedule is a function, so a model whose optimizer has one cannot be saved with it.
 *
 * @param option name of the option.
 * @param schedule its value at a step.
 * @param factory makes the transform.
 * @param rest the factory's other options.
 * @throws TypeError if `option` is no name, `schedule` or `factory` not a function, or what the factory returns no transform.
 * @throws whatever the factory throws at a value that the schedule gives: at step 0 before training, later before the
 * update of that step.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {scheduled, transformGradients} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 *
 * const ever = scheduled('maxNorm', (step) => 10 / (1 + step), clipByGlobalNorm);
 * const optimizer = transformGradients(tf.train.sgd(0.1), ever);
 * ```
 */
export function scheduled<Options, Option extends NumericOption<Options>>(
  option: Option,
  schedule: OptionSchedule,
  factory: (options: Options) => GradientTransform,
  ...[rest]: object extends Omit<NonNullable<Options>, Option>
    ? [rest?: Omit<NonNullable<Options>, Option>]
    : [rest: Omit<NonNullable<Options>, Option>]
): GradientTransform {
  const hint = 'Call scheduled(option, schedule, factory).';
  requireArgument('option', 'the name of an option', option, typeof option === 'string', hint);
  requireArgument('schedule', 'a function', schedule, typeof schedule === 'function', hint);
  requireArgument('factory', 'a function', factory, typeof factory === 'function', hint);
  const at = (value: number): GradientTransform => factory({...rest, [option]: value} as unknown as Options);
  const sample = at(schedule(0, FIRST_STEP));
  requireTransform('scheduled', 'what factory returns', sample, hint);
  return Object.freeze({
    name: 'scheduled',
    on: sample.on ?? 'gradients',
    parts: [sample],
    config: {option, schedule, transform: sample.name, ...(rest && {rest})},
    init: (params: NamedTensors) => sample.init(params),
    update: (grads: NamedTensors, state: StateTree, ctx: StepContext) =>
      applyTransform(at(schedule(ctx.step, ctx)), grads, state, ctx),
  });
}

/** What is known before there is a step. */
const FIRST_STEP: StepContext = {step: 0, epoch: 0, params: {}, keys: {}, seed: 0};

function requireArgument(argument: string, must: string, value: unknown, isMet: boolean, hint: string): void {
  if (isMet) return;
  throw new TypeError(`scheduled: ${argument} must be ${must}, got ${describeValue(value)}. ${hint}`);
}
