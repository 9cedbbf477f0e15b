/** What is known of a parameter without looking at its values: what selectors and initializers work with. */
export interface ParamSpec {
  /** The variable's name, e.g. `dense_Dense1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Last part of the name without tfjs's counter: `kernel`, `bias`, `gamma`, `recurrent_kernel`, ... */
  readonly role: string;
  /** Inputs that one unit sums over. tfjs lays kernels out as (…, in, out). */
  readonly fanIn: number;
  /** Units that one input feeds. */
  readonly fanOut: number;
}

/**
 * Describes a parameter.
 *
 *     dense (in, out): fanIn = in, fanOut = out;  convolution (h, w, in, out): fanIn = h·w·in, fanOut = h·w·out
 *
 * @param name the variable's name.
 * @param shape the variable's shape.
 * @example
 * ```ts
 * import {paramSpec} from '@gradwire/core';
 *
 * const spec = paramSpec('conv/kernel', [3, 3, 8, 16]);
 * console.log(spec.role, spec.fanIn, spec.fanOut); // kernel 72 144
 * ```
 */
export function paramSpec(name: string, shape: readonly number[]): ParamSpec {
  const receptiveField = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const fanOut = shape.at(-1) ?? 1;
  const fanIn = shape.at(-2) ?? fanOut;
  return {
    name,
    shape,
    role: withoutCounter(name).split('/').at(-1) ?? name,
    fanIn: fanIn * receptiveField,
    fanOut: fanOut * receptiveField,
  };
}

/** The name as it was given: tfjs appends `_1`, `_2`, … where a variable of that name is alive already. */
export function withoutCounter(name: string): string {
  return name.replace(/_\d+$/, '');
}
