import type {ParamSpec} from '@gradwire/core';

/** Inputs of a unit and units of an input. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** As the specification has it; a depthwise kernel (h, w, in, multiplier) is a filter for every input. */
export function fansOf({role, shape, fanIn, fanOut}: ParamSpec): Fans {
  if (role !== 'depthwise_kernel') return {fanIn, fanOut};
  const receptiveField = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return {fanIn: receptiveField, fanOut: receptiveField * (shape.at(-1) ?? 1)};
}
