import type {Selector} from '@gradwire/core';

/** A selector as it stands in a saved file. */
export type SelectorJson = string | {readonly source: string; readonly flags: string};

/**
 * A selector as plain JSON.
 *
 * @throws Error if it is a function.
 */
export function selectorToJson(where: string, select: Selector): SelectorJson {
  if (typeof select === 'string') return select;
  if (select instanceof RegExp) return {source: select.source, flags: select.flags};
  throw new Error(`${where}: a selector that is a function cannot be saved; use a glob or a RegExp.`);
}

/** The inverse of {@link selectorToJson}. */
export function selectorFromJson(json: SelectorJson): Selector {
  return typeof json === 'string' ? json : new RegExp(json.source, json.flags);
}
