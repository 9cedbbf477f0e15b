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
import {
  chain,
  everyNSteps,
  GradientOptimizer,
  type GradientTransform,
  masked,
  type NamedTensors,
  partition,
  type StateTree,
  stateless,
  type StepContext,
  transformGradients,
} from './index.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.disposeVariables());

/** A transform out of its two functions. */
function transform(
  init: (params: NamedTensors) => StateTree,
  update: GradientTransform['update'] = (grads, state) => [grads, state],
): GradientTransform {
  return {name: 'local', init, update};
}

/** Passes gradients; throws at the `n`-th call (from 0) of `update`. */
function failing(n: number): GradientTransform {
  let calls = 0;
  return transform(
    () => 0,
    (grads, state) => {
      tf.scalar(1);
      if (calls++ === n) throw new Error('on purpose');
      return [grads, (state as number) + 1];
    },
  );
}

function square(w: tf.Variable): () => tf.Scalar {
  return () => tf.sum(tf.square(w)) as tf.Scalar;
}

const STATEFUL = () =>
  chain(
    heavyBall({decay: 0.5}),
    masked('**/kernel', heavyBall({decay: 0.1})),
    partition([['**/bias', everyNSteps(2, heavyBall({decay: 0.1}))]]),
  );

describe('memory', () => {
  describe.each(WAYS)('under %s', (_way, train) => {
    test.each(OPTIMIZERS)('stays constant with %s', async (_name, make) => {
      const optimizer = transformGradients(make(), STATEFUL());
      const model = compiled(optimizer);
      await train(model, optimizer, 1);
      const before = tf.memory().numTensors;
      await train(model, optimizer, 2);
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
    });

    test.each([
      ['first', [failing(3), heavyBall({decay: 0.5})]],
      ['second', [heavyBall({decay: 0.5}), failing(3)]],
    ])('stays constant when the %s transform throws', async (_place, transforms) => {
      const optimizer = transformGradients(tf.train.adam(), ...transforms);
      const model = compiled(optimizer);
      const {xs, ys} = {xs: tf.ones([4, 3]), ys: tf.ones([4, 1])} as {xs: tf.Tensor2D; ys: tf.Tensor2D};
      for (let i = 0; i < 3; i++) optimizer.minimize(() => lossOf(model, {xs, ys}));
      const before = tf.memory().numTensors;
      await expect(async () => {
        await train(model, optimizer, 1);
      }).rejects.toThrow('on purpose');
      // tfjs does not free its own batch when a step throws; without transforms it is the same two or four tensors.
      const leaked = tf.memory().numTensors - before;
      expect(leaked).toBe(await leakOfTfjs(train));
      model.dispose();
    });
  });

  /** What tfjs itself leaves behind when the loss throws before any gradient exists. */
  async function leakOfTfjs(train: (typeof WAYS)[number][1]): Promise<number> {
    const optimizer = tf.train.sgd(0.1);
    optimizer.minimize = () => {
      throw new Error('on purpose');
    };
    const model = compiled(optimizer);
    const before = tf.memory().numTensors;
    await expect(async () => {
      await train(model, optimizer, 1);
    }).rejects.toThrow('on purpose');
    const leaked = tf.memory().numTensors - before;
    model.dispose();
    return leaked;
  }

  test('stays constant when init throws', () => {
    const w = tf.variable(tf.scalar(1));
    const optimizer = transformGradients(
      tf.train.adam(),
      heavyBall({decay: 0.5}),
      transform(() => {
        tf.scalar(1);
        throw new Error('on purpose');
      }),
    );
    const before = tf.memory().numTensors;
    expect(() => optimizer.minimize(square(w))).toThrow('on purpose');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('stays constant when a tap throws', () => {
    const w = tf.variable(tf.scalar(1), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(0.1), heavyBall({decay: 0.5}));
    optimizer.minimize(square(w));
    const grad = tf.scalar(1);
    const before = tf.memory().numTensors;
    expect(() =>
      optimizer.applyGradients({w: grad}, () => {
        throw new Error('on purpose');
      }),
    ).toThrow('on purpose');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('leaves the gradients of applyGradients to the caller', () => {
    tf.variable(tf.scalar(1), true, 'w');
    const grad = tf.scalar(1);
    transformGradients(tf.train.sgd(0.1), scaled({factor: 2})).applyGradients({w: grad});
    expect(grad.isDisposed).toBe(false);
  });
});

describe('dispose', () => {
  test.each(OPTIMIZERS)('frees all of %s and of the transforms', async (_name, make) => {
    const before = tf.memory().numTensors;
    const optimizer = transformGradients(make(), STATEFUL());
    const model = compiled(optimizer);
    await trainOnBatches(model, optimizer, 1);
    await optimizer.getWeights();
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('frees an optimizer that has never stepped', () => {
    const before = tf.memory().numTensors;
    transformGradients(tf.train.adamax(), STATEFUL()).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('may be called twice', () => {
    const optimizer = transformGradients(tf.train.momentum(0.1, 0.9));
    optimizer.dispose();
    expect(() => optimizer.dispose()).not.toThrow();
  });
});

describe('after dispose', () => {
  const error = new Error('GradientOptimizer: disposed. Make a new one with transformGradients.');

  test.each<[string, (optimizer: GradientOptimizer, w: tf.Variable) => unknown]>([
    ['minimize', (optimizer, w) => optimizer.minimize(square(w))],
    ['applyGradients', (optimizer) => optimizer.applyGradients({w: tf.scalar(1)})],
    ['initialize', (optimizer, w) => optimizer.initialize([w])],
    ['setLearningRate', (optimizer) => optimizer.setLearningRate(1)],
    ['getWeights', (optimizer) => optimizer.getWeights()],
    ['setWeights', (optimizer) => optimizer.setWeights([])],
  ])('%s says so', async (_name, use) => {
    const w = tf.variable(tf.scalar(1), true, 'w');
    const optimizer = transformGradients(tf.train.momentum(0.1, 0.9), heavyBall({decay: 0.5}));
    optimizer.minimize(square(w));
    optimizer.dispose();
    const before = numbers(w);
    await expect(async () => use(optimizer, w)).rejects.toThrow(error);
    expect(numbers(w)).toEqual(before);
  });
});

describe('the constructor', () => {
  const make = (...args: unknown[]) =>
    new GradientOptimizer(...(args as ConstructorParameters<typeof GradientOptimizer>));

  test.each<[string, unknown[], Error]>([
    [
      'no optimizer',
      ['adam', []],
      new TypeError(
        "GradientOptimizer: optimizer must be a tf.Optimizer, e.g. tf.train.adam(), got the string 'adam'.",
      ),
    ],
    [
      'no list',
      [tf.train.sgd(1), scaled({factor: 1})],
      new TypeError(
        "GradientOptimizer: transforms must be a list of GradientTransforms, got the transform 'scaled'.",
      ),
    ],
    [
      'a factory',
      [tf.train.sgd(1), [scaled]],
      new TypeError(
        'GradientOptimizer: transform 0 must be a GradientTransform, got the function scaled. Was the factory not called?',
      ),
    ],
    [
      'a seed in place of options',
      [tf.train.sgd(1), [], 42],
      new TypeError(
        'GradientOptimizer: options must be an object, e.g. GradientOptimizer(optimizer, transforms, {seed: 42, schedule: (step) => 0.1 / (1 + step)}), got the number 42.',
      ),
    ],
    [
      'an unknown option',
      [tf.train.sgd(1), [], {sead: 1}],
      new TypeError("GradientOptimizer: there is no option 'sead'. Options: seed, schedule."),
    ],
    [
      'a negative seed',
      [tf.train.sgd(1), [], {seed: -1}],
      new RangeError('GradientOptimizer: seed must be a whole number >= 0, got -1.'),
    ],
    [
      'a broken seed',
      [tf.train.sgd(1), [], {seed: 0.5}],
      new RangeError('GradientOptimizer: seed must be a whole number >= 0, got 0.5.'),
    ],
    [
      'a seed that is text',
      [tf.train.sgd(1), [], {seed: '1'}],
      new RangeError("GradientOptimizer: seed must be a whole number >= 0, got the string '1'."),
    ],
  ])('refuses %s', (_name, args, error) => {
    expect(() => make(...args)).toThrow(error);
  });
});

describe('when a transform throws', () => {
  test.each([
    ['first of a chain', (t: GradientTransform) => [t, heavyBall({decay: 0.5})]],
    ['second of a chain', (t: GradientTransform) => [heavyBall({decay: 0.5}), t]],
    ['inside masked', (t: GradientTransform) => [heavyBall({decay: 0.5}), masked('**', t)]],
  ])('%s, training goes on as if nothing had happened', async (_place, around) => {
    const trained = async (n: number): Promise<number[][]> => {
      const optimizer = transformGradients(tf.train.adam(0.01), ...around(failing(n)));
      const model = smallModel();
      await overBatches(2, (batch) => {
        const step = () => void optimizer.minimize(() => lossOf(model, batch));
        try {
          step();
        } catch {
          step();
        }
      });
      const weights = weightsOf(model);
      model.dispose();
      return weights;
    };
    expect(await trained(5)).toEqual(await trained(Infinity));
  });

  test('the step is not counted', () => {
    const w = tf.variable(tf.scalar(1));
    const optimizer = transformGradients(tf.train.sgd(0.1), failing(1));
    optimizer.minimize(square(w));
    expect(() => optimizer.minimize(square(w))).toThrow('on purpose');
    expect(optimizer.iterations).toBe(1);
  });

  test('the error reaches the caller as it was thrown', () => {
    const w = tf.variable(tf.scalar(1));
    expect(() => transformGradients(tf.train.sgd(0.1), failing(0)).minimize(square(w))).toThrow(
      new Error('on purpose'),
    );
  });

  test('in init, every further step throws too: it never runs without its state', () => {
    const w = tf.variable(tf.scalar(1));
    const broken = transform(() => {
      throw new Error('on purpose');
    });
    const optimizer = transformGradients(tf.train.sgd(0.1), broken);
    for (let i = 0; i < 2; i++) expect(() => optimizer.minimize(square(w))).toThrow('on purpose');
    expect(numbers(w)).toEqual([1]);
  });

  test('in init once only, the next step initialises it', () => {
    let calls = 0;
    const states: StateTree[] = [];
    const flaky = transform(
      () => {
        if (calls++ === 0) throw new Error('on purpose');
        return 7;
      },
      (grads, state) => (states.push(state), [grads, state]),
    );
    const w = tf.variable(tf.scalar(1));
    const optimizer = transformGradients(tf.train.sgd(0.1), flaky);
    expect(() => optimizer.minimize(square(w))).toThrow('on purpose');
    optimizer.minimize(square(w));
    expect(states).toEqual([7]);
  });

  test('in the init for a parameter that joins later, the state of the others stays', () => {
    let broken = false;
    const states: StateTree[] = [];
    const counting = transform(
      () => {
        if (broken) throw new Error('on purpose');
        return 0;
      },
      (grads, state) => (states.push(state), [grads, (state as number) + 1]),
    );
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    const optimizer = transformGradients(tf.train.adam(), counting);
    optimizer.minimize(square(a), false, [a]);
    broken = true;
    expect(() => optimizer.minimize(square(b), false, [b])).toThrow('on purpose');
    optimizer.minimize(square(a), false, [a]);
    expect(states).toEqual([0, 1]);
  });
});

describe('a transform that breaks its contract', () => {
  function after(update: (grads: NamedTensors, ctx: StepContext) => NamedTensors): {
    error: () => unknown;
    values: () => number[][];
    states: () => StateTree[];
  } {
    const w = tf.variable(tf.tensor1d([1, 2]), true, 'w');
    const frozen = tf.variable(tf.scalar(3), true, 'frozen');
    const states: StateTree[] = [];
    let breaks = false;
    const optimizer = transformGradients(
      tf.train.momentum(0.1, 0.9),
      transform(
        () => 0,
        (grads, state) => (states.push(state), [grads, (state as number) + 1]),
      ),
      stateless('broken', {}, (grads, ctx) => (breaks ? update(grads, ctx) : grads)),
    );
    const step = (): unknown => optimizer.minimize(square(w), false, [w, frozen]);
    step();
    const before = [numbers(w), numbers(frozen)];
    return {
      error: () => {
        breaks = true;
        return step();
      },
      values: () => before.map((value, i) => numbers([w, frozen][i]!).map((x, j) => x - value[j]!)),
      states: () => {
        breaks = false;
        step();
        return states;
      },
    };
  }

  const BREACHES: [string, (grads: NamedTensors, ctx: StepContext) => NamedTensors, RegExp][] = [
    ['a wrong shape', ({w}) => ({w: tf.sum(w!)}), /transform 'broken': update returned shape \[\] for 'w'/],
    ['a broadcastable shape', ({w}) => ({w: tf.expandDims(w!)}), /shape \[1,2\] for 'w', which has \[2\]/],
    ['an unknown name', (grads) => ({...grads, v: tf.scalar(1)}), /a gradient for 'v', which had none/],
    ['a gradient for a hole', (_, {params}) => params, /a gradient for 'frozen', which had none/],
    [
      'a disposed tensor',
      ({w}) => {
        const gone = tf.clone(w!);
        gone.dispose();
        return {w: gone};
      },
      /a disposed tensor for 'w'/,
    ],
    ['no tensor', () => ({w: undefined}) as unknown as NamedTensors, /a tensor for 'w', got undefined/],
  ];

  test.each(BREACHES)('by %s is told so', (_name, update, message) => {
    expect(after(update).error).toThrow(message);
  });

  test.each(BREACHES)('by %s changes no variable', (_name, update) => {
    const broken = after(update);
    expect(broken.error).toThrow();
    expect(broken.values()).toEqual([[0, 0], [0]]);
  });

  test.each(BREACHES)('by %s changes no state', (_name, update) => {
    const broken = after(update);
    expect(broken.error).toThrow();
    expect(broken.states()).toEqual([0, 1, 1]);
  });

  test.each([
    ['null', null, 'state must be a tensor, a number, a record or a list, got null.'],
    ['a string', {a: 'x'}, "state/a must be a tensor, a number, a record or a list, got the string 'x'."],
    [
      'a typed array',
      [new Float32Array(2)],
      'state/0 must be a tensor, a number, a record or a list, got a Float32Array.',
    ],
    ['a Map', {m: new Map()}, 'state/m must be a tensor, a number, a record or a list, got a Map.'],
  ])('by %s in its state is told so, before any update', (_name, state, message) => {
    const w = tf.variable(tf.scalar(1));
    const optimizer = transformGradients(
      tf.train.sgd(0.1),
      transform(
        () => 0,
        (grads) => [grads, state as unknown as StateTree],
      ),
    );
    expect(() => optimizer.minimize(square(w))).toThrow(new TypeError(`transform 'local': ${message}`));
    expect(numbers(w)).toEqual([1]);
  });

  test('by a disposed tensor in its state is told so, before any update', () => {
    const w = tf.variable(tf.scalar(1));
    const dropping = transform(
      () => ({sum: tf.scalar(0)}),
      (grads, state) => (tf.dispose(state as NamedTensors), [grads, state]),
    );
    const optimizer = transformGradients(tf.train.sgd(0.1), dropping);
    expect(() => optimizer.minimize(square(w))).toThrow(
      new Error("transform 'local': state/sum is a disposed tensor. Never call dispose."),
    );
    expect(numbers(w)).toEqual([1]);
  });

  test('by an init that is asynchronous is told so, before any update', () => {
    const w = tf.variable(tf.scalar(1));
    const later = transform((async () => 0) as unknown as () => StateTree);
    expect(() => transformGradients(tf.train.sgd(0.1), later).minimize(square(w))).toThrow(
      new TypeError(
        "transform 'local': state must be a tensor, a number, a record or a list, got a Promise.",
      ),
    );
  });

  test('may take a gradient away: the parameter stays where it is', () => {
    const w = tf.variable(tf.scalar(1));
    transformGradients(
      tf.train.sgd(0.1),
      stateless('none', {}, () => ({})),
    ).minimize(square(w));
    expect(numbers(w)).toEqual([1]);
  });
});

describe('state that aliases', () => {
  /** The gradients that `update` returns over five steps on 0.5 · w², where g = w. */
  function steps(t: GradientTransform): {grads: number[]; leaked: number} {
    const w = tf.variable(tf.scalar(1));
    const grads: number[] = [];
    const spy = stateless('spy', {}, (g) => (grads.push(numbers(Object.values(g)[0]!)[0]!), g));
    const optimizer = transformGradients(tf.train.sgd(0.5), t, spy);
    const step = () => optimizer.minimize(() => tf.mul(0.5, tf.square(w)) as tf.Scalar);
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 4; i++) step();
    const leaked = tf.memory().numTensors - before;
    optimizer.dispose();
    w.dispose();
    return {grads, leaked};
  }
  const zeros = (params: NamedTensors) => Object.values(params).map((p) => tf.zerosLike(p));
  const first = (record: NamedTensors): [string, tf.Tensor] => Object.entries(record)[0]!;

  test('an input gradient holds its value', () => {
    const delayed = transform(zeros, (grads, state) => {
      const [name, g] = first(grads);
      return [{[name]: (state as tf.Tensor[])[0]!}, [g]];
    });
    // w: 1, 1, 0.5, 0, -0.25; each step applies the previous w.
    expect(steps(delayed)).toEqual({grads: [0, 1, 1, 0.5, 0], leaked: 0});
  });

  test('the returned gradient holds its value', () => {
    const summed = transform(zeros, (grads, state) => {
      const [name, g] = first(grads);
      const sum = tf.add((state as tf.Tensor[])[0]!, g);
      return [{[name]: sum}, [sum]];
    });
    expect(steps(summed)).toEqual({grads: [1, 1.5, 1.25, 0.375, -0.6875], leaked: 0});
  });

  test('the parameter itself holds the value of its step', () => {
    const lagging = transform(
      (params) => ({...params}),
      (grads, state, {params}) => [{[first(grads)[0]]: first(state as NamedTensors)[1]}, {...params}],
    );
    // As with the delayed gradient, except that init saw w = 1.
    expect(steps(lagging)).toEqual({grads: [1, 1, 0.5, 0, -0.25], leaked: 0});
  });

  test('the same state object stays alive', () => {
    const constant = transform(
      () => ({half: tf.scalar(0.5)}),
      (grads, state) => {
        const [name, g] = first(grads);
        return [{[name]: tf.mul(g, (state as {half: tf.Tensor}).half)}, state];
      },
    );
    expect(steps(constant)).toEqual({grads: [0.5, 0.375, 0.28125, 0.2109375, 0.158203125], leaked: 0});
  });

  test('one tensor in two places of the state stays one value', () => {
    const twice = transform(
      (params) => {
        const zero = zeros(params)[0]!;
        return {a: zero, b: [zero, {c: zero}]};
      },
      (grads) => {
        const [, g] = first(grads);
        return [grads, {a: g, b: [g, {c: g}]}];
      },
    );
    expect(steps(twice).leaked).toBe(0);
  });

  test('a tensor that moves within the state stays alive', () => {
    const swapping = transform(
      () => ({a: tf.scalar(1), b: tf.scalar(0)}),
      (grads, state) => {
        const {a, b} = state as {a: tf.Tensor; b: tf.Tensor};
        const [name, g] = first(grads);
        return [{[name]: tf.mul(g, a)}, {a: b, b: a}];
      },
    );
    expect(steps(swapping)).toEqual({grads: [1, 0, 0.5, 0, 0.25], leaked: 0});
  });

  test('a state that shrinks and grows frees what it drops', () => {
    const breathing = transform(
      () => [] as StateTree,
      (grads, state) => [grads, (state as StateTree[]).length > 1 ? [] : [tf.scalar(1), tf.scalar(2)]],
    );
    const w = tf.variable(tf.scalar(1));
    const optimizer = transformGradients(tf.train.sgd(0.5), breathing);
    const counts = Array.from({length: 4}, () => {
      optimizer.minimize(square(w));
      return tf.memory().numTensors;
    });
    expect(counts.map((count) => count - counts[1]!)).toEqual([2, 0, 2, 0]);
  });

  test('a gradient of the author that outlives the step is not taken from them', () => {
    const mine = tf.scalar(0.5);
    const constant = stateless('constant', {}, (grads) => ({[first(grads)[0]]: mine}));
    steps(chain(constant, scaled({factor: 2})));
    expect(mine.isDisposed).toBe(false);
  });

  test('a tensor of the author that outlives the step is not taken from them', () => {
    const mine = tf.scalar(0.5);
    const holding = transform(
      () => mine,
      (grads) => [grads, mine],
    );
    steps(holding);
    expect(mine.isDisposed).toBe(false);
  });
});

describe('applyGradients', () => {
  test('takes a map and a list alike', () => {
    const after = (
      gradients: (w: tf.Variable) => tf.NamedTensorMap | {name: string; tensor: tf.Tensor}[],
    ) => {
      const w = tf.variable(tf.scalar(1));
      transformGradients(tf.train.adam(0.1), heavyBall({decay: 0.5})).applyGradients(gradients(w));
      return numbers(w);
    };
    expect(after(({name}) => ({[name]: tf.scalar(2)}))).toEqual(
      after(({name}) => [{name, tensor: tf.scalar(2)}]),
    );
  });

  test.each([null, undefined])('takes %s for a hole', (nothing) => {
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const optimizer = transformGradients(tf.train.momentum(0.5, 0.9), heavyBall({decay: 0.5}));
    optimizer.applyGradients([
      {name: 'a', tensor: nothing as unknown as tf.Tensor},
      {name: 'b', tensor: tf.scalar(1)},
    ]);
    expect([numbers(a), numbers(b)]).toEqual([[1], [0.5]]);
  });

  test('does not depend on the order that gradients come in', () => {
    const trained = (orders: ('a' | 'b')[][]): number[] => {
      const variables = {a: tf.variable(tf.scalar(1)), b: tf.variable(tf.scalar(5))};
      const optimizer = transformGradients(tf.train.adam(0.1));
      for (const order of orders) {
        optimizer.applyGradients(
          order.map((key) => ({name: variables[key].name, tensor: tf.scalar(key === 'a' ? 1 : 100)})),
        );
      }
      return [...numbers(variables.a), ...numbers(variables.b)];
    };
    const [ab, ba] = [['a', 'b'] as ('a' | 'b')[], ['b', 'a'] as ('a' | 'b')[]];
    expect(trained([ab, ba, ba, ab])).toEqual(trained([ab, ab, ab, ab]));
  });

  test.each([{}, []])('of %o as the first step runs no transform, which has no state yet', (none) => {
    const w = tf.variable(tf.scalar(1), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(0.5), heavyBall({decay: 0.5}), failing(0));
    optimizer.applyGradients(none);
    expect(optimizer.iterations).toBe(1);
    expect(() => optimizer.applyGradients({w: tf.scalar(1)})).toThrow('on purpose');
    optimizer.applyGradients({w: tf.scalar(1)});
    expect(numbers(w)).toEqual([0.5]);
  });

  test('of nothing as the first step does to the optimizer what it does to a bare one', () => {
    const after = (optimizer: tf.Optimizer): number[] => {
      const w = tf.variable(tf.scalar(1));
      optimizer.applyGradients({});
      for (let i = 0; i < 3; i++) optimizer.minimize(square(w), false, [w]);
      return numbers(w);
    };
    expect(after(transformGradients(tf.train.adam()))).toEqual(after(tf.train.adam()));
  });

  test('of a name that is no variable is told so', () => {
    const optimizer = transformGradients(tf.train.adam());
    expect(() => optimizer.applyGradients({wrong: tf.scalar(1)})).toThrow(
      "GradientOptimizer: there is no variable 'wrong'.",
    );
  });

  test('of a name that is no variable does not spoil the next step', () => {
    const w = tf.variable(tf.scalar(1), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(0.5));
    expect(() => optimizer.applyGradients({wrong: tf.scalar(1)})).toThrow();
    optimizer.applyGradients({w: tf.scalar(1)});
    expect(numbers(w)).toEqual([0.5]);
  });

  test('goes on when a variable is gone', () => {
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const optimizer = transformGradients(tf.train.momentum(0.5, 0.9), heavyBall({decay: 0}));
    optimizer.applyGradients({a: tf.scalar(1), b: tf.scalar(1)});
    a.dispose();
    optimizer.applyGradients({b: tf.scalar(0)});
    expect(numbers(b)[0]).toBeCloseTo(0.5 - 0.45, 6);
  });

  test('shows a tap the gradients at every stage', () => {
    tf.variable(tf.scalar(1), true, 'w');
    const seen: [string, number][] = [];
    const optimizer = transformGradients(tf.train.sgd(0.5), scaled({factor: 2}), heavyBall({decay: 0.5}));
    optimizer.applyGradients({w: tf.scalar(3)}, (stage, {w}) => seen.push([stage, numbers(w!)[0]!]));
    expect(seen).toEqual([
      ['raw', 3],
      ['scaled', 6],
      ['heavyBall', 6],
    ]);
  });
});

describe('the step context', () => {
  const contexts = (epoch?: number): StepContext[] => {
    const seen: StepContext[] = [];
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const spy = stateless('spy', {}, (grads, ctx) => (seen.push(ctx), grads));
    const optimizer = new GradientOptimizer(tf.train.sgd(0.1), [spy], {seed: 42});
    optimizer.epoch = epoch;
    for (let i = 0; i < 3; i++) optimizer.minimize(square(a), false, [a, b]);
    return seen;
  };

  test('counts steps from 0', () => {
    expect(contexts().map(({step}) => step)).toEqual([0, 1, 2]);
  });

  test('has no epoch where no loop knows it', () => {
    expect('epoch' in contexts()[0]!).toBe(false);
  });

  test('has the epoch that a loop has set', () => {
    expect(contexts(3)[0]!.epoch).toBe(3);
  });

  test('has the seed', () => {
    expect(contexts()[0]!.seed).toBe(42);
  });

  test('has all parameters, holes included', () => {
    expect(Object.keys(contexts()[0]!.params)).toEqual(['a', 'b']);
  });

  test('has a key for every parameter', () => {
    expect(Object.keys(contexts()[0]!.keys)).toEqual(['a', 'b']);
  });
});

describe('initialize', () => {
  test('finds a selector that matches nothing before anything has run', () => {
    const w = tf.variable(tf.scalar(1), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(0.1), masked('nothing', scaled({factor: 2})));
    expect(() => optimizer.initialize([w])).toThrow('masked: the selector nothing matches no parameter.');
  });

  test('does not change what training does', () => {
    const trained = (initialized: boolean): number[] => {
      const w = tf.variable(tf.scalar(1));
      const optimizer = transformGradients(tf.train.adam(0.1), heavyBall({decay: 0.5}));
      if (initialized) optimizer.initialize([w]);
      for (let i = 0; i < 3; i++) optimizer.minimize(square(w));
      return numbers(w);
    };
    expect(trained(true)).toEqual(trained(false));
  });
});
