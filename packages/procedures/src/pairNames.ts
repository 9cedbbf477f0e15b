/**
 * Finds the names of one model's weights in another: from the target's name to the source's.
 *
 * Layers that have a name are found by it, whatever counter tfjs has put behind it. Layers that tfjs has named
 * (`dense_Dense1/kernel`) go by their order, if both models have equally many of a kind, since tfjs counts on from model to
 * model; if they have not, nothing but equal names is safe.
 */
export function pairNames(targets: readonly string[], sources: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const theirs = groupByKind(sources);
  for (const [kind, ours] of groupByKind(targets)) {
    const candidates = theirs.get(kind) ?? [];
    if (kind !== '' && candidates.length === ours.length) {
      ours.forEach((name, i) => found.set(name, candidates[i]!));
      continue;
    }
    for (const name of ours) {
      const source =
        candidates.find((candidate) => candidate === name) ??
        candidates.find((candidate) => withoutCounter(candidate) === withoutCounter(name));
      if (source !== undefined) found.set(name, source);
    }
  }
  return found;
}

/** Names of layers that have one are of the kind ''. */
function groupByKind(names: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names.toSorted(byNumbers)) {
    const kind = kindOf(name);
    groups.set(kind, [...(groups.get(kind) ?? []), name]);
  }
  return groups;
}

/** `dense_Dense/kernel` of `dense_Dense12/kernel_1`, which tfjs makes of the class's name in two spellings. */
function kindOf(name: string): string {
  const [, snake, className, role] = /^([a-z\d_]+)_([A-Z][A-Za-z\d]*?)\d+(\/.*)$/.exec(name) ?? [];
  if (snake === undefined || snake.replaceAll('_', '') !== className!.toLowerCase()) return '';
  return `${snake}_${className}${withoutCounter(role!)}`;
}

const {compare: byNumbers} = new Intl.Collator('en', {numeric: true});

function withoutCounter(name: string): string {
  return name.replace(/_\d+$/, '');
}
