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
  scaled,
  smallModel,
  WAYS,
  weightsOf,
  wobble,
} from '../fixtures/training.js';
import {limited, onUpdates, spy} from '../fixtures/transforms.js';
import {
  chain,
  everyNSteps,
  type GradientOptimizer,
  type GradientTransform,
  masked,
  type NamedTensors,
  partition,
  registerTransforms,
  scheduled,
  shadow,
  stateless,
  transformGradients,
  when,
} from './index.js';

const slowed = ({factor}: {factor: number}) => onUpdates({...scaled({factor}), name: 'slowed'});
const rolling = ({decay}: {decay: number}) => onUpdates({...heavyBall({decay}), name: 'rolling'});

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerTransforms({slowed, rolling, heavyBall, scaled, wobble});
});
beforeEach(() => tf.disposeVariables());

function variable(values: number[] = [3, -4]): tf.Variable {
  return tf.variable(tf.tensor1d(values), true, 'w');
}

function step(optimizer: tf.Optimizer, w: tf.Variable): void {
  optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
}

/** Weights after the given number of epochs of five batches. */
async function trained(optimizer: tf.Optimizer, epochs = 3): Promise<number[][]> {
  const model = smallModel();
  await overBatches(epochs, (batch) => void optimizer.minimize(() => lossOf(model, batch)));
  const weights = weightsOf(model);
  model.dispose();
  return weights;
}

describe('a transform of updates', () => {
  test('gets what the optimizer adds to the weights', () => {
    const w = variable();
    const {transform, seen} = spy();
    step(transformGradients(tf.train.sgd(0.25), onUpdates(transform)), w);
    expect(seen).toEqual([{w: [-1.5, 2]}]);
  });

  test('decides what is added', () => {
    const w = variable();
    step(transformGradients(tf.train.sgd(0.25), slowed({factor: 0.5})), w);
    expect(numbers(w)).toEqual([2.25, -3]);
  });

  test('can hold the length of a step of Adam, which rescales gradients', () => {
    const w = variable();
    step(transformGradients(tf.train.adam(1), onUpdates(limited({maxNorm: 0.1}))), w);
    const [x, y] = numbers(w);
    expect(Math.hypot(x! - 3, y! + 4)).toBeCloseTo(0.1, 6);
  });

  test.each(OPTIMIZERS)('that changes nothing leaves %s as it is, bit for bit', async (_name, make) => {
    const pass = onUpdates(stateless('pass', {}, (updates) => updates));
    expect(await trained(transformGradients(make(), pass))).toEqual(await trained(make()));
  });

  test('that changes nothing adds no rounding where weights move far', () => {
    const moved = (optimizer: tf.Optimizer): number[] => {
      const w = variable([0.1, 0.7, -1e-3]);
      optimizer.applyGradients({w: tf.tensor1d([12.34567, -0.9, 3.3])});
      const values = numbers(w);
      w.dispose();
      return values;
    };
    const pass = onUpdates(stateless('pass', {}, (updates) => updates));
    expect(moved(transformGradients(tf.train.sgd(0.3), pass))).toEqual(moved(tf.train.sgd(0.3)));
  });

  test.each(OPTIMIZERS)('leaves the slots of %s to the optimizer', async (_name, make) => {
    const seen: number[][][] = [];
    const frozen = onUpdates(
      stateless('frozen', {}, (updates) => {
        seen.push(Object.values(updates).map(numbers));
        return Object.fromEntries(Object.entries(updates).map(([name, u]) => [name, tf.zerosLike(u)]));
      }),
    );
    const w = variable();
    const optimizer = transformGradients(make(), frozen);
    for (let i = 0; i < 5; i++) optimizer.applyGradients({w: tf.tensor1d([1, -i])});

    const bare = make();
    const expected = Array.from({length: 5}, (_, i) => {
      w.assign(tf.tensor1d([3, -4]));
      bare.applyGradients({w: tf.tensor1d([1, -i])});
      return [numbers(tf.sub(w, tf.tensor1d([3, -4])))];
    });
    expect(seen).toEqual(expected);
  });

  test('sees the weights as they are before the update', () => {
    const w = variable();
    const weights: number[][] = [];
    const looking = (name: string) =>
      stateless(name, {}, (grads, {params}) => (weights.push(numbers(params['w']!)), grads));
    step(transformGradients(tf.train.sgd(0.25), looking('g'), onUpdates(looking('u'))), w);
    expect(weights).toEqual([
      [3, -4],
      [3, -4],
    ]);
  });

  test('sees the step and the learning rate that the gradients saw', () => {
    const w = variable();
    const seen: unknown[] = [];
    const looking = onUpdates(
      stateless('looking', {}, (updates, {step: number, learningRate}) => {
        seen.push([number, learningRate]);
        return updates;
      }),
    );
    const optimizer = transformGradients(tf.train.sgd(0.25), looking);
    for (let i = 0; i < 2; i++) step(optimizer, w);
    expect(seen).toEqual([
      [0, 0.25],
      [1, 0.25],
    ]);
  });

  test('gets no update of a parameter that has no gradient', () => {
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const {transform, seen} = spy();
    const optimizer = transformGradients(tf.train.sgd(0.25), onUpdates(transform));
    optimizer.minimize(() => tf.square(a) as tf.Scalar, false, [a, b]);
    expect(seen).toEqual([{a: [-0.5]}]);
  });

  test('that leaves out a parameter leaves its weights where they are', () => {
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const onlyB = onUpdates(stateless('onlyB', {}, ({b: update}) => ({b: update!})));
    transformGradients(tf.train.sgd(0.25), onlyB).minimize(
      () => tf.add(tf.square(a), tf.square(b)) as tf.Scalar,
    );
    expect([numbers(a), numbers(b)]).toEqual([[1], [0.5]]);
  });

  test('has a state of its own', () => {
    const w = variable([0]);
    const optimizer = transformGradients(tf.train.sgd(1), rolling({decay: 1}));
    for (let i = 0; i < 3; i++) optimizer.applyGradients({w: tf.tensor1d([1])});
    expect(numbers(w)).toEqual([-6]);
  });

  test('may keep an update in its state', () => {
    const w = variable([0]);
    const late: GradientTransform = onUpdates({
      name: 'late',
      init: (params) => ({w: tf.zerosLike(params['w']!)}),
      update: (updates, state) => [state as NamedTensors, updates],
    });
    const optimizer = transformGradients(tf.train.sgd(1), late);
    for (const slope of [1, 10, 100]) optimizer.applyGradients({w: tf.tensor1d([slope])});
    expect(numbers(w)).toEqual([-11]);
  });
});

