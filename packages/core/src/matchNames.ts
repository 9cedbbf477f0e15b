import {naturalOrder} from './naturalOrder.js';
import {withoutNumbers} from './parameterKeys.js';
import {withoutCounter} from './paramSpec.js';

/**
 * Finds the parameters of a saved model in another instance of it: from the saved name to ours.
 *
 * A model that is loaded beside its original differs in the counter at the end of its names, one that is built again
 * in any number. Names that are equal but for the counter belong together, if all of ours find a partner so (some
 * of the saved may be frozen here); else names that are equal but for their numbers, in natural order, if there are
 * equally many. Names that remain ambiguous are left out.
 */
export function matchNames(saved: readonly string[], ours: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const partners = groupBy(withoutNumbers, saved);
  for (const [stem, names] of groupBy(withoutNumbers, ours)) {
    const candidates = partners.get(stem) ?? [];
    const close = matchClosely(candidates, names);
    const pairs =
      close.size < names.length && names.length === candidates.length ? zip(candidates, names) : close;
    for (const [from, to] of pairs) found.set(from, to);
  }
  return found;
}

function matchClosely(saved: readonly string[], ours: readonly string[]): Map<string, string> {
  const partners = groupBy(withoutCounter, saved);
  const pairs = [...groupBy(withoutCounter, ours)].flatMap(([stem, names]) => {
    const candidates = partners.get(stem) ?? [];
    if (candidates.length === names.length) return zip(candidates, names);
    return names.filter((name) => candidates.includes(name)).map((name) => [name, name] as const);
  });
  return new Map(pairs);
}

function groupBy(form: (name: string) => string, names: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of naturalOrder(new Set(names))) {
    const group = groups.get(form(name));
    if (group === undefined) groups.set(form(name), [name]);
    else group.push(name);
  }
  return groups;
}

function zip(left: readonly string[], right: readonly string[]): (readonly [string, string])[] {
  return left.map((name, i) => [name, right[i]!] as const);
}
