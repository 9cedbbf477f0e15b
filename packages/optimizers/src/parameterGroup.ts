import {
  describeValue,
  requireNonNegative,
  requireOptions,
  requirePositive,
  requireSelector,
  type Selector,
} from '@gradwire/core';

/** Parameters with a learning rate or a weight decay of their own. */
export interface ParameterGroup {
  /** Which parameters; of several groups that match, the first has them. */
  readonly select: Selector;
  /**
   * Their rate while the optimizer has the one that it was made with; > 0. It goes with the optimizer's: at a rate of r it is
   * r · (group's rate / optimizer's first rate). Default: the optimizer's.
   */
  readonly learningRate?: number;
  /** Their weight decay; >= 0. Default: the optimizer's. */
  readonly weightDecay?: number;
}

/**
 * Checks groups.
 *
 * @throws TypeError or RangeError that names function, group, option and value.
 */
export function requireGroups(where: string, groups: unknown): void {
  if (!Array.isArray(groups)) {
    throw new TypeError(
      `${where}: groups must be a list of {select, learningRate, weightDecay}, got ${describeValue(groups)}.`,
    );
  }
  groups.forEach((group: ParameterGroup, i) => requireGroup(`${where}: group ${i}`, group));
}

function requireGroup(where: string, group: ParameterGroup): void {
  const known = {select: "'**/bias'", learningRate: 0.01, weightDecay: 0};
  const {select, learningRate, weightDecay} = requireOptions(where, group, known);
  requireSelector(where, 'select', select);
  if (learningRate !== undefined) requirePositive(where, {learningRate});
  if (weightDecay !== undefined) requireNonNegative(where, {weightDecay});
  if (learningRate === undefined && weightDecay === undefined) {
    throw new TypeError(`${where}: it has neither learningRate nor weightDecay. Leave it out.`);
  }
}
