import {createHash} from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import {getThreadsCount} from '@tensorflow/tfjs-backend-wasm';
import {afterAll, expect, it} from 'vitest';
import {callJoint} from '../../fixtures/runJoint.js';
import {prepareWasm} from '../prepareWasm.js';
import {CHUNK} from './jointTable.js';

afterAll(() => prepareWasm({threads: 1}));

it('many tensors give the same bits on 1, 2 and 4 threads, call after call', async () => {
  const bits = new Set<string>();
  for (const threads of [1, 2, 4]) {
    await prepareWasm({threads});
    await tf.setBackend('wasm');
    expect(getThreadsCount()).toBe(threads);
    const tensors = sizes.map((size, i) => tf.randomUniform([size], -1, 1, 'float32', i + 1));
    for (let i = 0; i < 50; i++) bits.add(compute(tensors));
    tf.dispose(tensors);
  }
  expect(bits.size).toBe(1);
});

/** Enough of it to wake the others. */
const sizes = [20 * CHUNK + 3, 5, 0, CHUNK, 1, CHUNK + 1, 25];

/** A hash of all outputs. */
function compute(tensors: readonly tf.Tensor[]): string {
  return tf.tidy(() => {
    const [norms] = callJoint('NormOfEach', tensors) as [tf.Tensor];
    const [means, deviations] = callJoint('MomentsOfEach', tensors) as [tf.Tensor, tf.Tensor];
    const [statistics] = callJoint('StatisticsOfEach', tensors, {}, {below: 0.5}) as [tf.Tensor];
    const divided = callJoint('DivideEach', tensors, {divisors: norms, shifts: means});
    const units = sizes.map((size) => (size % 16 === 0 ? 16 : 1));
    const [unitNorms] = callJoint('NormOfUnits', tensors, {}, {units}) as [tf.Tensor];
    const [unitMeans] = callJoint('MeanOfUnits', tensors, {}, {units}) as [tf.Tensor];
    const ofUnits = callJoint('DivideUnits', tensors, {divisors: unitNorms, shifts: unitMeans}, {units});
    const signs = callJoint('SignEach', tensors);
    // Every other one is divided by 0: most of its elements are infinite then.
    const quotients = callJoint('DivideEach', tensors, {divisors: tf.tensor1d(sizes.map((_, i) => i % 2))});
    const finite = callJoint('ZeroNonFiniteEach', quotients);
    const streams = tensors.flatMap((_, i) => [i, -7]);
    const noisy = ['normal', 'uniform', 'drop'].flatMap((kind) =>
      callJoint('PerturbEach', tensors, {}, {kind, streams, amount: 0.3}),
    );
    const hash = createHash('sha1');
    const each = [...divided, ...ofUnits, ...signs, ...finite, ...noisy];
    for (const tensor of [norms, means, deviations, statistics, unitNorms, unitMeans, ...each]) {
      hash.update(tensor.dataSync());
    }
    return hash.digest('hex');
  });
}
