import * as tf from '@tensorflow/tfjs';
import {beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {
  compiled,
  heavyBall,
  loaded,
  lossOf,
  numbers,
  OPTIMIZERS,
  overBatches,
  saved,
  smallModel,
  WAYS,
  weightsOf,
} from '../fixtures/training.js';
import {onUpdates, skips, spy} from '../fixtures/transforms.js';
import {
  chain,
  everyNSteps,
  type GradientOptimizer,
  type GradientTransform,
  masked,
  partition,
  registerTransforms,
  stateless,
  transformGradients,
  when,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerTransforms({skips, heavyBall});
});
beforeEach(() => tf.disposeVariables());

const SKIPPED = [0, 3, 4, 8];

/** Weights after ten batches, without those of the given numbers. */
async function trainedWithout(batches: readonly number[], optimizer: tf.Optimizer): Promise<number[][]> {
  const model = smallModel();
  let number = 0;
  await overBatches(2, (batch) => {
    if (!batches.includes(number++)) optimizer.minimize(() => lossOf(model, batch));
  });
  const weights = weightsOf(model);
  model.dispose();
  return weights;
}

function squares(optimizer: GradientOptimizer, count: number): number[] {
  const w = tf.variable(tf.tensor1d([1, -2]), true, 'w');
  for (let i = 0; i < count; i++) optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
  const values = numbers(w);
  w.dispose();
  return values;
}