describe('several', () => {
  test('are applied in the order written', () => {
    const w = variable([0]);
    const plusOne = onUpdates(stateless('plusOne', {}, ({w: update}) => ({w: tf.add(update!, 1)})));
    const optimizer = transformGradients(tf.train.sgd(1), slowed({factor: 2}), plusOne);
    optimizer.applyGradients({w: tf.tensor1d([5])});
    expect(numbers(w)).toEqual([-9]);
  });

  const MIXED: readonly GradientTransform[] = [
    heavyBall({decay: 0.5}),
    rolling({decay: 0.3}),
    wobble(),
    slowed({factor: 0.7}),
  ];
  const order = (...places: number[]): GradientTransform[] => places.map((place) => MIXED[place]!);

  test.each([
    ['gradients first', order(0, 2, 1, 3)],
    ['updates first', order(1, 3, 0, 2)],
    ['one inside the other', order(1, 0, 2, 3)],
  ])('among those of gradients work alike, %s', async (_how, transforms) => {
    const expected = await trained(transformGradients(tf.train.adam(0.01), ...MIXED));
    expect(await trained(transformGradients(tf.train.adam(0.01), ...transforms))).toEqual(expected);
  });

  test('in a chain are what they are in a list', async () => {
    const [ball, roll, , slow] = MIXED as [GradientTransform, GradientTransform, unknown, GradientTransform];
    const listed = await trained(transformGradients(tf.train.adam(0.01), ball, roll, slow));
    expect(await trained(transformGradients(tf.train.adam(0.01), chain(roll, slow), ball))).toEqual(listed);
  });
});

