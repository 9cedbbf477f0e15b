import picomatch from 'picomatch';
import {describeValue} from './describeValue.js';
import type {NamedTensors} from './namedTensors.js';
import type {LayerSpec} from './layerSpec.js';
import {nearestNames} from './nearestNames.js';
import {type ParamSpec, paramSpec, withoutCounter} from './paramSpec.js';

/**
 * Names parameters: a glob over their names (`'**\/kernel'`, `'dense_{1,2}/**'`; `*` stops at a slash, `**` does
 * not), a regular expression, or a predicate.
 *
 * The last part of a name must match as a whole: `'**\/kernel'` leaves out the `recurrent_kernel` of recurrent layers,
 * `'**\/*kernel'` has both.
 *
 * Globs and expressions are tried on the variable's name and on that name without the counter that tfjs appends
 * when a model is built twice (`dense/kernel_1`); a glob with a negation must match both.
 */
export type Selector = string | RegExp | ((param: ParamSpec) => boolean);

/**
 * A function from parameters to the names that `selector` picks; it remembers its answer for each record.
 *
 * @param selector which parameters.
 * @throws TypeError if it is no selector.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {compileSelector} from '@gradwire/core';
 *
 * const kernels = compileSelector('**\/kernel');
 * console.log([...kernels({'dense/kernel': tf.zeros([2, 3]), 'dense/bias': tf.zeros([3])})]); // ['dense/kernel']
 * ```
 */
export function compileSelector(selector: Selector): (params: NamedTensors) => ReadonlySet<string> {
  const matches = matcherOf<ParamSpec>('compileSelector', selector, withoutCounter);
  const known = new WeakMap<NamedTensors, ReadonlySet<string>>();
  return (params) => {
    let names = known.get(params);
    if (names === undefined) {
      names = new Set(Object.keys(params).filter((name) => matches(paramSpec(name, params[name]!.shape))));
      known.set(params, names);
    }
    return names;
  };
}

/**
 * Checks that an argument is a selector.
 *
 * @param where the function that has been called.
 * @param argument which of its arguments it is.
 * @param value what it was called with.
 * @throws TypeError that names function, argument and value.
 * @example
 * ```ts
 * import {requireSelector} from '@gradwire/core';
 *
 * requireSelector('watch', 'parameters', '**\/kernel');
 * ```
 */
export function requireSelector(where: string, argument: string, value: unknown): void {
  if (typeof value === 'string' ? value !== '' : typeof value === 'function' || value instanceof RegExp)
    return;
  const hint = Array.isArray(value) ? " For several, use a glob like '{a,b}/**'." : '';
  throw new TypeError(
    `${where}: ${argument} must be a glob, a RegExp or a function, got ${describeValue(value)}.${hint}`,
  );
}

/**
 * Rejects a selector that picks nothing.
 *
 * @param where the function whose selector this is.
 * @param what what it selects.
 * @param selected the names that it picks.
 * @param names the names that there are.
 * @throws Error that lists the names that are spelt most like it.
 * @example
 * ```ts
 * import {requireSelection} from '@gradwire/core';
 *
 * requireSelection('watch', 'layer', 'dense_*', new Set(['dense_1']), ['dense_1', 'flatten']);
 * ```
 */
export function requireSelection(
  where: string,
  what: 'parameter' | 'layer',
  selector: Selector | ((layer: LayerSpec) => boolean),
  selected: ReadonlySet<string>,
  names: readonly string[],
): void {
  if (selected.size > 0) return;
  const wanted = typeof selector === 'string' ? selector : selector instanceof RegExp ? selector.source : '';
  const nearest = nearestNames(wanted, names).join(', ');
  const there = nearest === '' ? `There are no ${what}s.` : `Nearest of ${names.length}: ${nearest}.`;
  const hint =
    what === 'parameter' && names.some((name) => /^\d+$/.test(name))
      ? " Name your variables: tf.variable(x, true, 'name')."
      : '';
  throw new Error(`${where}: the selector ${String(selector)} matches no ${what}. ${there}${hint}`);
}

/** A selector as it stands in a saved file. */
export type SelectorJson = string | {readonly source: string; readonly flags: string};

/**
 * A selector as plain JSON, for the `config` of a transform.
 *
 * @param where the function whose selector this is.
 * @throws Error if it is a function, which cannot be saved.
 * @example
 * ```ts
 * import {selectorFromJson, selectorToJson} from '@gradwire/core';
 *
 * const json = selectorToJson('watch', /kernel$/i);
 * console.log(String(selectorFromJson(json))); // /kernel$/i
 * ```
 */
export function selectorToJson(where: string, selector: Selector): SelectorJson {
  if (typeof selector === 'string') return selector;
  if (selector instanceof RegExp) return {source: selector.source, flags: selector.flags};
  throw new Error(`${where}: a selector that is a function cannot be saved; use a glob or a RegExp.`);
}

/**
 * The inverse of {@link selectorToJson}, for what makes a transform out of a saved `config`.
 *
 * @param json what {@link selectorToJson} gave.
 * @example
 * ```ts
 * import {selectorFromJson} from '@gradwire/core';
 *
 * console.log(String(selectorFromJson({source: 'kernel$', flags: ''}))); // /kernel$/
 * ```
 */
export function selectorFromJson(json: SelectorJson): Selector {
  return typeof json === 'string' ? json : new RegExp(json.source, json.flags);
}

/** Whether something of a name is meant. It may have another name as well: `plainName`. */
export function matcherOf<Spec extends {readonly name: string}>(
  where: string,
  selector: string | RegExp | ((spec: Spec) => boolean),
  plainName: (name: string) => string = (name) => name,
): (spec: Spec) => boolean {
  requireSelector(where, 'selector', selector);
  if (typeof selector === 'function') return selector;
  if (selector instanceof RegExp) {
    return ({name}) => [name, plainName(name)].some((form) => form.search(selector) >= 0);
  }
  const test = picomatch(selector);
  if (/^!|!\(/.test(selector)) return ({name}) => test(name) && test(plainName(name));
  return ({name}) => test(name) || test(plainName(name));
}
