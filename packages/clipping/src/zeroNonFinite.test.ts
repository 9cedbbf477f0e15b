import {testTransform} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply} from '../fixtures/apply.js';
import {anyGradients, entriesOf, expectSameForm, tensorsOf} from '../fixtures/gradients.js';
import {zeroNonFinite} from './zeroNonFinite.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: zeroNonFinite, options: undefined});

describe('zeroNonFinite', () => {
  it('sets NaN and both infinities to 0, and no other entry', () => {
    const grads = {
      a: tf.tensor2d([[Number.NaN, 1], [-1e30, Infinity]]), // prettier-ignore
      b: tf.scalar(-Infinity),
    };
    expect(entriesOf(apply(zeroNonFinite(), grads))).toEqual([0, 1, Math.fround(-1e30), 0, 0]);
  });
});

describe('zeroNonFinite, whatever the gradients,', () => {
  it('passes finite ones of rank 0 to 5 exactly unchanged', () => {
    fc.assert(
      fc.property(anyGradients, (grads) => {
        const before = tensorsOf(grads);
        const after = apply(zeroNonFinite(), before);
        expectSameForm(after, grads);
        expect(entriesOf(after)).toEqual(entriesOf(before));
      }),
    );
  });

  it('sets to 0 what is not finite, and does nothing more the second time', () => {
    const entry = fc.oneof(fc.float({noNaN: true}), fc.constantFrom(Number.NaN, Infinity, -Infinity));
    fc.assert(
      fc.property(fc.array(entry, {minLength: 1, maxLength: 20}), (values) => {
        const once = apply(zeroNonFinite(), {w: tf.tensor1d(values)});
        const wanted = values.map((value) => (Number.isFinite(value) ? value : 0));
        expect(entriesOf(once)).toEqual(wanted);
        expect(entriesOf(apply(zeroNonFinite(), once))).toEqual(wanted);
      }),
    );
  });
});

it('refuses options, of which it has none', () => {
  expect(() => zeroNonFinite({epsilon: 1} as never)).toThrow(
    new TypeError("zeroNonFinite: there is no option 'epsilon'. It has none."),
  );
});