describe('a transform that leaves out all gradients', () => {
  describe.each<[string, (transform: GradientTransform) => readonly GradientTransform[]]>([
    ['alone', (transform) => [transform]],
    ['after another', (transform) => [stateless('pass', {}, (grads) => grads), transform]],
    ['in a chain', (transform) => [chain(chain(transform), heavyBall({decay: 0}))]],
    ['behind a mask of everything', (transform) => [masked('**', transform)]],
    [
      'in all rules of a partition',
      (transform) => [
        partition([
          ['**/kernel', transform],
          ['**', transform],
        ]),
      ],
    ],
    ['picked by a predicate', (transform) => [when(() => true, transform)]],
    ['picked at every step', (transform) => [everyNSteps(1, transform)]],
    ['of updates', (transform) => [onUpdates(transform)]],
  ])('%s', (_where, around) => {
    test.each(OPTIMIZERS)('trains %s as if these batches had not been', async (_name, make) => {
      const skipping = transformGradients(make(), ...around(skips({calls: SKIPPED})));
      const never = transformGradients(make(), ...around(skips({calls: []})));
      expect(await trainedWithout([], skipping)).toEqual(await trainedWithout(SKIPPED, never));
    });

    test('counts them as skipped, and the others as iterations', async () => {
      const optimizer = transformGradients(tf.train.adam(), ...around(skips({calls: SKIPPED})));
      await trainedWithout([], optimizer);
      expect([optimizer.iterations, optimizer.inner.iterations, optimizer.skipped]).toEqual([6, 6, 4]);
    });
  });

  test('changes no weight and no slot in that step', async () => {
    const optimizer = transformGradients(tf.train.adam(0.1), skips({calls: [1]}));
    const w = tf.variable(tf.tensor1d([1, -2]), true, 'w');
    const step = () => optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    const state = async () => [
      numbers(w),
      ...(await optimizer.getWeights())
        .filter(({name}) => name.includes('/optimizer/'))
        .map(({tensor}) => numbers(tensor)),
    ];
    step();
    const before = await state();
    step();
    expect(await state()).toEqual(before);
  });

  test('keeps its own state', () => {
    // Were it not kept, every call would be the first.
    const optimizer = transformGradients(tf.train.sgd(0.25), skips({calls: [0, 1]}));
    expect(squares(optimizer, 3)).toEqual([0.5, -1]);
  });

  test('keeps those after it from running', () => {
    const {transform, seen} = spy();
    squares(transformGradients(tf.train.sgd(0.1), skips({calls: [0, 2]}), transform, transform), 4);
    expect(seen.length).toBe(4);
  });

  test('does not keep those before it from running', () => {
    const {transform, seen} = spy();
    squares(transformGradients(tf.train.sgd(0.1), transform, skips({calls: [0, 2]})), 4);
    expect(seen.length).toBe(4);
  });

  test('leaves the state of those after it', () => {
    const states: number[] = [];
    const counting: GradientTransform = {
      name: 'counting',
      init: () => 0,
      update: (grads, count) => (states.push(count as number), [grads, (count as number) + 1]),
    };
    squares(transformGradients(tf.train.sgd(0.1), skips({calls: [1, 2]}), counting), 5);
    expect(states).toEqual([0, 1, 2]);
  });

  test('of some parameters only makes a step like any other', () => {
    const optimizer = transformGradients(tf.train.adam(), masked('none', skips({calls: [0]})));
    const [w, none] = [tf.variable(tf.scalar(1), true, 'w'), tf.variable(tf.scalar(1), true, 'none')];
    optimizer.minimize(() => tf.mul(w, none) as tf.Scalar);
    expect([optimizer.iterations, optimizer.skipped]).toEqual([1, 0]);
  });

  test('is shown to a tap up to where the step ended', () => {
    tf.variable(tf.scalar(1), true, 'w');
    const stages: string[] = [];
    const {transform} = spy();
    const optimizer = transformGradients(tf.train.sgd(0.1), transform, skips({calls: [0]}), transform);
    optimizer.applyGradients({w: tf.scalar(1)}, (stage) => stages.push(stage));
    expect(stages).toEqual(['raw', 'spy']);
  });

  test.each(WAYS)('leaks nothing under %s', async (_way, train) => {
    const every = Array.from({length: 200}, (_, i) => i).filter((i) => i % 3 !== 0);
    const optimizer = transformGradients(
      tf.train.adam(),
      heavyBall({decay: 0.5}),
      skips({calls: every}),
      heavyBall({decay: 0.5}),
    );
    const model = compiled(optimizer);
    await train(model, optimizer, 2);
    const before = tf.memory().numTensors;
    await train(model, optimizer, 20);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('skipped', () => {
  test('is 0 at first', () => {
    expect(transformGradients(tf.train.sgd(0.1)).skipped).toBe(0);
  });

  test('does not count a step that had no gradient to begin with', () => {
    const optimizer = transformGradients(tf.train.sgd(0.1), skips({calls: []}));
    optimizer.initialize([tf.variable(tf.scalar(1), true, 'w')]);
    optimizer.applyGradients({});
    expect([optimizer.iterations, optimizer.skipped]).toEqual([1, 0]);
  });

  test('is saved and loaded', async () => {
    const optimizer = transformGradients(tf.train.sgd(0.1), skips({calls: [0, 1]}));
    const model = compiled(optimizer);
    for (let i = 0; i < 3; i++) await model.trainOnBatch(tf.ones([4, 3]), tf.ones([4, 1]));
    const twin = (await loaded(await saved(model))).optimizer as GradientOptimizer;
    expect([twin.skipped, twin.iterations]).toEqual([2, 1]);
  });

  /** The optimizer's state with another text among its tensors. */
  async function withManifest(change: (manifest: object) => object): Promise<GradientOptimizer> {
    const optimizer = transformGradients(tf.train.sgd(0.1), skips({calls: [0, 1]}));
    squares(optimizer, 5);
    const weights = (await optimizer.getWeights()).map(({name, tensor}) => {
      if (name !== 'gradwire/manifest') return {name, tensor};
      const [text] = tensor.dataSync<'string'>();
      return {name, tensor: tf.scalar(JSON.stringify(change(JSON.parse(String(text)) as object)))};
    });
    const twin = transformGradients(tf.train.sgd(0.1), skips({calls: [0, 1]}));
    await twin.setWeights(weights);
    return twin;
  }

  test('is 0 in a file that was saved before there was such a count', async () => {
    const twin = await withManifest((manifest) => ({...manifest, skipped: undefined}));
    expect([twin.skipped, twin.iterations]).toEqual([0, 3]);
  });

  test.each([-0.5, '2', null])('of %j in a file is damage', async (skipped) => {
    await expect(withManifest((manifest) => ({...manifest, skipped}))).rejects.toThrow(
      new Error("GradientOptimizer: 'gradwire/manifest' of the saved optimizer is damaged."),
    );
  });
});

test.each(OPTIMIZERS)(
  'steps that are skipped between loading and saving are those of %s uninterrupted',
  async (_name, make) => {
    const trained = async (
      pause: (model: tf.LayersModel) => Promise<tf.LayersModel>,
    ): Promise<number[][]> => {
      let model: tf.LayersModel = compiled(
        transformGradients(make(), skips({calls: [1, 4, 5, 6]}), heavyBall({decay: 0.5})),
      );
      let batches = 0;
      await overBatches(2, async ({xs, ys}) => {
        await model.trainOnBatch(xs, ys);
        if (++batches === 5) model = await pause(model);
      });
      return weightsOf(model);
    };
    const expected = await trained(async (model) => model);
    tf.disposeVariables();
    expect(await trained(async (model) => loaded(await saved(model)))).toEqual(expected);
  },
);
