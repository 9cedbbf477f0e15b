import {describeValue, type GradientTransform, requireOptions} from '@gradwire/core';
import {describe, it} from 'vitest';
import {runCheck, type Subject} from './check.js';
import {checks} from './checks/index.js';

/** A transform factory and the options to test it with. */
export interface TransformUnderTest<Options> {
  readonly factory: (options: Options) => GradientTransform;
  readonly options: Options;
  /** Title of the tests; default: the factory's name. */
  readonly name?: string;
}

/**
 * The conformance suite of transforms: registers a `describe` block that checks what every {@link GradientTransform}
 * must keep.
 *
 * Form: a frozen literal that is named as its factory, with a plain JSON `config` that makes an equal transform again.
 * Tensors: names, shapes and dtypes stay, holes stay holes, inputs are neither changed nor disposed, any rank will do.
 * Numbers: finite on zeros, on 1e30 and on 1e-30. Function: equal inputs give equal outputs, in whatever order the
 * parameters come. Training: nothing leaks in 100 steps, a resumed run goes on as if never stopped, and the transform
 * works inside `chain` and `masked`.
 *
 * Give the factory with its options. A function that makes the transform will do as well, but then nothing is known about
 * saving. Runs on the active backend: import one first.
 *
 * @throws TypeError if it is given neither.
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {testTransform} from '@gradwire/testing';
 *
 * testTransform({factory: clipByGlobalNorm, options: {maxNorm: 1}});
 * ```
 */
export function testTransform<Options>(
  transform: TransformUnderTest<Options> | (() => GradientTransform),
): void {
  const subject = toSubject(transform);
  describe(`${subject.name} conforms:`, () => {
    for (const check of checks) {
      if (check.needsFactory && subject.factory === undefined) continue;
      it(check.title, () => runCheck(check, subject));
    }
  });
}

/** What the checks need to know of it. */
export function toSubject<Options>(
  transform: TransformUnderTest<Options> | (() => GradientTransform),
): Subject {
  if (typeof transform === 'function') return {name: transform().name, create: transform};
  const known = {factory: 'clipByNorm', options: '{maxNorm: 1}', name: "'clipByNorm'"};
  const {factory, options, name = factory?.name} = requireOptions('testTransform', transform, known);
  if (typeof factory !== 'function') {
    throw new TypeError(
      `testTransform: factory must be a function that makes a transform, got ${describeValue(factory)}.`,
    );
  }
  return {
    name,
    create: () => factory(options),
    // A configuration is what the factory takes: that this holds is what the checks find out.
    factory: factory as unknown as Subject['factory'] & object,
  };
}
