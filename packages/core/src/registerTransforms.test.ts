import * as tf from '@tensorflow/tfjs';
import {beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {
  allExamples,
  compiled,
  heavyBall,
  loaded,
  numbers,
  OPTIMIZERS,
  saved,
  scaled,
  smallModel,
  trainOnBatches,
  weightsOf,
  wobble,
} from '../fixtures/training.js';
import {
  accumulateGradients,
  chain,
  everyNSteps,
  GradientOptimizer,
  type GradientTransform,
  mapTensors,
  masked,
  partition,
  registerTransforms,
  setLearningRate,
  shadow,
  type StateTree,
  stateless,
  transformGradients,
} from './index.js';

interface RememberOptions {
  readonly label: string;
}

let remembered: StateTree[] = [];
let initial: () => StateTree = () => undefined;

/** Keeps whatever state `initial` gives and records it at every step. */
const remember = ({label}: RememberOptions): GradientTransform => ({
  name: 'remember',
  config: {label},
  init: () => initial(),
  update: (grads, state) => (remembered.push(state), [grads, state]),
});

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerTransforms({heavyBall, scaled, wobble, remember});
});
beforeEach(() => {
  tf.disposeVariables();
  remembered = [];
  initial = () => undefined;
});

const NESTED = () => [
  chain(heavyBall({decay: 0.5}), chain(wobble())),
  masked('**/kernel', heavyBall({decay: 0.1})),
  masked(/^DENSE.*(bias|kernel)$/i, scaled({factor: 0.9})),
  partition([
    ['dense_Dense*/bias', everyNSteps(3, heavyBall({decay: 0.2}))],
    [/_Dense\d+\/ker/, masked('*/k*', chain(heavyBall({decay: 0.3})))],
  ]),
];

async function train(model: tf.LayersModel, epochs = 1): Promise<void> {
  await trainOnBatches(model, model.optimizer, epochs);
}

/** Weights after two epochs, between which `pause` puts another model in the place of the first. */
async function resumed(
  optimizer: tf.Optimizer,
  pause: (model: tf.LayersModel) => Promise<tf.LayersModel>,
): Promise<number[][]> {
  const model = compiled(optimizer);
  await train(model);
  const next = await pause(model);
  await train(next);
  return weightsOf(next);
}

const beside = async (model: tf.LayersModel): Promise<tf.LayersModel> => loaded(await saved(model));

async function afterwards(model: tf.LayersModel): Promise<tf.LayersModel> {
  const artifacts = await saved(model);
  model.optimizer.dispose();
  model.dispose();
  return loaded(artifacts);
}

async function again(model: tf.LayersModel): Promise<tf.LayersModel> {
  return afterwards(await beside(await beside(model)));
}

/** Builds the model a second time, so that tfjs numbers its layers on, and sets weights and state. */
async function rebuilt(model: tf.LayersModel): Promise<tf.LayersModel> {
  const optimizer = model.optimizer as GradientOptimizer;
  const {className, config} = {className: optimizer.getClassName(), config: optimizer.getConfig()};
  expect(className).toBe('GradientOptimizer');
  const fresh = GradientOptimizer.fromConfig<GradientOptimizer>(GradientOptimizer, config);
  const twin = compiled(fresh, smallModel());
  twin.setWeights(model.getWeights());
  await fresh.setWeights(await optimizer.getWeights());
  return twin;
}

const PAUSES = [
  ['loaded beside its original', beside],
  ['loaded after its original is gone', afterwards],
  ['saved and loaded three times', again],
  ['built again', rebuilt],
] as const;

