/** A curve: as many values as places. */
export interface Series {
  /** Optimizer updates since the first stage began. */
  readonly steps: number[];
  readonly values: number[];
}

/** What one capture has found: by subject and quantity, in the order in which they came. */
export type SeriesTable = Map<string, Map<string, Series>>;

/** Appends a value. */
export function append(
  table: SeriesTable,
  subject: string,
  quantity: string,
  step: number,
  value: number,
): void {
  const quantities = entryOf(table, subject, () => new Map<string, Series>());
  appendTo(entryOf(quantities, quantity, emptySeries), step, value);
}

/** Appends a value to one curve. */
export function appendTo({steps, values}: Series, step: number, value: number): void {
  steps.push(step);
  values.push(value);
}

export function emptySeries(): Series {
  return {steps: [], values: []};
}

/** The entry for a key, made where there is none. */
export function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
