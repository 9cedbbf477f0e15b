import {distance} from 'fastest-levenshtein';

const MOST = 5;

/** Those of `names` that are spelt most like `wanted`, a name or a glob; the nearest first. */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  if (wanted === '') return names.slice(0, MOST);
  const plain = wanted.replace(/[*!(){}[\]]/g, '').toLowerCase();
  const far = (name: string): number => {
    const ends = name.split('/').map((_, i, parts) => parts.slice(i).join('/'));
    const like = [...ends, name.slice(0, plain.length)];
    return Math.min(...like.map((part) => distance(plain, part.toLowerCase())));
  };
  return names
    .map((name) => [far(name), name] as const)
    .toSorted(([a], [b]) => a - b)
    .slice(0, MOST)
    .map(([, name]) => name);
}