describe.each(PAUSES)('training %s', (_how, pause) => {
  test.each(OPTIMIZERS)('goes on bit for bit with %s', async (_name, make) => {
    const uninterrupted = await resumed(transformGradients(make(), ...NESTED()), async (model) => model);
    tf.disposeVariables();
    expect(await resumed(transformGradients(make(), ...NESTED()), pause)).toEqual(uninterrupted);
  });

  test('goes on under fit', async () => {
    const optimizer = transformGradients(tf.train.adam(0.01), ...NESTED());
    const {xs, ys} = allExamples();
    const model = compiled(optimizer);
    const fit = (m: tf.LayersModel) => m.fit(xs, ys, {epochs: 1, batchSize: 4, shuffle: false, verbose: 0});
    await fit(model);
    const next = await pause(model);
    await fit(next);
    const reference = compiled(transformGradients(tf.train.adam(0.01), ...NESTED()));
    await fit(reference);
    await fit(reference);
    expect(weightsOf(next)).toEqual(weightsOf(reference));
  });

  test('goes on where it had not begun', async () => {
    const reference = compiled(transformGradients(tf.train.adam(0.01), ...NESTED()));
    await train(reference);
    const next = await pause(compiled(transformGradients(tf.train.adam(0.01), ...NESTED())));
    await train(next);
    expect(weightsOf(next)).toEqual(weightsOf(reference));
  });
});

describe.each([
  ...PAUSES.slice(0, 3),
  [
    'built again and told all its variables',
    async (model: tf.LayersModel): Promise<tf.LayersModel> => {
      const twin = await rebuilt(model);
      (twin.optimizer as GradientOptimizer).initialize(
        twin.trainableWeights.map((weight) => weight.read() as tf.Variable),
      );
      return twin;
    },
  ] as const,
])('training %s', (_how, pause) => {
  test('goes on with a layer frozen by then', async () => {
    const trained = async (
      between: (model: tf.LayersModel) => Promise<tf.LayersModel>,
    ): Promise<number[][]> => {
      const optimizer = transformGradients(tf.train.adam(0.01), ...NESTED());
      const freeze = (model: tf.LayersModel, trainable: boolean) => {
        model.layers[0]!.trainable = trainable;
        model.compile({loss: 'meanSquaredError', optimizer: model.optimizer});
      };
      const model = compiled(optimizer);
      await train(model);
      const next = await between(model);
      freeze(next, false);
      await train(next);
      freeze(next, true);
      await train(next);
      return weightsOf(next);
    };
    const uninterrupted = await trained(async (model) => model);
    expect(await trained(pause)).toEqual(uninterrupted);
  });
});

test('a layer that was frozen when the model was saved finds its state when it thaws', async () => {
  const trained = async (pause: (model: tf.LayersModel) => Promise<tf.LayersModel>): Promise<number[][]> => {
    const model = compiled(transformGradients(tf.train.adam(0.01), ...NESTED()));
    await train(model);
    model.layers[0]!.trainable = false;
    model.compile({loss: 'meanSquaredError', optimizer: model.optimizer});
    await train(model);
    const next = await pause(model);
    await train(next);
    next.layers[0]!.trainable = true;
    next.compile({loss: 'meanSquaredError', optimizer: next.optimizer});
    await train(next);
    return weightsOf(next);
  };
  const uninterrupted = await trained(async (model) => model);
  expect(await trained(beside)).toEqual(uninterrupted);
  expect(await trained(afterwards)).toEqual(uninterrupted);
});

test('training the loaded model does not touch its original', async () => {
  const model = compiled(transformGradients(tf.train.adam(0.01), ...NESTED()));
  await train(model);
  const before = weightsOf(model);
  await train(await beside(model));
  expect(weightsOf(model)).toEqual(before);
});

