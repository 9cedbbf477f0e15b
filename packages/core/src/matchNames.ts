import {naturalOrder} from './naturalOrder.js';
import {withoutNumbers} from './parameterKeys.js';
import {withoutCounter} from './paramSpec.js';

type Pair = readonly [saved: string, ours: string];

/**
 * Finds the parameters of a saved model in another instance of it: from the saved name to ours.
 *
 * A model that is loaded beside its original differs in the counter at the end of its names, one that is built again
 * in any number. Names that are equal but for their numbers belong together in natural order, if there are equally
 * many of them. Else some are frozen, and names belong together that are equal but for the counter. What remains
 * ambiguous is left out.
 */
export function matchNames(saved: readonly string[], ours: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const partners = groupBy(withoutNumbers, saved);
  for (const [stem, names] of groupBy(withoutNumbers, ours)) {
    const candidates = partners.get(stem) ?? [];
    const complete = names.length === candidates.length;
    const pairs = complete ? zip(candidates, names) : matchClosely(candidates, names);
    for (const [from, to] of pairs) found.set(from, to);
  }
  return found;
}

function matchClosely(saved: readonly string[], ours: readonly string[]): Pair[] {
  const partners = groupBy(withoutCounter, saved);
  return [...groupBy(withoutCounter, ours)].flatMap(([stem, names]): Pair[] => {
    const candidates = partners.get(stem) ?? [];
    if (candidates.length === names.length) return zip(candidates, names);
    return names.filter((name) => candidates.includes(name)).map((name) => [name, name]);
  });
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

function zip(left: readonly string[], right: readonly string[]): Pair[] {
  return left.map((name, i) => [name, right[i]!]);
}
