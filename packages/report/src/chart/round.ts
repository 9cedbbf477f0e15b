/** Five digits: more than anybody sees, and a third of the bytes. */
export function round(value: number, digits = 5): number {
  return Number(value.toPrecision(digits));
}

/** A number for a title: two digits. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  return size > 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(round(value, 2));
}