test('state of variables that tfjs has named by number goes on', async () => {
  const step = (optimizer: tf.Optimizer, w: tf.Variable) =>
    void optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w]);
  const make = () =>
    transformGradients(tf.train.sgd(0.1), {
      name: 'records',
      init: (params) => ({m: mapTensors(params, (p) => tf.zerosLike(p)), count: 0}),
      update(grads, state) {
        const {m, count} = state as {m: Record<string, tf.Tensor>; count: number};
        const next = mapTensors(grads, (g, name) => tf.add(tf.mul(0.9, m[name]!), g));
        return [next, {m: next, count: count + 1}];
      },
    });
  const [original, w] = [make(), tf.variable(tf.scalar(1))];
  step(original, w);
  const [copy, v] = [make(), tf.variable(tf.clone(w))];
  await copy.setWeights(await original.getWeights());
  for (let i = 0; i < 2; i++) {
    step(original, w);
    step(copy, v);
  }
  expect(numbers(v)).toEqual(numbers(w));
});

test('going back to the state before the first step starts anew', async () => {
  const w = tf.variable(tf.scalar(1));
  const optimizer = transformGradients(tf.train.momentum(0.1, 0.9), heavyBall({decay: 0.5}));
  const start = await optimizer.getWeights();
  const step = () => optimizer.minimize(() => tf.square(w) as tf.Scalar);
  step();
  const first = numbers(w);
  step();
  await optimizer.setWeights(start);
  w.assign(tf.scalar(1));
  step();
  expect(numbers(w)).toEqual(first);
});

test.each(OPTIMIZERS)('giving %s its own state changes nothing', async (_name, make) => {
  const uninterrupted = await resumed(transformGradients(make(), ...NESTED()), async (model) => model);
  const restored = await resumed(transformGradients(make(), ...NESTED()), async (model) => {
    await (model.optimizer as GradientOptimizer).setWeights(await model.optimizer.getWeights());
    return model;
  });
  expect(restored).toEqual(uninterrupted);
});

test('a checkpoint in memory can be gone back to', async () => {
  const model = compiled(transformGradients(tf.train.adam(0.01), ...NESTED()));
  const optimizer = model.optimizer as GradientOptimizer;
  await train(model);
  const checkpoint = (await optimizer.getWeights()).map(({name, tensor}) => ({
    name,
    tensor: tf.clone(tensor),
  }));
  const weights = model.getWeights().map((w) => tf.clone(w));
  await train(model);
  const first = weightsOf(model);
  model.setWeights(weights);
  await optimizer.setWeights(checkpoint);
  await train(model);
  expect(weightsOf(model)).toEqual(first);
});

test.each(OPTIMIZERS)('going back to a checkpoint of %s does not leak', async (_name, make) => {
  const model = compiled(transformGradients(make(), ...NESTED()));
  const optimizer = model.optimizer as GradientOptimizer;
  await train(model);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    await optimizer.setWeights(await optimizer.getWeights());
    await train(model);
  }
  // The manifest of getWeights stays until the next one.
  expect(tf.memory().numTensors).toBe(before + 1);
});

