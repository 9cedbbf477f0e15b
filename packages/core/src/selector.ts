import picomatch from 'picomatch';
import {describeValue} from './describeValue.js';
import type {NamedTensors} from './namedTensors.js';
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
  requireSelector('compileSelector', 'selector', selector);
  const matches = predicate(selector);
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
 * @throws TypeError that names function, argument and value.
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
 * The error of a selector that picks nothing.
 *
 * @param where the function whose selector this is.
 */
export function requireSelection(
  where: string,
  selector: Selector,
  selected: ReadonlySet<string>,
  params: NamedTensors,
): void {
  if (selected.size > 0) return;
  const names = Object.keys(params);
  const hint = names.some((name) => /^\d+$/.test(name))
    ? " Name your variables: tf.variable(x, true, 'name')."
    : '';
  throw new Error(
    `${where}: the selector ${String(selector)} matches no parameter. Parameters: ${names.join(', ')}.${hint}`,
  );
}

/** A selector as plain JSON. */
export function selectorToJson(where: string, selector: Selector): string | {source: string; flags: string} {
  if (typeof selector === 'string') return selector;
  if (selector instanceof RegExp) return {source: selector.source, flags: selector.flags};
  throw new Error(`${where}: a selector that is a function cannot be saved; use a glob or a RegExp.`);
}

/** The inverse of {@link selectorToJson}. */
export function selectorFromJson(json: unknown): Selector {
  if (typeof json === 'string') return json;
  const {source, flags} = json as {source: string; flags: string};
  return new RegExp(source, flags);
}

function predicate(selector: Selector): (param: ParamSpec) => boolean {
  if (typeof selector === 'function') return selector;
  if (selector instanceof RegExp) {
    return ({name}) => [name, withoutCounter(name)].some((form) => form.search(selector) >= 0);
  }
  const test = picomatch(selector);
  if (/^!|!\(/.test(selector)) return ({name}) => test(name) && test(withoutCounter(name));
  return ({name}) => test(name) || test(withoutCounter(name));
}
