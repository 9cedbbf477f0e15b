import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply, applyToNumbers} from '../fixtures/apply.js';
import {
  cosine,
  entriesOf,
  factor,
  type Gradients,
  gradients,
  gradientValues,
  layersOf,
  norm,
  scaled,
} from '../fixtures/gradients.js';
import {networks, toTensors} from '../fixtures/networks.js';
import fixtures from '../fixtures/normalization.json' with {type: 'json'};
import {normalizeByNorm, type NormalizeByNormOptions} from './normalizeByNorm.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: normalizeByNorm, options: {}});
testTransform({factory: normalizeByNorm, options: {epsilon: 0.1}, name: 'normalizeByNorm with epsilon'});
testTransform({factory: normalizeByNorm, options: {per: 'layer'}, name: 'normalizeByNorm per layer'});
testTransform({factory: normalizeByNorm, options: {per: 'global'}, name: 'normalizeByNorm of all'});

function normalize(values: readonly number[], options?: NormalizeByNormOptions): number[] {
  return [...apply(normalizeByNorm(options), {w: tf.tensor1d([...values])}).w!.dataSync()];
}

describe('normalizeByNorm', () => {
  it('brings a gradient to unit norm', () => {
    expect(normalize([3, 0, -4])).toBeAllclose([0.6, 0, -0.8]);
  });

  it('normalises each gradient by its own norm', () => {
    const {a, b} = apply(normalizeByNorm(), {a: tf.tensor1d([3, 4]), b: tf.tensor1d([30, 40])});
    expect(a).toBeAllclose([0.6, 0.8]);
    expect(b).toBeAllclose([0.6, 0.8]);
  });

  it('leaves a zero gradient zero', () => {
    expect(normalize([0, 0])).toEqual([0, 0]);
  });

  it('makes a scalar its sign', () => {
    expect(apply(normalizeByNorm(), {alpha: tf.scalar(-7)}).alpha).toBeAllclose(-1);
  });

  it.each([1e30, 1e-30, 1e38, 1e-38])('brings entries of %d to unit norm', (magnitude) => {
    expect(normalize([magnitude, -magnitude])).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2]);
  });

  it('adds epsilon to the norm', () => {
    expect(normalize([3, 4], {epsilon: 5})).toBeAllclose([0.3, 0.4]);
  });

  it('only scales a gradient far below epsilon', () => {
    expect(normalize([3e-30, 4e-30], {epsilon: 1e-6})).toBeAllclose([3e-24, 4e-24], {atol: 0});
  });

  it.each([-1, Number.NaN])('rejects epsilon %d by name', (epsilon) => {
    expect(() => normalizeByNorm({epsilon})).toThrow(
      new RangeError(`normalizeByNorm: epsilon must be >= 0, got ${epsilon}.`),
    );
  });

  it.each([
    ['tensor', "the string 'tensor'"],
    [null, 'null'],
    ['toString', "the string 'toString'"],
  ])('rejects %o as what comes to unit norm', (per, got) => {
    expect(() => normalizeByNorm({per} as unknown as NormalizeByNormOptions)).toThrow(
      new RangeError(`normalizeByNorm: per must be 'parameter', 'layer' or 'global', got ${got}.`),
    );
  });

  it.each([
    [null, "options must be an object, e.g. normalizeByNorm({epsilon: 0, per: 'layer'}), got null."],
    [0.1, "options must be an object, e.g. normalizeByNorm({epsilon: 0, per: 'layer'}), got the number 0.1."],
    [{eps: 0.1}, "there is no option 'eps'. Options: epsilon, per."],
  ])('rejects the options %o', (options, message) => {
    expect(() => normalizeByNorm(options as unknown as NormalizeByNormOptions)).toThrow(
      new TypeError(`normalizeByNorm: ${message}`),
    );
  });
});

describe('normalizeByNorm per layer', () => {
  const perLayer = normalizeByNorm({per: 'layer'});

  it('brings all parameters of a layer to unit norm together', () => {
    const {'a/kernel': kernel, 'a/bias': bias} = apply(perLayer, {
      'a/kernel': tf.tensor2d([
        [1, 5],
        [5, 7],
      ]),
      'a/bias': tf.scalar(10),
    });
    // 1 + 25 + 25 + 49 + 100 = 200.
    expect(kernel).toBeAllclose(
      [
        [1, 5],
        [5, 7],
      ].map((row) => row.map((value) => value / Math.sqrt(200))),
    );
    expect(bias).toBeAllclose(10 / Math.sqrt(200));
  });

  it.each([
    ['a layer of another name', 'b/kernel', 1],
    ['the layer around it', 'block/kernel', 1],
    ['a variable without a layer', 'block', 1],
    ['a parameter of the same layer', 'block/a/bias', 0.6],
    ['one that tfjs has given a counter', 'block/a/bias_12', 0.6],
  ])('takes %s for what it is', (_, name, expected) => {
    const grads = {'block/a/kernel': tf.scalar(4), [name]: tf.scalar(3)};
    expect(apply(perLayer, grads)[name]).toBeAllclose(expected);
  });

  it('knows layers whose parameters are not side by side', () => {
    const grads = {'a/kernel': tf.scalar(3), 'b/kernel': tf.scalar(5), 'a/bias': tf.scalar(4)};
    const changed = apply(perLayer, grads);
    expect(Object.keys(changed)).toEqual(Object.keys(grads));
    expect(Object.values(changed).map((tensor) => tensor.dataSync()[0])).toBeAllclose([0.6, 1, 0.8]);
  });

  it.each([1e30, 1e-30, 1e37, 1e-37])(
    'brings entries of %d to unit norm, beside other layers of 1',
    (magnitude) => {
      const grads = {
        'a/kernel': tf.tensor1d([3 * magnitude]),
        'b/kernel': tf.tensor1d([1]),
        'a/bias': tf.tensor1d([4 * magnitude]),
      };
      const changed = apply(perLayer, grads);
      expect(Object.values(changed).map((tensor) => tensor.dataSync()[0])).toBeAllclose([0.6, 1, 0.8]);
    },
  );

  it('keeps to itself what is not finite', () => {
    const grads = {
      'a/kernel': tf.tensor1d([NaN]),
      'b/kernel': tf.tensor1d([Infinity]),
      'c/kernel': tf.tensor1d([-7]),
    };
    expect(apply(perLayer, grads)['c/kernel']).toBeAllclose([-1]);
  });

  it('adds epsilon to the norm of the layer', () => {
    const {'a/kernel': kernel} = apply(normalizeByNorm({per: 'layer', epsilon: 5}), {
      'a/kernel': tf.scalar(3),
      'a/bias': tf.scalar(4),
    });
    expect(kernel).toBeAllclose(0.3);
  });
});