describe('a loaded optimizer', () => {
  async function reloaded(optimizer: tf.Optimizer): Promise<GradientOptimizer> {
    const model = compiled(optimizer);
    await train(model);
    return (await beside(model)).optimizer as GradientOptimizer;
  }

  test('is a GradientOptimizer', async () => {
    expect((await reloaded(transformGradients(tf.train.adam()))).getClassName()).toBe('GradientOptimizer');
  });

  test.each(OPTIMIZERS)('has the configuration of its inner %s', async (_name, make) => {
    const {inner} = await reloaded(transformGradients(make()));
    expect([inner.getClassName(), inner.getConfig()]).toEqual([make().getClassName(), make().getConfig()]);
  });

  test('has counted the steps', async () => {
    expect((await reloaded(transformGradients(tf.train.sgd(0.1)))).iterations).toBe(5);
  });

  test('has counted the steps of its inner optimizer', async () => {
    expect((await reloaded(transformGradients(tf.train.adam()))).inner.iterations).toBe(5);
  });

  test('has the seed', async () => {
    expect((await reloaded(new GradientOptimizer(tf.train.sgd(0.1), [], {seed: 42}))).seed).toBe(42);
  });

  test('has the learning rate of the time it was saved', async () => {
    const optimizer = transformGradients(tf.train.momentum(0.1, 0.9));
    setLearningRate(optimizer, 0.025);
    expect((await reloaded(optimizer)).learningRate).toBe(0.025);
  });

  test('inside another one comes back too', async () => {
    const make = () =>
      transformGradients(
        transformGradients(tf.train.adam(0.01), heavyBall({decay: 0.5})),
        heavyBall({decay: 0.2}),
      );
    const uninterrupted = await resumed(make(), async (model) => model);
    tf.disposeVariables();
    expect(await resumed(make(), beside)).toEqual(uninterrupted);
  });

  test.each([
    'camelCase and CONSTANT_CASE',
    '__dunder__snake_case_',
    '~tilde~5f;~',
    'Größe Σ ΑΒΓ 漢字 🎲 İ ǅ',
    '"quotes" \\ and \n control \u0001',
    '',
    '*/kernel_{A,b}_1',
  ])('has the option %j as it was', async (label) => {
    const {transforms} = await reloaded(transformGradients(tf.train.sgd(0.1), remember({label})));
    expect(transforms[0]!.config).toEqual({label});
  });

  test('has option names as they were', async () => {
    const config = {camelCase: 1, snake_case: 2, PascalCase: 3, _: 4, name: 'A_b', className: 'C_d'};
    const keep = (options: typeof config) => stateless('keep', options, (grads) => grads);
    registerTransforms({keep});
    const {transforms} = await reloaded(transformGradients(tf.train.sgd(0.1), keep(config)));
    expect(transforms[0]!.config).toEqual(config);
  });

  test('has globs and regular expressions as they were', async () => {
    const {transforms} = await reloaded(transformGradients(tf.train.sgd(0.1), ...NESTED()));
    expect(transforms.map(({name, config}) => ({name, config}))).toEqual(
      NESTED().map(({name, config}) => ({name, config})),
    );
  });
});

test('accumulateGradients and shadow come back as they were, inside combinators and out', async () => {
  const transforms = [
    masked('**/kernel', accumulateGradients({steps: 2})),
    shadow(chain(accumulateGradients({steps: 3}), heavyBall({decay: 0.5}))),
    everyNSteps(2, shadow(masked('**/bias', scaled({factor: 2})))),
    accumulateGradients({steps: 4}),
  ];
  const model = await loaded(await saved(compiled(transformGradients(tf.train.sgd(0.1), ...transforms))));
  const options = (list: readonly GradientTransform[]) => list.map(({name, config}) => [name, config]);
  expect(options((model.optimizer as GradientOptimizer).transforms)).toEqual(options(transforms));
});

describe('the state of a transform', () => {
  /** What the transform sees at the last step before saving and the first after loading. */
  async function roundTrip(make: () => StateTree): Promise<[before: StateTree, after: StateTree]> {
    initial = make;
    const model = compiled(transformGradients(tf.train.sgd(0.1), remember({label: ''})));
    await train(model);
    const next = await beside(model);
    const before = values(remembered.at(-1));
    remembered = [];
    await train(next);
    return [before, values(remembered[0])];
  }

  /** Tensors as what they hold, so that trees compare. */
  function values(tree: StateTree): never {
    if (tree instanceof tf.Tensor)
      return {dtype: tree.dtype, shape: tree.shape, data: [...tree.dataSync()]} as never;
    if (Array.isArray(tree)) return tree.map(values) as never;
    if (typeof tree !== 'object') return tree as never;
    return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, values(item)])) as never;
  }

  test.each<[string, () => StateTree]>([
    ['nothing', () => undefined],
    ['a number', () => 0.1],
    ['NaN', () => NaN],
    ['Infinity', () => [Infinity, -Infinity]],
    ['minus zero', () => -0],
    ['the limits of numbers', () => [Number.MIN_VALUE, Number.MAX_VALUE, 2 ** 53 + 2, 1 / 3]],
    ['an empty list', () => []],
    ['an empty record', () => ({})],
    ['a record with nothing in it', () => ({a: undefined, b: [undefined, 1]})],
    [
      'a nested tree',
      () => ({list: [tf.scalar(1), {deep: [tf.tensor1d([2, 3]), 4, []]}], more: {x: {y: tf.zeros([2, 0])}}}),
    ],
    ['a tensor with values that are no numbers', () => tf.tensor1d([NaN, Infinity, -0, 1e-45])],
    ['a tensor of integers', () => tf.tensor1d([1, 2 ** 31 - 1], 'int32')],
    ['a tensor of truth values', () => tf.tensor1d([true, false], 'bool')],
    ['a tensor of text', () => tf.tensor1d(['ä', 'B_c'], 'string')],
    ['keys like those of the file format', () => ({number: 1, tensor: tf.scalar(2), record: {number: 3}})],
    ['keys with slashes that give equal paths', () => ({'a/b': tf.scalar(1), a: {b: tf.scalar(2)}})],
    ['keys of any script', () => ({'Größe_🎲': tf.scalar(1), ABC: 2, '': 3})],
    ['keys that are numbers', () => ({10: tf.scalar(1), 9: tf.scalar(2), m1: 3, m2: 4})],
  ])('comes back: %s', async (_name, make) => {
    const [before, after] = await roundTrip(make);
    expect(after).toStrictEqual(before);
  });
});

