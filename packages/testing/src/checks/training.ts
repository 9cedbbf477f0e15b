import {chain, type GradientOptimizer, masked, stateless, transformGradients} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect} from 'vitest';
import type {Bench} from '../bench.js';
import type {Check} from '../check.js';
import {snapshot} from '../snapshot.js';
import {threeSteps} from '../threeSteps.js';

/** That a transform does its work where it is used: in an optimizer, in a chain, behind a mask. */
export const trainingChecks: readonly Check[] = [
  {
    title: 'leaks nothing in 100 steps of training',
    run({create}, bench) {
      const before = tf.memory().numTensors;
      const optimizer = transformGradients(tf.train.sgd(0.1), create());
      train(optimizer, bench, 0, 1);
      const afterOne = tf.memory().numTensors;
      train(optimizer, bench, 1, 100);
      expect(tf.memory().numTensors, 'tensors after 100 steps').toBe(afterOne);
      optimizer.dispose();
      expect(tf.memory().numTensors, 'tensors after dispose()').toBe(before);
    },
  },
  {
    title: 'resumes from saved state as if never stopped',
    async run({create}, bench) {
      const stopped = transformGradients(tf.train.sgd(0.1), create());
      train(stopped, bench, 0, 3);
      const resumed = transformGradients(tf.train.sgd(0.1), create());
      await resumed.setWeights(await stopped.getWeights());
      const saved = Object.values(bench.params).map((param) => tf.clone(param));

      train(stopped, bench, 3, 5);
      const expected = await snapshot(bench.params);
      Object.values(bench.params).forEach((param, i) => param.assign(saved[i]!));
      train(resumed, bench, 3, 5);
      expect(await snapshot(bench.params)).toEqual(expected);
      stopped.dispose();
      resumed.dispose();
    },
  },
  {
    title: 'does the same inside a chain',
    async run({create}, bench) {
      const {on = 'gradients'} = create();
      const pass = Object.freeze({...stateless('pass', {}, (grads) => grads), on});
      const chained = await threeSteps(chain(pass, create(), pass), bench);
      expect(chained).toEqual(await threeSteps(create(), bench));
    },
  },
  {
    title: 'changes nothing but the selected parameters when masked',
    async run({create}, bench) {
      const isKernel = (name: string): boolean => name.endsWith('/kernel');
      const pick = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
        Object.fromEntries(Object.entries(record).filter(([name]) => isKernel(name)));

      const kernels = await threeSteps(
        create(),
        bench,
        (step) => pick(bench.gradients(step)),
        pick(bench.params),
      );
      const all = await threeSteps(masked('**/kernel', create()), bench);
      for (let step = 0; step < all.length; step++) {
        const given = await snapshot(bench.gradients(step));
        const others = Object.fromEntries(Object.entries(given).filter(([name]) => !isKernel(name)));
        expect(all[step]).toEqual({...others, ...kernels[step]});
      }
    },
  },
];

/** Steps `from` to `to`, without the latter. */
function train(optimizer: GradientOptimizer, bench: Bench, from: number, to: number): void {
  optimizer.epoch = 0;
  for (let step = from; step < to; step++) {
    tf.tidy(() => {
      const grads = bench.gradients(step);
      // tfjs hands over null for frozen parameters; its types do not say so.
      const hole = null as unknown as tf.Tensor;
      optimizer.applyGradients(
        Object.keys(bench.params).map((name) => ({name, tensor: grads[name] ?? hole})),
      );
    });
  }
}
