import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {prepareWasm} from '../prepareWasm.js';

beforeAll(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

afterAll(() => tf.removeBackend('wasm'));

const numDataIds = () => tf.engine().backend.numDataIds();

describe('tanh', () => {
  it('is at most two units in the last place off, over all of float32', () => {
    const bits = new Int32Array(1 << 17);
    const step = Math.floor(0x7f800000 / (bits.length / 2));
    for (let i = 0; i < bits.length; i++) bits[i] = (i >> 1) * step + (i & 1 ? 1 << 31 : 0);
    const x = new Float32Array(bits.buffer);
    expect(worstError(x)).toBeLessThan(2);
  });

  it('is at most two units in the last place off where it bends', () => {
    const x = Float32Array.from({length: 1 << 17}, (_, i) => (i / (1 << 17)) * 20 - 10);
    expect(worstError(x)).toBeLessThan(2);
  });

  it('knows its limits', () => {
    const x = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-40, 1e38];
    const y = tf.tidy(() => tf.tanh(tf.tensor1d(x)).dataSync());
    expect([...y]).toEqual([0, -0, 1, -1, NaN, ...new Float32Array([1e-45, -1e-40, 1])]);
  });

  it.each([0, 1, 2, 3, 5, 16_385])('writes %i values and no more', (size) => {
    tf.tidy(() => {
      const y = tf.tanh(tf.ones([size])).dataSync();
      expect(y.length).toBe(size);
      expect(new Set(y)).toEqual(new Set(size === 0 ? [] : [Math.fround(Math.tanh(1))]));
    });
  });

  /** In units of the last place of the true value. */
  function worstError(x: Float32Array): number {
    const y = tf.tidy(() => tf.tanh(tf.tensor1d(x)).dataSync());
    let worst = 0;
    for (const [i, value] of x.entries()) {
      const exact = Math.tanh(value);
      const unit = Math.max(2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23), 2 ** -149);
      worst = Math.max(worst, exact === 0 ? Math.abs(y[i]!) : Math.abs(y[i]! - exact) / unit);
    }
    return worst;
  }
});

describe('the gradient of tanh', () => {
  const gradient = tf.grads((x, w) => tf.sum(tf.mul(tf.tanh(x), w)));

  it.each([1, 3, 4, 1001])('has the bits of the three operations that it replaces, of %i values', (size) => {
    tf.tidy(() => {
      const [x, w] = [tf.randomNormal([size]), tf.randomNormal([size])];
      const [dx] = gradient([x, w]) as [tf.Tensor];
      const expected = tf.mul(w, tf.sub(1, tf.square(tf.tanh(x))));
      expect(dx.dataSync()).toEqual(expected.dataSync());
    });
  });

  it('runs in one pass', async () => {
    const {kernels} = await tf.profile(() => tf.tidy(() => void tf.grad(tf.tanh)(tf.ones([8]))));
    const names = kernels.map(({name}) => name);
    expect(names).toContain('TanhGrad');
    expect(names).not.toContain('Square');
  });

  it('has a gradient itself, as far as that of tfjs has one: with respect to what comes back', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([0.5, -1]);
      const slope = (w: tf.Tensor) => tf.grad((input) => tf.mul(tf.tanh(input), w))(x);
      const second = tf.grad((w) => tf.sum(slope(w)))(tf.ones([2]));
      const expected = tf.sub(1, tf.square(tf.tanh(x))).dataSync();
      for (const [i, value] of second.dataSync().entries()) expect(value).toBeCloseTo(expected[i]!, 6);
    });
  });

  it('is that of tfjs on other backends', async () => {
    await tf.setBackend('cpu');
    const dx = tf.tidy(() => tf.grad(tf.tanh)(tf.scalar(0.5)).dataSync()[0]);
    await tf.setBackend('wasm');
    expect(dx).toBeCloseTo(1 - Math.tanh(0.5) ** 2, 6);
  });

  it('leaves nothing behind', () => {
    const x = tf.ones([5]);
    const before = [tf.memory().numTensors, numDataIds()];
    tf.dispose(tf.tidy(() => tf.grad(tf.tanh)(x)));
    expect([tf.memory().numTensors, numDataIds()]).toEqual(before);
    x.dispose();
  });
});

