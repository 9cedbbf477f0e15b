import * as tf from '@tensorflow/tfjs';
import {beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {
  compiled,
  heavyBall,
  lossOf,
  numbers,
  OPTIMIZERS,
  overBatches,
  scaled,
  smallModel,
  trainOnBatches,
  WAYS,
  weightsOf,
} from '../fixtures/training.js';
import {stateless, transformGradients} from './index.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.disposeVariables());

describe('the empty chain', () => {
  describe.each(WAYS)('under %s', (_way, train) => {
    test.each(OPTIMIZERS)('leaves 50 steps of %s as they are, bit for bit', async (_name, make) => {
      const trained = async (optimizer: tf.Optimizer): Promise<number[][]> => {
        const model = compiled(optimizer);
        await train(model, optimizer, 10);
        const weights = weightsOf(model);
        model.dispose();
        return weights;
      };
      const bare = await trained(make());
      expect(await trained(transformGradients(make()))).toEqual(bare);
      expect(bare.flat().every(Number.isFinite)).toBe(true);
    });
  });

  test('leaves the losses that fit reports as they are', async () => {
    const losses = async (optimizer: tf.Optimizer): Promise<unknown> => {
      const model = compiled(optimizer);
      const {history} = await model.fit(tf.ones([4, 3]), tf.ones([4, 1]), {epochs: 5, verbose: 0});
      model.dispose();
      return history['loss'];
    };
    expect(await losses(transformGradients(tf.train.adam()))).toEqual(await losses(tf.train.adam()));
  });

  test('returns the cost that minimize is asked for', () => {
    const w = tf.variable(tf.scalar(3));
    const cost = transformGradients(tf.train.sgd(0.1)).minimize(() => tf.square(w) as tf.Scalar, true);
    expect(numbers(cost!)).toEqual([9]);
  });

  test('returns null from minimize when nobody asks for the cost', () => {
    const w = tf.variable(tf.scalar(3));
    expect(transformGradients(tf.train.sgd(0.1)).minimize(() => tf.square(w) as tf.Scalar)).toBeNull();
  });

  test('applies a variable that is listed twice as often as the bare optimizer does', () => {
    const after = (optimizer: tf.Optimizer): number[] => {
      const w = tf.variable(tf.scalar(1));
      for (let i = 0; i < 3; i++) optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w, w]);
      return numbers(w);
    };
    expect(after(transformGradients(tf.train.sgd(0.1)))).toEqual(after(tf.train.sgd(0.1)));
  });
});

