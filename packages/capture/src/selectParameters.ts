import {
  type CaptureSubjects,
  compileSelector,
  type NamedTensors,
  requireSelection,
  requireSelector,
  type Selector,
} from '@gradwire/core';

/** Which parameters a capture looks at. */
export interface ParameterSelection {
  /** Those of `tensors` that belong to them. */
  pick(tensors: NamedTensors): NamedTensors;
  /** Throws where there are none. */
  check(subjects: CaptureSubjects): void;
}

/**
 * The parameters that a capture has been told to look at; without a selector all.
 *
 * @param where name of the function whose option `parameters` this is.
 * @throws TypeError if it is no selector.
 */
export function selectParameters(where: string, selector: Selector | undefined): ParameterSelection {
  if (selector === undefined) return {pick: (tensors) => tensors, check: () => {}};
  requireSelector(where, 'parameters', selector);
  const select = compileSelector(selector);
  return {
    pick(tensors) {
      const names = select(tensors);
      return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.has(name)));
    },
    check: ({parameters}) =>
      requireSelection(where, 'parameter', selector, select(parameters), Object.keys(parameters)),
  };
}
