import {
  compileSelector,
  describeValue,
  type NamedTensors,
  requireNonNegative,
  requireOptions,
  requireSelection,
  requireSelector,
  type Selector,
} from '@gradwire/core';

/** A number for the parameters that a selector picks. */
export interface GroupValue {
  readonly select: Selector;
  readonly value: number;
}

/** The number of every parameter: that of the first group that matches it, or `other`. */
export interface ValueByGroup {
  /** @throws Error if a group is left without a parameter; it lists near names. */
  check(params: NamedTensors): void;
  of(params: NamedTensors): ReadonlyMap<string, number>;
}

/** See {@link ValueByGroup}. It remembers its answer for each record of parameters. */
export function valueByGroup(where: string, groups: readonly GroupValue[], other: number): ValueByGroup {
  const selectors = groups.map(({select}) => compileSelector(select));
  const known = new WeakMap<NamedTensors, ReadonlyMap<string, number>>();
  const split = (params: NamedTensors): Map<string, number>[] => {
    const taken = new Set<string>();
    return selectors.map((selected, i) => {
      const names = [...selected(params)].filter((name) => !taken.has(name));
      for (const name of names) taken.add(name);
      return new Map(names.map((name) => [name, groups[i]!.value]));
    });
  };
  return {
    check(params) {
      split(params).forEach((values, i) => {
        const names = Object.keys(params);
        requireSelection(where, 'parameter', groups[i]!.select, new Set(values.keys()), names);
      });
    },
    of(params) {
      let values = known.get(params);
      if (values === undefined) {
        const others = Object.keys(params).map((name) => [name, other] as const);
        values = new Map([...others, ...split(params).flatMap((part) => [...part])]);
        known.set(params, values);
      }
      return values;
    },
  };
}

/**
 * The groups of a transform, whose number goes by `option` there.
 *
 * @throws TypeError or RangeError that names function, group, option and value.
 */
export function readGroups<Option extends string>(
  where: string,
  groups: readonly ({readonly select: Selector} & Readonly<Record<Option, number>>)[],
  option: Option,
): GroupValue[] {
  if (!Array.isArray(groups)) {
    throw new TypeError(
      `${where}: groups must be a list of {select, ${option}}, got ${describeValue(groups)}.`,
    );
  }
  return groups.map((group, i) => {
    const known = {select: "'**/bias'", [option]: 0} as Record<'select' | Option, number | string>;
    const there = `${where}: group ${i}`;
    const {select, [option]: value} = requireOptions<Readonly<Record<string, unknown>>>(there, group, known);
    requireSelector(there, 'select', select);
    requireNonNegative(there, {[option]: value as number});
    return {select: select as Selector, value: value as number};
  });
}
