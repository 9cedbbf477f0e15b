import {type Capture, describeValue, requireOptions} from '@gradwire/core';
import {describe, it} from 'vitest';
import {type CaptureSubject, runCaptureCheck} from './captureChecks/captureCheck.js';
import {captureChecks} from './captureChecks/index.js';

/** A capture factory and the options to test it with. */
export interface CaptureUnderTest<Options> {
  readonly factory: (options: Options) => Capture;
  readonly options: Options;
  /** Title of the tests; default: the capture's name. */
  readonly name?: string;
  /** The transforms of the runs that it is tried in, after the stage `raw`; default `['clipByGlobalNorm']`. */
  readonly stages?: readonly string[];
}

/**
 * The conformance suite of captures: registers a `describe` block that checks what every {@link Capture} must keep.
 *
 * Form: a frozen literal or an object of a class, with a name and a schedule, that returns tensors of numbers by subject and quantity,
 * or a table; what is read of them is plain data. Tensors: what it is given is neither changed nor disposed nor read back, and nothing
 * leaks but what it returns. Steps: it measures zeros, 1e30 and NaN, where gradients are missing, and without layers where it asks for
 * none; the same step gives the same.
 *
 * It is tried on parameters `conformance/dense/kernel`, …`/bias`, `conformance/conv/kernel`, `conformance/scale/alpha` and
 * `conformance/frozen/kernel`, and on layers `conformance/dense` (relu), `conformance/conv` (tanh), `conformance/scale` (none) and
 * `conformance/frozen` (sigmoid, the output). Runs on the active backend: import one first.
 *
 * @throws TypeError if it is given no factory.
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import {gradientStats} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {testCapture} from '@gradwire/testing';
 *
 * testCapture({factory: gradientStats, options: {when: every(1)}});
 * ```
 */
export function testCapture<Options>(capture: CaptureUnderTest<Options>): void {
  const subject = toCaptureSubject(capture);
  describe(`${subject.name} conforms:`, () => {
    for (const check of captureChecks) it(check.title, () => runCaptureCheck(check, subject));
  });
}

/** What the checks need to know of it. */
export function toCaptureSubject<Options>(capture: CaptureUnderTest<Options>): CaptureSubject {
  const known = {
    factory: 'gradientStats',
    options: '{when: every(1)}',
    name: "'gradientStats'",
    stages: "['clipByGlobalNorm']",
  };
  const {
    factory,
    options,
    name,
    stages = ['clipByGlobalNorm'],
  } = requireOptions('testCapture', capture, known);
  if (typeof factory !== 'function') {
    throw new TypeError(
      `testCapture: factory must be a function that makes a capture, got ${describeValue(factory)}.`,
    );
  }
  return {name: name ?? factory(options).name, create: () => factory(options), stages};
}