describe('a chain', () => {
  test('gives the same weights under fit, fitDataset, trainOnBatch and minimize', async () => {
    const results: number[][][] = [];
    for (const [, train] of WAYS) {
      const optimizer = transformGradients(tf.train.adam(0.01), heavyBall({decay: 0.5}));
      const model = compiled(optimizer);
      await train(model, optimizer, 3);
      results.push(weightsOf(model));
      model.dispose();
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  test('changes what the optimizer sees', () => {
    const w = tf.variable(tf.scalar(1));
    transformGradients(tf.train.sgd(0.1), scaled({factor: 0.5})).minimize(() => tf.square(w) as tf.Scalar);
    expect(numbers(w)[0]).toBeCloseTo(0.9, 6);
  });

  test('applies its transforms in the order written', () => {
    const seen: string[] = [];
    const spy = (name: string) => stateless(name, {}, (grads) => (seen.push(name), grads));
    const w = tf.variable(tf.scalar(1));
    transformGradients(tf.train.sgd(0.1), spy('first'), spy('second')).minimize(
      () => tf.square(w) as tf.Scalar,
    );
    expect(seen).toEqual(['first', 'second']);
  });
});

describe('a frozen layer', () => {
  test.each(OPTIMIZERS)(
    'that is frozen from the start gives %s the same steps as bare',
    async (_name, make) => {
      const trained = async (optimizer: tf.Optimizer): Promise<number[][]> => {
        const model = compiled(optimizer, smallModel({dense2Trainable: false}));
        await trainOnBatches(model, optimizer, 4);
        return weightsOf(model);
      };
      expect(await trained(transformGradients(make()))).toEqual(await trained(make()));
    },
  );

  /** What a bare optimizer does with the first layer frozen half way, by the list form that keeps its slots in place. */
  async function frozenHalfWay(optimizer: tf.Optimizer): Promise<number[][]> {
    const model = smallModel();
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const step = (frozen: ReadonlySet<string>) =>
      overBatches(2, (batch) =>
        tf.tidy(() => {
          const {grads} = tf.variableGrads(() => lossOf(model, batch), variables);
          const list = variables.map(({name}) => ({name, tensor: frozen.has(name) ? null : grads[name]!}));
          optimizer.applyGradients(list as {name: string; tensor: tf.Tensor}[]);
        }),
      );
    await step(new Set());
    await step(new Set(variables.slice(0, 2).map(({name}) => name)));
    await step(new Set());
    return weightsOf(model);
  }

  test.each(OPTIMIZERS)(
    'that is frozen midway and thawed again does not shift slots of %s',
    async (_name, make) => {
      const expected = await frozenHalfWay(make());
      const optimizer = transformGradients(make());
      const model = compiled(optimizer);
      for (const trainable of [true, false, true]) {
        model.layers[0]!.trainable = trainable;
        compiled(optimizer, model);
        await trainOnBatches(model, optimizer, 2);
      }
      expect(weightsOf(model)).toEqual(expected);
    },
  );

  test('does not move while it is frozen', async () => {
    const optimizer = transformGradients(tf.train.momentum(0.1, 0.9), heavyBall({decay: 0.9}));
    const model = compiled(optimizer);
    await trainOnBatches(model, optimizer, 1);
    model.layers[0]!.trainable = false;
    compiled(optimizer, model);
    const before = model.layers[0]!.getWeights().map(numbers);
    await trainOnBatches(model, optimizer, 1);
    expect(model.layers[0]!.getWeights().map(numbers)).toEqual(before);
  });

  test('that joins later starts with a state of its own and leaves that of the others', async () => {
    const optimizer = transformGradients(tf.train.sgd(0.1), heavyBall({decay: 0.9}));
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    const loss = () => tf.add(a, b) as tf.Scalar;
    optimizer.minimize(loss, false, [b]);
    optimizer.minimize(loss, false, [a, b]);
    // a: one step of g = 1. b: g = 1, then 0.9 · 1 + 1.
    expect(numbers(a)[0]).toBeCloseTo(1 - 0.1, 6);
    expect(numbers(b)[0]).toBeCloseTo(1 - 0.1 * (1 + 1.9), 6);
  });
});

describe('an unconnected variable', () => {
  test('is a hole for the transforms', () => {
    const seen: string[][] = [];
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const spy = stateless('spy', {}, (grads) => (seen.push(Object.keys(grads)), grads));
    transformGradients(tf.train.adam(), spy).minimize(() => tf.square(a) as tf.Scalar, false, [a, b]);
    expect(seen).toEqual([['a']]);
  });

  test.each(OPTIMIZERS)('that becomes connected later keeps the slots of %s in place', (_name, make) => {
    const trained = (optimizer: tf.Optimizer, list: boolean): number[][] => {
      const variables = [5, 1].map((value) => tf.variable(tf.scalar(value)));
      const [late, early] = variables as [tf.Variable, tf.Variable];
      const step = (loss: () => tf.Tensor): void => {
        optimizer.minimize(loss as () => tf.Scalar, false, list ? variables : undefined);
      };
      for (let i = 0; i < 5; i++) step(() => tf.square(early));
      for (let i = 0; i < 5; i++) step(() => tf.add(tf.square(early), tf.square(late)));
      const result = [numbers(late), numbers(early)];
      tf.dispose(variables);
      return result;
    };
    expect(trained(transformGradients(make()), false)).toEqual(trained(make(), true));
  });
});

describe('misuse', () => {
  test.each<[string, unknown, string]>([
    ['a string', 'adam', "the string 'adam'."],
    ['nothing', undefined, 'undefined.'],
    ['null', null, 'null.'],
    ['an optimizer that was not called', tf.train.adam, 'an anonymous function. Was it not called?'],
    ['a class', tf.AdamOptimizer, 'the function AdamOptimizer. Was it not called?'],
    ['an object', {}, 'a plain object.'],
    ['a transform', scaled({factor: 1}), "the transform 'scaled'."],
    ['a number', 0.1, 'the number 0.1.'],
  ])('%s in place of the optimizer is named in the error', (_name, optimizer, words) => {
    expect(() => transformGradients(optimizer as tf.Optimizer)).toThrow(
      new TypeError(
        `transformGradients: optimizer must be a tf.Optimizer, e.g. tf.train.adam(), got ${words}`,
      ),
    );
  });

  test.each<[string, unknown, string]>([
    ['a factory', scaled, 'the function scaled. Was the factory not called?'],
    [
      'an anonymous factory',
      (
        () => () =>
          1
      )(),
      'an anonymous function. Was the factory not called?',
    ],
    ['a list', [scaled({factor: 1})], 'a list of 1. Spread it: ...transforms.'],
    ['nothing', undefined, 'undefined. Use a factory, e.g. clipByGlobalNorm({maxNorm: 1}).'],
    ['a name', 'clip', "the string 'clip'. Use a factory, e.g. clipByGlobalNorm({maxNorm: 1})."],
  ])('%s in place of a transform is named in the error', (_name, transform, words) => {
    expect(() => transformGradients(tf.train.sgd(1), transform as never)).toThrow(
      new TypeError(`transformGradients: transform 0 must be a GradientTransform, got ${words}`),
    );
  });
});