describe('clipByValue', () => {
  it.each([0, 1, 3, 4, 7, 8, 1001])('clips %i values as JavaScript does, NaN included', (size) => {
    const values = Float32Array.from({length: size}, (_, i) => (i % 5 === 4 ? NaN : Math.sin(i) * 3));
    const y = tf.tidy(() => tf.clipByValue(tf.tensor1d(values), -1, 2).dataSync());
    expect(y).toEqual(values.map((value) => Math.max(Math.min(value, 2), -1)));
  });
});

describe('sum', () => {
  it.each<[number[], number[] | number | undefined, boolean]>([
    [[5, 7], 0, false],
    [[5, 7], 0, true],
    [[5, 7], 1, false],
    [[5, 7], undefined, false],
    [[3, 4, 5], [0, 1], false],
    [[3, 4, 5], [1, 0], true],
    [[3, 4, 5], [0, 2], false],
    [[3, 4, 5], -3, false],
    [[1, 6], 0, false],
    [[6], 0, true],
  ])('of shape %j over %j, keepDims %j', (shape, axis, keepDims) => {
    tf.tidy(() => {
      const values = Array.from({length: tf.util.sizeFromShape(shape)}, (_, i) => (i * 37) % 11);
      const sum = tf.sum(tf.tensor(values, shape), axis, keepDims);
      const axes = tf.util.parseAxisParam(axis as number, shape);
      expect([...sum.dataSync()]).toEqual(sumOf(values, shape, axes));
      expect(sum.shape).toEqual(
        shape.flatMap((size, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [size])),
      );
    });
  });

  it.each<[number[], number, 'float32' | 'int32']>([
    [[0, 3], 0, 'float32'],
    [[3, 0], 1, 'float32'],
    [[2, 0], -1, 'int32'],
  ])('of nothing is zero: shape %j over %j, %s', (shape, axis, dtype) => {
    tf.tidy(() => {
      tf.ones([64]).dispose();
      const y = tf.sum(tf.zeros(shape, dtype), axis);
      expect([...y.dataSync()]).toEqual(Array.from({length: Math.max(...shape)}, () => 0));
      expect(y.dtype).toBe(dtype);
    });
  });

  it('over leading axes leaves nothing behind', () => {
    const x = tf.ones([10, 20, 3]);
    const before = numDataIds();
    tf.sum(x, [0, 1]).dispose();
    expect(numDataIds()).toBe(before);
    x.dispose();
  });

  function sumOf(values: readonly number[], shape: readonly number[], axes: readonly number[]): number[] {
    const sums = new Map<string, number>();
    values.forEach((value, at) => {
      let rest = at;
      const index = shape.map((_, axis) => {
        const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
        const i = Math.floor(rest / stride);
        rest %= stride;
        return i;
      });
      const key = index.filter((_, axis) => !axes.includes(axis)).join();
      sums.set(key, (sums.get(key) ?? 0) + value);
    });
    return [...sums.values()];
  }
});

describe('a clone', () => {
  it('shares memory, and lives on without the original', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const before = numDataIds();
    const clone = tf.clone(x);
    expect(numDataIds()).toBe(before);
    x.dispose();
    expect([...clone.dataSync()]).toEqual([1, 2, 3]);
    clone.dispose();
    expect(numDataIds()).toBe(before - 1);
  });

  it('keeps its values when a variable that it came from is assigned anew', () => {
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const clone = tf.clone(variable);
    variable.assign(tf.tensor1d([3, 4]));
    expect([...clone.dataSync()]).toEqual([1, 2]);
    tf.dispose([variable, clone]);
  });

  it('of strings works', () => {
    const clone = tf.tidy(() => tf.clone(tf.tensor1d(['a', 'b'])).dataSync());
    expect([...clone]).toEqual(['a', 'b']);
  });
});
