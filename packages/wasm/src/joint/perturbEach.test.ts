import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {callJoint, counts, runJoint, type Values, waves} from '../../fixtures/runJoint.js';
import {prepareWasm} from '../prepareWasm.js';
import {registerKernels} from '../registerKernels.js';
import {hasSimd} from '../simd/simdKernels.js';
import {CHUNK} from './jointTable.js';

vi.mock(import('../simd/simdKernels.js'), async (original) => {
  const actual = await original();
  return {...actual, hasSimd: vi.fn<typeof actual.hasSimd>(actual.hasSimd)};
});

beforeAll(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

afterAll(() => tf.removeBackend('wasm'));

const kinds = ['normal', 'uniform', 'drop'] as const;
type Kind = (typeof kinds)[number];

/** The two words that Threefry-2x32-20 makes of key 0 and counter 0: Random123's known answer. */
const words = [0x6b200159, 0x99ba4efe | 0];
const uniforms = words.map((word) => ((word >> 8) + 0.5) * 2 ** -23);

it('adds uniform noise', () => {
  expect(perturb('uniform', [[1, 2]], [0, 0], 0.5)).toEqual([
    Float32Array.from(uniforms, (u, i) => i + 1 + Math.fround(u * 0.5)),
  ]);
});

it('adds normal noise', () => {
  const [x] = perturb('normal', [new Float32Array(100_000)], [1, 2], 2) as [Float32Array];
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 4)).toBeLessThan(0.1);
});

it('drops elements, and keeps others larger', () => {
  expect(uniforms.map((u) => u >= 2 * 0.25 - 1)).toEqual([true, false]);
  expect(perturb('drop', [[3, 3]], [0, 0], 0.25)).toEqual([new Float32Array([4, 0])]);
});

it('refuses another kind', () => {
  expect(() => perturb('pink' as Kind, [[1]], [0, 0], 1)).toThrow(
    "PerturbEach: there is no noise of kind 'pink'.",
  );
});

it('keeps shapes', () => {
  tf.tidy(() => {
    const tensors = [tf.ones([2, 3]), tf.scalar(1), tf.zeros([3, 0])];
    const attrs = {kind: 'normal', streams: [1, 2, 3, 4, 5, 6], amount: 1};
    expect(callJoint('PerturbEach', tensors, {}, attrs).map(({shape}) => shape)).toEqual([
      [2, 3],
      [],
      [3, 0],
    ]);
  });
});

it('of no tensors is none', () => {
  expect(perturb('normal', [], [], 1)).toEqual([]);
});

describe.each(kinds)('%s noise', (kind) => {
  const sizes = [0, 1, 2, 3, 7, 8, 9, 31, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7];

  it('of an element depends on stream and place alone', () => {
    const stream = [-5, 7];
    const lists = sizes.map((size) => new Float32Array(size).fill(1));
    const streams = sizes.flatMap(() => stream);
    const noisy = perturb(kind, lists, streams, 0.3);
    const all = noisy.at(-1)!;
    expect(noisy).toEqual(sizes.map((size) => all.slice(0, size)));
    expect(perturb(kind, [lists.at(-1)!], [-5, 8], 0.3)[0]).not.toEqual(all);
  });

  it('is added or multiplied with one rounding', () => {
    const streams = sizes.flatMap((size) => [size, 1]);
    const lists = sizes.map((size) => waves(size));
    const neutral = kind === 'drop' ? 1 : 0;
    const noise = perturb(
      kind,
      sizes.map((size) => new Float32Array(size).fill(neutral)),
      streams,
      0.3,
    );
    const expected = lists.map((x, i) =>
      x.map((value, j) => (kind === 'drop' ? value * noise[i]![j]! : value + noise[i]![j]!)),
    );
    expect(perturb(kind, lists, streams, 0.3)).toEqual(expected);
  });

  it('takes an amount for each tensor', () => {
    const amounts = [0.5, 0.1, 0];
    const lists = amounts.map(() => waves(50));
    const streams = [1, 2, 3, 4, 5, 6];
    const apart = lists.map((x, i) => perturb(kind, [x], streams.slice(2 * i), amounts[i]!)[0]);
    expect(runJoint('PerturbEach', lists, {amounts}, {kind, streams})).toEqual(apart);
  });
});

it('refuses amounts of another number', () => {
  const attrs = {kind: 'normal', streams: [1, 2, 3, 4, 5, 6]};
  expect(() => runJoint('PerturbEach', [[1], [2], [3]], {amounts: [1, 2]}, attrs)).toThrow(
    'PerturbEach: amounts must have 1 or 3 values, got 2.',
  );
});

it('brings amounts over from another backend', async () => {
  await tf.setBackend('cpu');
  const amounts = tf.tensor1d([0, 0.5]);
  await tf.setBackend('wasm');
  tf.tidy(() => {
    const attrs = {kind: 'uniform', streams: [0, 0, 0, 0]};
    const noisy = callJoint('PerturbEach', [tf.scalar(1), tf.scalar(1)], {amounts}, attrs);
    expect(noisy.map((tensor) => tensor.dataSync()[0])).toEqual([
      1,
      Math.fround(1 + Math.fround(uniforms[0]! * 0.5)),
    ]);
  });
  amounts.dispose();
});

it('leaves nothing behind where memory ends', () => {
  const backend = tf.backend() as unknown as {makeOutput(...values: unknown[]): unknown};
  const tensors = [tf.ones([2]), tf.ones([3]), tf.ones([4])];
  const before = counts();
  const {makeOutput} = backend;
  const spy = vi.spyOn(backend, 'makeOutput').mockImplementation((...values) => {
    if (spy.mock.calls.length > 1) throw new RangeError('no memory');
    return makeOutput.apply(backend, values);
  });
  const attrs = {kind: 'normal', streams: [1, 2, 3, 4, 5, 6], amount: 1};
  expect(() => callJoint('PerturbEach', tensors, {}, attrs)).toThrow('no memory');
  spy.mockRestore();
  expect(counts()).toEqual(before);
  tf.dispose(tensors);
});

it('is right when its outputs make the memory grow', async () => {
  const factory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory, 2);
  await tf.setBackend('wasm');
  tf.tidy(() => {
    const tensors = [tf.fill([1 << 22], 6), tf.scalar(8)];
    const attrs = {kind: 'uniform', streams: [1, 2, 3, 4]};
    const noisy = callJoint('PerturbEach', tensors, {amounts: tf.tensor1d([0, 1e-30])}, attrs);
    const [large, small] = noisy as [tf.Tensor, tf.Tensor];
    expect(large.dataSync().every((value) => value === 6)).toBe(true);
    expect([...small.dataSync()]).toEqual([8]);
  });
});

it('is not there without SIMD', () => {
  tf.unregisterKernel('PerturbEach', 'wasm');
  vi.mocked(hasSimd).mockReturnValueOnce(false);
  registerKernels();
  expect(tf.getKernel('PerturbEach', 'wasm')).toBeUndefined();
  registerKernels();
  expect(tf.getKernel('PerturbEach', 'wasm')).toBeDefined();
});

function perturb(
  kind: Kind,
  lists: readonly Values[],
  streams: readonly number[],
  amount: number,
): Float32Array[] {
  return runJoint('PerturbEach', lists, {}, {kind, streams: [...streams], amount});
}
