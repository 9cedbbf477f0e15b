import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {prepareWasm} from '../prepareWasm.js';

beforeAll(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

afterAll(() => tf.removeBackend('wasm'));

/** A matrix product and what it is made of. */
interface Case {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly batchA: readonly number[];
  readonly batchB: readonly number[];
  readonly seed: number;
}

const size = fc.oneof({weight: 4, arbitrary: fc.integer({min: 1, max: 20})}, fc.integer({min: 21, max: 300}));
/** Batches that broadcast: in each axis, either may be 1; the leading ones may be missing. */
const batches = fc
  .array(fc.tuple(fc.integer({min: 1, max: 3}), fc.constantFrom('both', 'a', 'b')), {maxLength: 2})
  .chain((axes) =>
    fc.record({
      batchA: fc.constant(axes.map(([length, who]) => (who === 'b' ? 1 : length))),
      batchB: fc
        .integer({min: 0, max: axes.length})
        .map((missing) => axes.map(([length, who]) => (who === 'a' ? 1 : length)).slice(missing)),
    }),
  );
const cases: fc.Arbitrary<Case> = fc
  .tuple(
    fc.record({
      m: size,
      n: size,
      k: size,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      seed: fc.integer({min: 1, max: 1e6}),
    }),
    batches,
  )
  .map(([shape, batch]) => ({...shape, ...batch}));

function factors({m, n, k, transposeA, transposeB, batchA, batchB, seed}: Case): [tf.Tensor, tf.Tensor] {
  const a = [...batchA, ...(transposeA ? [k, m] : [m, k])];
  const b = [...batchB, ...(transposeB ? [n, k] : [k, n])];
  return [tf.randomUniform(a, -1, 1, 'float32', seed), tf.randomUniform(b, -1, 1, 'float32', seed + 1)];
}

/** The largest distance to a product in float64, in the units of float32's precision times the sum of the factors' sizes. */
function error(product: tf.Tensor, {transposeA, transposeB}: Case, a: tf.Tensor, b: tf.Tensor): number {
  const plain = (x: tf.Tensor, transpose: boolean) => {
    const perm = x.shape.map((_, axis) => axis);
    return transpose ? tf.transpose(x, [...perm.slice(0, -2), ...perm.slice(-2).reverse()]) : x;
  };
  const [left, right] = [plain(a, transposeA), plain(b, transposeB)];
  const shape = product.shape.slice(0, -2);
  const [m, k] = left.shape.slice(-2) as [number, number];
  const n = right.shape.at(-1)!;
  const [x, y] = [left, right].map((factor) =>
    tf.broadcastTo(factor, [...shape, ...factor.shape.slice(-2)] as [number]).dataSync(),
  );
  let worst = 0;
  product.dataSync().forEach((value, at) => {
    const [batch, i, j] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
    let [sum, sizes] = [0, 0];
    for (let q = 0; q < k; q++) {
      const term = x![(batch * m + i) * k + q]! * y![(batch * k + q) * n + j]!;
      sum += term;
      sizes += Math.abs(term);
    }
    worst = Math.max(worst, Math.abs(value - sum) / (sizes * 2 ** -23));
  });
  return worst;
}

describe('a product', () => {
  it('agrees with float64 for all shapes, transpositions and broadcast batches', () => {
    fc.assert(
      fc.property(cases, (each) =>
        tf.tidy(() => {
          const [a, b] = factors(each);
          const product = tf.matMul(a, b, each.transposeA, each.transposeB);
          expect(error(product, each, a, b)).toBeLessThan(4 * Math.sqrt(each.k) + 4);
        }),
      ),
      {numRuns: 60},
    );
  });

  it.each([
    [97, 17, 257],
    [4, 8, 256],
    [5, 9, 513],
    [193, 2049, 3],
  ])('is right at the edges of its blocks: %i x %i, depth %i', (m, n, k) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      tf.tidy(() => {
        const each = {m, n, k, transposeA, transposeB, batchA: [], batchB: [], seed: 7};
        const [a, b] = factors(each);
        expect(error(tf.matMul(a, b, transposeA, transposeB), each, a, b)).toBeLessThan(4 * Math.sqrt(k) + 4);
      });
    }
  });

  it('works in parts where the right factor is too large to be packed at once', () => {
    tf.tidy(() => {
      const [m, k, n] = [2, 70_000, 130];
      const a = tf.ones([m, k]);
      const b = tf.mul(tf.ones([k, 1]), tf.range(0, n));
      expect([...tf.matMul(a, b as tf.Tensor2D).dataSync()]).toEqual(
        Array.from({length: m * n}, (_, at) => (at % n) * k),
      );
    });
  });

  it('works in passes where its sums are long', () => {
    tf.tidy(() => {
      const [m, k, n] = [20, 40_000, 9];
      const ones = tf.ones<tf.Rank.R2>([k, m]);
      const bias = tf.range(0, n);
      const product = tf.fused.matMul({a: ones, b: tf.ones<tf.Rank.R2>([k, n]), transposeA: true, bias});
      expect([...product.dataSync()]).toEqual(Array.from({length: m * n}, (_, at) => k + (at % n)));
    });
  });

  it.each([1, 4, 16, 17])('is the same with %i rows, whichever kernel takes them', (m) => {
    tf.tidy(() => {
      const each = {m, n: 33, k: 50, transposeA: false, transposeB: false, batchA: [2], batchB: [2], seed: 3};
      const [a, b] = factors(each);
      expect(error(tf.matMul(a, b), each, a, b)).toBeLessThan(32);
    });
  });

  it('of nothing is nothing, or zeros', () => {
    tf.tidy(() => {
      expect(tf.matMul(tf.zeros([0, 3]), tf.zeros([3, 2])).shape).toEqual([0, 2]);
      const empty = tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3]));
      expect([...empty.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
      const biased = tf.fused.matMul({
        a: tf.zeros<tf.Rank.R2>([2, 0]),
        b: tf.zeros<tf.Rank.R2>([0, 3]),
        bias: tf.tensor1d([1, 2, 3]),
      });
      expect([...biased.dataSync()]).toEqual([1, 2, 3, 1, 2, 3]);
    });
  });

  it('keeps infinities and NaN where they belong', () => {
    tf.tidy(() => {
      const a = tf.tensor2d([
        [1, Infinity],
        [NaN, 2],
        [3, 4],
      ]);
      const product = tf.matMul(a, tf.ones<tf.Rank.R2>([2, 9]));
      expect([...product.dataSync()].filter((_, at) => at % 9 === 0)).toEqual([Infinity, NaN, 7]);
    });
  });

  it('says what does not fit, as tfjs does', () => {
    expect(() => tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 2]))).toThrow(/inner shapes \(3\) and \(4\)/);
    expect(() => tf.matMul(tf.zeros([2, 3]), tf.zeros([3]))).toThrow(/shapes \[2,3\] and \[3\]/);
  });

  it('leaves nothing behind', () => {
    const [a, b] = [tf.ones([3, 40, 50]), tf.ones([1, 60, 50])];
    const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    tf.matMul(a, b, false, true).dispose();
    expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
    tf.dispose([a, b]);
  });
});

