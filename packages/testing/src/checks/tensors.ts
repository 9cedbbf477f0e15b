import type {GradientTransform, NamedTensors} from '@gradwire/core';
import {expect} from 'vitest';
import type {Bench} from '../bench.js';
import type {Check} from '../check.js';
import {snapshot, stateTensors} from '../snapshot.js';

/** What a transform does to the tensors that it is given. */
export const tensorChecks: readonly Check[] = [
  {
    title: 'keeps names, shapes and dtypes',
    run({create}, bench) {
      const grads = bench.gradients(0);
      expect(forms(firstUpdate(create(), bench, grads))).toEqual(forms(grads));
    },
  },
  {
    title: 'takes scalars, vectors, matrices and 4-D kernels alone',
    run({create}, bench) {
      const transform = create();
      for (const name of bench.names) {
        const grads = bench.gradients(0, [name]);
        expect(forms(firstUpdate(transform, bench, grads))).toEqual(forms(grads));
      }
    },
  },
  {
    title: 'leaves holes holes',
    run({create}, bench) {
      const transform = create();
      let state = transform.init(bench.params);
      bench.names.forEach((hole, step) => {
        const present = bench.names.filter((name) => name !== hole);
        const [changed, next] = transform.update(bench.gradients(step, present), state, bench.context(step));
        const skips = Object.keys(changed).length === 0;
        expect(Object.keys(changed).sort()).toEqual(skips ? [] : [...present].sort());
        state = next;
      });
    },
  },
  {
    title: 'takes a step without any gradient',
    run({create}, bench) {
      const transform = create();
      const [changed] = transform.update({}, transform.init(bench.params), bench.context(0));
      expect(changed).toEqual({});
    },
  },
  {
    title: 'neither changes nor disposes its inputs',
    async run({create}, bench) {
      const transform = create();
      let state = transform.init(bench.params);
      for (let step = 0; step < 2; step++) {
        const grads = bench.gradients(step);
        const inputs = {...grads, ...stateTensors(state)};
        const before = [await snapshot(inputs), await snapshot(bench.params)];
        const [, next] = transform.update(grads, state, bench.context(step));
        const disposed = Object.entries({...inputs, ...bench.params}).filter(
          ([, tensor]) => tensor.isDisposed,
        );
        expect(
          disposed.map(([name]) => name),
          'disposed inputs',
        ).toEqual([]);
        expect([await snapshot(inputs), await snapshot(bench.params)]).toEqual(before);
        state = next;
      }
    },
  },
];

/** What it makes of the same gradients in the first step that it does not skip; one in a hundred must be one. */
function firstUpdate(transform: GradientTransform, bench: Bench, grads: NamedTensors): NamedTensors {
  let state = transform.init(bench.params);
  for (let step = 0; step < 100; step++) {
    const [changed, next] = transform.update(grads, state, bench.context(0));
    if (Object.keys(changed).length > 0) return changed;
    state = next;
  }
  return {};
}

function forms(tensors: NamedTensors): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, {dtype, shape}]) => [name, `${dtype} [${shape}]`]),
  );
}
