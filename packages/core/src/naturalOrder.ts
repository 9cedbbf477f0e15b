/** Names sorted as people count: 9 before 10. The same for every order that they come in. */
export function naturalOrder(names: Iterable<string>): string[] {
  return [...names]
    .map((name) => [name.replace(/\d+/g, (digits) => digits.padStart(12, '0')), name] as const)
    .sort(([a, nameA], [b, nameB]) => compare(a, b) || compare(nameA, nameB))
    .map(([, name]) => name);
}

/** By code units: the order of a locale would differ from machine to machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