describe('a fused product', () => {
  const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu'] as const;

  it.each(activations)('agrees with the cpu backend, %s', async (activation) => {
    const run = () =>
      tf.tidy(() => {
        const a = tf.randomUniform<tf.Rank.R2>([7, 30], -1, 1, 'float32', 3);
        const b = tf.randomUniform<tf.Rank.R2>([11, 30], -1, 1, 'float32', 4);
        const alpha = tf.randomUniform([11], 0, 1, 'float32', 6);
        return tf.fused
          .matMul({
            a,
            b,
            transposeB: true,
            bias: tf.randomUniform([11], -1, 1, 'float32', 5),
            activation,
            ...(activation === 'prelu' ? {preluActivationWeights: alpha} : {}),
            ...(activation === 'leakyrelu' ? {leakyreluAlpha: 0.3} : {}),
          })
          .dataSync();
      });
    const ours = run();
    await tf.setBackend('cpu');
    const theirs = run();
    await tf.setBackend('wasm');
    for (const [at, value] of theirs.entries()) expect(ours[at]).toBeCloseTo(value, 5);
  });

  it.each([[[1]], [[5, 1]], [[5, 4]], [[]]])('takes a bias of shape %j', (shape) => {
    tf.tidy(() => {
      const [a, b] = [tf.ones<tf.Rank.R2>([5, 3]), tf.ones<tf.Rank.R2>([3, 4])];
      const count = tf.util.sizeFromShape(shape);
      const bias = tf.reshape(tf.range(0, count), shape);
      const expected = tf.add(tf.matMul(a, b), bias).dataSync();
      expect(tf.fused.matMul({a, b, bias, activation: 'relu'}).dataSync()).toEqual(expected);
    });
  });

  it.each(activations)('of no columns is empty, %s', (activation) => {
    tf.tidy(() => {
      const [a, b] = [tf.ones<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R2>([3, 0])];
      const preluActivationWeights = tf.zeros([0]);
      const empty = tf.fused.matMul({a, b, bias: tf.zeros([0]), activation, preluActivationWeights});
      expect([empty.shape, empty.dataSync().length]).toEqual([[2, 0], 0]);
    });
  });

  it('leaves nothing behind', () => {
    const [a, b, bias] = [tf.ones<tf.Rank.R2>([4, 5]), tf.ones<tf.Rank.R2>([5, 6]), tf.ones([4, 1])];
    const before = tf.engine().backend.numDataIds();
    tf.fused.matMul({a, b, bias, activation: 'elu'}).dispose();
    expect(tf.engine().backend.numDataIds()).toBe(before);
    tf.dispose([a, b, bias]);
  });
});