describe('combinators', () => {
  test.each<[string, GradientTransform]>([
    ['chain', chain(slowed({factor: 1}))],
    ['masked', masked('**', slowed({factor: 1}))],
    ['partition', partition([['**', slowed({factor: 1})]])],
    ['everyNSteps', everyNSteps(2, slowed({factor: 1}))],
    ['when', when(() => true, slowed({factor: 1}))],
    ['scheduled', scheduled('factor', () => 1, slowed)],
    ['shadow', shadow(slowed({factor: 1}))],
    ['each other', chain(masked('**', everyNSteps(2, slowed({factor: 1}))))],
  ])('%s passes on what its transform works on', (_name, transform) => {
    expect(transform.on).toBe('updates');
  });

  test.each<[string, GradientTransform]>([
    ['chain', chain()],
    ['partition', partition([])],
  ])('an empty %s is for gradients', (_name, transform) => {
    expect(transform.on).toBe('gradients');
  });

  test('masked changes the updates of the selected only', () => {
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const optimizer = transformGradients(tf.train.sgd(0.25), masked('a', slowed({factor: 0.5})));
    optimizer.minimize(() => tf.add(tf.square(a), tf.square(b)) as tf.Scalar);
    expect([numbers(a), numbers(b)]).toEqual([[0.75], [0.5]]);
  });

  test('everyNSteps changes every second update', () => {
    const w = variable([0]);
    const optimizer = transformGradients(tf.train.sgd(1), everyNSteps(2, slowed({factor: 10})));
    const values = Array.from({length: 3}, () => {
      optimizer.applyGradients({w: tf.tensor1d([1])});
      return numbers(w)[0];
    });
    expect(values).toEqual([-10, -11, -21]);
  });

  const HINT = 'Keep what changes updates apart: transformGradients(optimizer, forGradients, forUpdates).';

  test.each<[string, () => unknown, string]>([
    [
      'chain',
      () => chain(scaled({factor: 1}), slowed({factor: 1})),
      `chain: 'scaled' changes gradients and 'slowed' updates. ${HINT}`,
    ],
    [
      'chain',
      () => chain(slowed({factor: 1}), slowed({factor: 1}), chain(scaled({factor: 1}))),
      `chain: 'slowed' changes updates and 'chain' gradients. ${HINT}`,
    ],
    [
      'partition',
      () =>
        partition([
          ['a', scaled({factor: 1})],
          ['b', masked('b', slowed({factor: 1}))],
        ]),
      `partition: 'scaled' changes gradients and 'masked' updates. ${HINT}`,
    ],
  ])('a %s of both kinds is refused', (_name, make, message) => {
    expect(make).toThrow(new TypeError(message));
  });

  test('a transform of anything else is refused', () => {
    const odd = {...scaled({factor: 1}), on: 'weights'} as unknown as GradientTransform;
    expect(() => transformGradients(tf.train.sgd(1), odd)).toThrow(
      new TypeError(
        "transformGradients: transform 0 must be on 'gradients' or 'updates', but 'scaled' is on the string 'weights'.",
      ),
    );
  });
});