describe('normalizeByNorm of all', () => {
  it('brings all gradients to unit norm together', () => {
    const {a, b} = apply(normalizeByNorm({per: 'global'}), {a: tf.tensor1d([3, -4]), b: tf.scalar(12)});
    expect(a).toBeAllclose([3 / 13, -4 / 13]);
    expect(b).toBeAllclose(12 / 13);
  });

  it.each([1e30, 1e-30])('brings entries of %d to unit norm', (magnitude) => {
    const {b} = apply(normalizeByNorm({per: 'global'}), {
      a: tf.scalar(3 * magnitude),
      b: tf.scalar(4 * magnitude),
    });
    expect(b).toBeAllclose(0.8);
  });
});

describe('normalizeByNorm agrees with PyTorch', () => {
  it.each(fixtures.cases)('for shape $shape, mean $mean, spread $spread', ({shape, before, unit}) => {
    const {w} = apply(normalizeByNorm(), {w: tf.tensor(before, shape)});
    expect(w).toBeAllclose(tf.tensor(unit, shape), {rtol: 1e-6});
  });
});

describe('normalizeByNorm agrees with NumPy', () => {
  it.each(networks)('for layers of $spreads', ({before, perLayer, global}) => {
    const layers = apply(normalizeByNorm({per: 'layer'}), toTensors(before));
    for (const [name, expected] of Object.entries(toTensors(perLayer))) {
      expect(layers[name], name).toBeAllclose(expected, {rtol: 1e-6});
    }
    const all = apply(normalizeByNorm({per: 'global'}), toTensors(before));
    for (const [name, expected] of Object.entries(toTensors(global))) {
      expect(all[name], name).toBeAllclose(expected, {rtol: 1e-6, atol: 1e-38});
    }
  });
});

describe('normalizeByNorm, whatever the gradient,', () => {
  it('does not mind the order of entries', () => {
    fc.assert(
      fc.property(gradientValues, (values) => {
        expect(normalize(values.toReversed()).reverse()).toBeAllclose(normalize(values), {rtol: 1e-6});
      }),
    );
  });
});

const groups: Record<
  NonNullable<NormalizeByNormOptions['per']>,
  (grads: Gradients) => readonly (readonly string[])[]
> = {
  parameter: (grads) => Object.keys(grads).map((name) => [name]),
  layer: layersOf,
  global: (grads) => [Object.keys(grads)],
};

describe.each(['parameter', 'layer', 'global'] as const)(
  'normalizeByNorm per %s, whatever the gradients,',
  (per) => {
    const transform = normalizeByNorm({per});

    it('gives norm 1, or leaves zeros', () => {
      fc.assert(
        fc.property(gradients, (grads) => {
          const changed = applyToNumbers(transform, grads);
          for (const names of groups[per](grads)) {
            const expected = norm(entriesOf(grads, names)) === 0 ? 0 : 1;
            expect(norm(entriesOf(changed, names))).toBeAllclose(expected, {rtol: 1e-6});
          }
        }),
      );
    });

    it('keeps the direction of what is scaled together', () => {
      fc.assert(
        fc.property(gradients, (grads) => {
          const changed = applyToNumbers(transform, grads);
          for (const names of groups[per](grads)) {
            expect(cosine(entriesOf(changed, names), entriesOf(grads, names))).toBeCloseTo(1, 6);
          }
        }),
      );
    });

    it('does nothing more the second time', () => {
      fc.assert(
        fc.property(gradients, (grads) => {
          const once = applyToNumbers(transform, grads);
          const twice = applyToNumbers(transform, once);
          expect(entriesOf(twice)).toBeAllclose(entriesOf(once), {rtol: 1e-6});
        }),
      );
    });

    it('forgets a common factor', () => {
      fc.assert(
        fc.property(gradients, factor, (grads, by) => {
          const expected = entriesOf(applyToNumbers(transform, grads));
          expect(entriesOf(applyToNumbers(transform, scaled(grads, by)))).toBeAllclose(expected, {
            rtol: 1e-6,
          });
        }),
      );
    });

    it('leaves gradients in other order the same', () => {
      fc.assert(
        fc.property(gradients, (grads) => {
          const turned = Object.fromEntries(Object.entries(grads).reverse());
          const names = Object.keys(grads);
          const expected = entriesOf(applyToNumbers(transform, grads), names);
          expect(entriesOf(applyToNumbers(transform, turned), names)).toBeAllclose(expected, {rtol: 1e-6});
        }),
      );
    });
  },
);
