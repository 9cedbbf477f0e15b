import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {counterNoise} from './counterNoise.js';
import {noiseKinds} from './noiseKind.js';
import {perturbEach} from './perturbEach.js';

const streams = [
  [1, 2],
  [-3, 4],
] as const;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  if (tf.getKernel('PerturbEach', 'cpu')) tf.unregisterKernel('PerturbEach', 'cpu');
});

function tensors() {
  return {a: tf.linspace(-1, 1, 6).reshape([2, 3]), b: tf.linspace(0, 5, 1001)};
}

describe('perturbEach', () => {
  it.each(noiseKinds)('adds each tensor its own noise, or multiplies: %s', (kind) => {
    const given = tensors();
    const changed = perturbEach(kind, given, streams, 0.25);
    expect(Object.keys(changed)).toEqual(['a', 'b']);
    for (const [i, name] of (['a', 'b'] as const).entries()) {
      const noise = counterNoise(kind, streams[i]!, given[name].size, 0.25);
      expect(changed[name]!.shape).toEqual(given[name].shape);
      expect(changed[name]!.dataSync()).toEqual(
        given[name].dataSync<'float32'>().map((x, j) => (kind === 'drop' ? x * noise[j]! : x + noise[j]!)),
      );
    }
  });

  it.each(['normal', 'uniform'] as const)(
    'gives the same bits where the amounts are a tensor: %s',
    (kind) => {
      const given = tensors();
      const changed = perturbEach(kind, given, streams, tf.tensor1d([0.1, 0.7]));
      const [a] = [perturbEach(kind, {a: given.a}, [streams[0]], 0.1).a!];
      const [b] = [perturbEach(kind, {b: given.b}, [streams[1]], 0.7).b!];
      expect(changed.a!.dataSync()).toEqual(a.dataSync());
      expect(changed.b!.dataSync()).toEqual(b.dataSync());
    },
  );

  it('passes tensors that are not float32, and gives the others the noise of their place', () => {
    const a = tf.tensor1d([1, 2], 'int32');
    const {b} = tensors();
    const changed = perturbEach('normal', {a, b}, streams, 1);
    expect(changed.a).toBe(a);
    expect(changed.b!.dataSync()).toEqual(perturbEach('normal', {b}, [streams[1]], 1).b!.dataSync());
  });

  it('gives nothing for nothing', () => {
    expect(perturbEach('normal', {}, [], 1)).toEqual({});
  });

  it('leaves it to the joint kernel of a backend', () => {
    const calls: unknown[] = [];
    const {a, b} = tensors();
    tf.registerKernel({
      kernelName: 'PerturbEach',
      backendName: 'cpu',
      kernelFunc: ({inputs, attrs}) => {
        calls.push({inputs: Object.keys(inputs), attrs});
        return [b, a];
      },
    });
    const changed = perturbEach('uniform', {a, b}, streams, 0.5);
    expect(Object.values(changed).map(({shape}) => shape)).toEqual([[1001], [2, 3]]);
    perturbEach('normal', {a, b}, streams, tf.tensor1d([0.1, 0.7]));
    expect(calls).toEqual([
      {inputs: ['0', '1'], attrs: {kind: 'uniform', streams: [1, 2, -3, 4], amount: 0.5}},
      {inputs: ['0', '1', 'amounts'], attrs: {kind: 'normal', streams: [1, 2, -3, 4]}},
    ]);
  });

  it('makes nothing that is not freed', async () => {
    const given = tensors();
    await expectNoLeaks(() => tf.dispose(perturbEach('drop', given, streams, 0.5)));
    await expectNoLeaks(() =>
      tf.tidy(() => void perturbEach('normal', given, streams, tf.tensor1d([0.1, 0.7]))),
    );
  });
});