describe('when one throws', () => {
  /** Passes updates; throws at the given calls, counted from 0. */
  function failing(...calls: number[]): GradientTransform {
    let call = 0;
    return onUpdates(
      stateless('failing', {}, (updates) => {
        tf.scalar(1);
        if (calls.includes(call++)) throw new Error('on purpose');
        return updates;
      }),
    );
  }

  function tryTwice(minimize: () => void): void {
    try {
      minimize();
    } catch {
      minimize();
    }
  }

  const around = (transform: GradientTransform): GradientTransform[] => [
    rolling({decay: 0.5}),
    heavyBall({decay: 0.5}),
    transform,
    rolling({decay: 0.2}),
  ];

  describe.each([
    ['in the very first step', 0],
    ['later', 7],
  ])('%s', (_when, call) => {
    test.each(OPTIMIZERS)('training with %s goes on as if nothing had happened', async (_name, make) => {
      const weights = async (transform: GradientTransform): Promise<number[][]> => {
        const optimizer = transformGradients(make(), ...around(transform));
        const model = smallModel();
        await overBatches(3, (batch) => tryTwice(() => void optimizer.minimize(() => lossOf(model, batch))));
        const result = weightsOf(model);
        model.dispose();
        return result;
      };
      expect(await weights(failing(call))).toEqual(await weights(failing()));
    });

    test('leaks nothing', () => {
      const w = variable();
      const optimizer = transformGradients(tf.train.adam(), ...around(failing(call)));
      optimizer.initialize([w]);
      for (let i = 0; i < call; i++) step(optimizer, w);
      const before = tf.memory().numTensors;
      expect(() => step(optimizer, w)).toThrow(new Error('on purpose'));
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  test('the weights are as before', () => {
    const w = variable();
    const optimizer = transformGradients(tf.train.adam(), failing(1));
    step(optimizer, w);
    const before = numbers(w);
    expect(() => step(optimizer, w)).toThrow(new Error('on purpose'));
    expect(numbers(w)).toEqual(before);
  });

  test.each([0, 2])('after %i steps, neither optimizer has counted it', (count) => {
    const w = variable();
    const optimizer = transformGradients(tf.train.adam(), failing(count));
    for (let i = 0; i < count; i++) step(optimizer, w);
    expect(() => step(optimizer, w)).toThrow(new Error('on purpose'));
    expect([optimizer.iterations, optimizer.inner.iterations, optimizer.skipped]).toEqual([count, count, 0]);
  });

  test.each(OPTIMIZERS)('a parameter that joins in that step has fresh slots in %s', (_name, make) => {
    const weights = (transform: GradientTransform): number[][] => {
      const variables = [1, 2].map((value, i) => tf.variable(tf.scalar(value), true, `w${i}`));
      const [a, b] = variables as [tf.Variable, tf.Variable];
      const optimizer = transformGradients(make(), transform);
      const minimize = (list: tf.Variable[]): void =>
        tryTwice(() => void optimizer.minimize(() => tf.square(tf.mul(a, b)) as tf.Scalar, false, list));
      for (let i = 0; i < 2; i++) minimize([a]);
      for (let i = 0; i < 2; i++) minimize([a, b]);
      const values = variables.map(numbers);
      tf.dispose(variables);
      return values;
    };
    expect(weights(failing(2))).toEqual(weights(failing()));
  });

  test.each<[string, (updates: NamedTensors) => NamedTensors, Error]>([
    [
      'a wrong shape',
      ({w}) => ({w: tf.sum(w!)}),
      new Error("transform 'broken': update returned shape [] for 'w', which has [2]."),
    ],
    [
      'no tensor',
      () => ({w: 1}) as unknown as NamedTensors,
      new TypeError(
        "transform 'broken': update must return a tensor for 'w', got the number 1. Leave out what has no gradient.",
      ),
    ],
  ])('by returning %s, it is told so and the weights are as before', (_name, update, error) => {
    const w = variable();
    const optimizer = transformGradients(tf.train.adam(), onUpdates(stateless('broken', {}, update)));
    expect(() => step(optimizer, w)).toThrow(error);
    expect(numbers(w)).toEqual([3, -4]);
  });

  test('a tap that throws leaves the weights as before', () => {
    const w = variable();
    const optimizer = transformGradients(tf.train.adam(), slowed({factor: 0.5}));
    const tap = (stage: string): void => {
      if (stage === 'slowed') throw new Error('on purpose');
    };
    expect(() => optimizer.applyGradients({w: tf.ones([2])}, tap)).toThrow(new Error('on purpose'));
    expect([numbers(w), optimizer.iterations]).toEqual([[3, -4], 0]);
  });

  test('an optimizer of your own keeps what the step has made of it, but the weights are as before', () => {
    class Counting extends tf.Optimizer {
      calls = 0;
      applyGradients(gradients: tf.NamedTensorMap | {name: string; tensor: tf.Tensor}[]): void {
        this.calls++;
        for (const {name, tensor} of gradients as {name: string; tensor: tf.Tensor}[]) {
          const w = tf.engine().registeredVariables[name]!;
          w.assign(tf.sub(w, tensor));
        }
      }
      getConfig(): tf.serialization.ConfigDict {
        return {};
      }
      override getClassName(): string {
        return 'Counting';
      }
    }
    const w = variable();
    const own = new Counting();
    const optimizer = transformGradients(own, failing(0));
    expect(() => step(optimizer, w)).toThrow(new Error('on purpose'));
    expect([numbers(w), own.calls]).toEqual([[3, -4], 1]);
  });
});

describe('a tap', () => {
  function stages(...transforms: GradientTransform[]): [string, string, number[]][] {
    const w = variable();
    const seen: [string, string, number[]][] = [];
    transformGradients(tf.train.sgd(0.25), ...transforms).applyGradients(
      {w: tf.tensor1d([4, 8])},
      (stage, tensors, on) => seen.push([stage, on, numbers(tensors['w']!)]),
    );
    w.dispose();
    return seen;
  }

  test('sees gradients and then updates at every stage', () => {
    expect(stages(slowed({factor: 2}), scaled({factor: 0.5}))).toEqual([
      ['raw', 'gradients', [4, 8]],
      ['scaled', 'gradients', [2, 4]],
      ['updates', 'updates', [-0.5, -1]],
      ['slowed', 'updates', [-1, -2]],
    ]);
  });

  test('sees no updates where no transform changes them', () => {
    expect(stages(scaled({factor: 0.5})).map(([stage]) => stage)).toEqual(['raw', 'scaled']);
  });
});

describe('saving and loading', () => {
  const mixed = () => [
    slowed({factor: 0.9}),
    heavyBall({decay: 0.5}),
    chain(rolling({decay: 0.3}), masked('**/kernel', rolling({decay: 0.1}))),
    wobble(),
  ];

  test.each(OPTIMIZERS)('goes on bit for bit with %s', async (_name, make) => {
    const weights = async (
      pause: (model: tf.LayersModel) => Promise<tf.LayersModel>,
    ): Promise<number[][]> => {
      let model: tf.LayersModel = compiled(transformGradients(make(), ...mixed()));
      let batches = 0;
      await overBatches(2, async ({xs, ys}) => {
        await model.trainOnBatch(xs, ys);
        if (++batches === 4) model = await pause(model);
      });
      return weightsOf(model);
    };
    const expected = await weights(async (model) => model);
    tf.disposeVariables();
    expect(await weights(async (model) => loaded(await saved(model)))).toEqual(expected);
  });

  test('keeps what each works on', async () => {
    const model = await loaded(await saved(compiled(transformGradients(tf.train.sgd(0.1), ...mixed()))));
    const {transforms} = model.optimizer as GradientOptimizer;
    expect(transforms.map(({on = 'gradients'}) => on)).toEqual([
      'updates',
      'gradients',
      'updates',
      'gradients',
    ]);
  });
});

describe.each(WAYS)('under %s', (_way, train) => {
  test.each(OPTIMIZERS)('leaks nothing with %s', async (_name, make) => {
    const optimizer = transformGradients(make(), rolling({decay: 0.5}), heavyBall({decay: 0.5}));
    const model = compiled(optimizer);
    await train(model, optimizer, 1);
    const before = tf.memory().numTensors;
    await train(model, optimizer, 20);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

test('a frozen layer keeps the slots of the others in place', async () => {
  const weights = async (...transforms: GradientTransform[]): Promise<number[][]> => {
    const optimizer = transformGradients(tf.train.adam(0.01), ...transforms);
    const model = compiled(optimizer);
    for (const trainable of [true, false, true]) {
      model.layers[0]!.trainable = trainable;
      compiled(optimizer, model);
      await overBatches(1, async ({xs, ys}) => void (await model.trainOnBatch(xs, ys)));
    }
    return weightsOf(model);
  };
  expect(await weights(onUpdates(stateless('pass', {}, (updates) => updates)))).toEqual(await weights());
});