describe('saving', () => {
  test('ten times leaks nothing', async () => {
    const model = compiled(transformGradients(tf.train.adam(0.01), ...NESTED()));
    for (let i = 0; i < 3; i++) await train(model);
    await saved(model);
    await train(model);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 10; i++) {
      await saved(model);
      await train(model);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test('several times at once works', async () => {
    const model = compiled(transformGradients(tf.train.adam(0.01), ...NESTED()));
    await train(model);
    const [first, ...others] = await Promise.all([saved(model), saved(model), saved(model)]);
    for (const other of others) expect(other).toEqual(first);
  });

  test.each(OPTIMIZERS)('and loading %s does not leak', async (_name, make) => {
    const artifacts = await saved(compiled(transformGradients(make(), ...NESTED())));
    const cycle = async (): Promise<void> => {
      const model = await loaded(artifacts);
      await train(model);
      await saved(model);
      model.optimizer.dispose();
      model.dispose();
    };
    await cycle();
    const before = tf.memory().numTensors;
    await cycle();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a selector that is a function is refused', async () => {
    const model = compiled(
      transformGradients(
        tf.train.sgd(0.1),
        masked(() => true, scaled({factor: 1})),
      ),
    );
    await expect(saved(model)).rejects.toThrow(
      'masked: a selector that is a function cannot be saved; use a glob or a RegExp.',
    );
  });

  test.each([
    ['infinite', Infinity, "option 'value' cannot be saved, JSON does not know the number Infinity."],
    ['not a number', NaN, "option 'value' cannot be saved, JSON does not know the number NaN."],
    ['a function', tf.relu, "option 'value' cannot be saved, JSON does not know the function relu__op."],
    ['a bigint', 1n, "option 'value' cannot be saved, JSON does not know the bigint 1."],
    ['a Map', new Map(), "option 'value' cannot be saved, JSON does not know a Map."],
    ['a Date', [{at: new Date(0)}], "option 'value/0/at' cannot be saved, JSON does not know a Date."],
  ])('an option that is %s is refused: JSON would change it', async (_name, value, message) => {
    const model = compiled(
      transformGradients(tf.train.sgd(0.1), chain(stateless('odd', {value}, (grads) => grads))),
    );
    await expect(saved(model)).rejects.toThrow(new Error(`transform 'odd': ${message}`));
  });
});

describe('loading', () => {
  async function artifacts(): Promise<tf.io.ModelArtifacts> {
    const model = compiled(transformGradients(tf.train.adam(0.01), heavyBall({decay: 0.5})));
    await train(model);
    return saved(model);
  }

  test('a transform that is not registered is told by name', async () => {
    const model = compiled(
      transformGradients(
        tf.train.sgd(0.1),
        stateless('stranger', {}, (grads) => grads),
      ),
    );
    await expect(loaded(await saved(model))).rejects.toThrow(
      "the saved chain uses 'stranger', which is not registered. Call registerTransforms({stranger}) before loading.",
    );
  });

  test('an inner optimizer that is not registered is told by name', () => {
    const config = {inner: {className: 'Lion', config: {}}, transforms: '[]', seed: 0};
    expect(() => GradientOptimizer.fromConfig(GradientOptimizer, config)).toThrow(
      "GradientOptimizer: the inner optimizer 'Lion' is unknown.",
    );
  });

  test('a chain of another length is refused', async () => {
    const [one, two] = [
      transformGradients(tf.train.sgd(0.1), heavyBall({decay: 0.5})),
      transformGradients(tf.train.sgd(0.1), heavyBall({decay: 0.5}), heavyBall({decay: 0.5})),
    ];
    const w = tf.variable(tf.scalar(1));
    one.minimize(() => tf.square(w) as tf.Scalar);
    await expect(two.setWeights(await one.getWeights())).rejects.toThrow(
      'GradientOptimizer: the saved state is that of 1 transforms, here are 2.',
    );
  });

  test('the state of another optimizer is refused', async () => {
    const w = tf.variable(tf.scalar(1));
    const momentum = transformGradients(tf.train.momentum(0.1, 0.9));
    momentum.minimize(() => tf.square(w) as tf.Scalar);
    await expect(
      transformGradients(tf.train.sgd(0.1)).setWeights(await momentum.getWeights()),
    ).rejects.toThrow("GradientOptimizer: the saved optimizer has a 'accumulations', SGD does not.");
  });

  test('a file without the manifest is refused', async () => {
    const {weightSpecs, ...rest} = await artifacts();
    await expect(
      loaded({...rest, weightSpecs: weightSpecs!.filter(({name}) => name !== 'gradwire/manifest')}),
    ).rejects.toThrow(
      "GradientOptimizer: these are not the weights of a GradientOptimizer: 'gradwire/manifest' is not among them.",
    );
  });

  test('a file without one of the tensors is refused', async () => {
    const optimizer = (await loaded(await artifacts())).optimizer as GradientOptimizer;
    const weights = await optimizer.getWeights();
    await expect(optimizer.setWeights(weights.slice(1))).rejects.toThrow(
      /GradientOptimizer: the saved optimizer lacks 'gradwire\/0\//,
    );
  });

  test.each<[string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, -10)],
    ['emptied', () => ''],
    ['another JSON', () => '{}'],
    ['JSON null', () => 'null'],
    ['without its slots', (text) => text.replace('"slots"', '"stols"')],
    ['with a step that is no number', (text) => text.replace(/"step":\d+/, '"step":"five"')],
    ['with an entry of no kind', (text) => text.replace(/"transforms":\[.*\]/, '"transforms":["x"]')],
    ['with an entry of number', (text) => text.replace(/"transforms":\[.*\]/, '"transforms":[5]')],
    ['with an inner entry of no kind', (text) => text.replace(/"inner":\[/, '"inner":[null,')],
    ['with a slot of no kind', (text) => text.replace(/"slots":\[/, '"slots":[5,')],
  ])('a manifest that is %s is refused', async (_name, alter) => {
    const optimizer = (await loaded(await artifacts())).optimizer as GradientOptimizer;
    const weights = await optimizer.getWeights();
    const manifest = weights.pop()!;
    const [text] = await manifest.tensor.data<'string'>();
    const altered = {name: manifest.name, tensor: tf.scalar(alter(String(text)), 'string')};
    await expect(optimizer.setWeights([...weights, altered])).rejects.toThrow(
      "GradientOptimizer: 'gradwire/manifest' of the saved optimizer is damaged.",
    );
  });

  test('a manifest of another version is refused', async () => {
    const optimizer = transformGradients(tf.train.sgd(0.1));
    const text = '{"version":2,"step":0,"slots":[],"innerIterations":0,"inner":[],"transforms":[]}';
    await expect(
      optimizer.setWeights([{name: 'gradwire/manifest', tensor: tf.scalar(text, 'string')}]),
    ).rejects.toThrow('GradientOptimizer: saved state has version 2, known is 1.');
  });

  test('what is refused changes nothing', async () => {
    const model = compiled(transformGradients(tf.train.adam(0.01), heavyBall({decay: 0.5})));
    const reference = compiled(transformGradients(tf.train.adam(0.01), heavyBall({decay: 0.5})));
    await train(model);
    const weights = await (model.optimizer as GradientOptimizer).getWeights();
    await expect((model.optimizer as GradientOptimizer).setWeights(weights.slice(1))).rejects.toThrow();
    await train(model);
    await train(reference, 2);
    expect(weightsOf(model)).toEqual(weightsOf(reference));
  });
});

describe('the weights of another optimizer', () => {
  const weightsOfAdam = async (): Promise<unknown> => {
    const w = tf.variable(tf.scalar(1));
    const adam = tf.train.adam();
    adam.minimize(() => tf.square(w) as tf.Scalar);
    return adam.getWeights();
  };

  test.each<[string, () => unknown]>([
    ['of a bare optimizer', weightsOfAdam],
    ['none', () => []],
    ['nothing', () => undefined],
    ['a record', () => ({})],
  ])('are refused: %s', async (_name, make) => {
    const weights = (await make()) as {name: string; tensor: tf.Tensor}[];
    await expect(transformGradients(tf.train.adam()).setWeights(weights)).rejects.toThrow(
      "GradientOptimizer: these are not the weights of a GradientOptimizer: 'gradwire/manifest' is not among them.",
    );
  });
});

describe('registerTransforms', () => {
  const RECORD = 'transformFactories must be a record, e.g. registerTransforms({clipByGlobalNorm}), got';

  test.each<[string, unknown, string]>([
    ['a factory', scaled, `${RECORD} the function scaled.`],
    ['a list', [scaled, heavyBall], `${RECORD} a list of 2.`],
    ['a string', 'scaled', `${RECORD} the string 'scaled'.`],
    ['nothing', undefined, `${RECORD} undefined.`],
    [
      'a transform in place of its factory',
      {scaled: scaled({factor: 1})},
      "scaled must be a transform factory, e.g. registerTransforms({clipByGlobalNorm}), got the transform 'scaled'.",
    ],
    [
      'an import that does not exist',
      {scaled: undefined},
      'scaled must be a transform factory, e.g. registerTransforms({clipByGlobalNorm}), got undefined.',
    ],
  ])('refuses %s', (_name, given, message) => {
    expect(() => registerTransforms(given as never)).toThrow(new TypeError(`registerTransforms: ${message}`));
  });

  test('knows a factory by its key, whatever a bundler has made of its name', async () => {
    const minified = {factory: (options: {factor: number}) => ({...scaled(options), name: 'kept'})};
    Object.defineProperty(minified.factory, 'name', {value: 'a'});
    registerTransforms({kept: minified.factory});
    const model = await loaded(
      await saved(compiled(transformGradients(tf.train.sgd(0.1), minified.factory({factor: 2})))),
    );
    expect((model.optimizer as GradientOptimizer).transforms).toMatchObject([
      {name: 'kept', config: {factor: 2}},
    ]);
  });

  test('keeps its own combinators when they are named too', async () => {
    registerTransforms({chain: chain as never});
    const model = compiled(transformGradients(tf.train.sgd(0.1), chain(scaled({factor: 2}))));
    expect((await loaded(await saved(model))).optimizer.getClassName()).toBe('GradientOptimizer');
  });
});
