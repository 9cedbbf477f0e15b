import {
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  stateless,
  type StateTree,
  type StepContext,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {runCheck} from './check.js';
import {checks} from './checks/index.js';
import {testTransform, toSubject, type TransformUnderTest} from './testTransform.js';

beforeAll(() => tf.setBackend('cpu'));

interface Factor {
  readonly factor: number;
}

/** Stateless, with an option. */
function scale({factor}: Factor): GradientTransform<undefined> {
  return stateless('scale', {factor}, (grads) => mapTensors(grads, (g) => tf.mul(g, factor)));
}

/** With tensors and a number as state. */
function heavyBall({
  momentum = 0.9,
}: {
  momentum?: number;
}): GradientTransform<readonly [number, NamedTensors]> {
  return Object.freeze({
    name: 'heavyBall',
    config: {momentum},
    init: (params: NamedTensors) => [0, mapTensors(params, (p) => tf.zerosLike(p))] as const,
    update(grads: NamedTensors, [count, velocity]: readonly [number, NamedTensors]) {
      const moved = mapTensors(grads, (g, name) => tf.add(tf.mul(momentum, velocity[name]!), g));
      return [moved, [count + 1, {...velocity, ...moved}]] as const;
    },
  });
}

describe('testTransform passes', () => {
  testTransform({factory: scale, options: {factor: 0.5}});
  testTransform({factory: heavyBall, options: {}, name: 'heavyBall by default'});
  testTransform(() => heavyBall({momentum: 0.5}));
});

/** Titles of the checks that fail. */
async function failing<Options>(
  transform: TransformUnderTest<Options> | (() => GradientTransform),
): Promise<string[]> {
  const subject = toSubject(transform);
  const titles: string[] = [];
  for (const check of checks) {
    if (check.needsFactory && subject.factory === undefined) continue;
    await runCheck(check, subject).catch(() => titles.push(check.title));
  }
  return titles;
}

type Update = (grads: NamedTensors, ctx: StepContext) => NamedTensors;

/** A transform that does nothing wrong but in `update`. */
const broken = (update: Update) => () => stateless('broken', {}, update);

const title = {
  frozen: 'is a frozen literal with a name',
  named: 'is named as its factory, which is how a saved one is found again',
  json: 'has a config of plain JSON',
  config: 'is made again from its config',
  form: 'keeps names, shapes and dtypes',
  ranks: 'takes scalars, vectors, matrices and 4-D kernels alone',
  holes: 'leaves holes holes',
  empty: 'takes a step without any gradient',
  inputs: 'neither changes nor disposes its inputs',
  zeros: 'stays finite on gradients of 0',
  huge: 'stays finite on gradients of 1e+30',
  tiny: 'stays finite on gradients of 1e-30',
  pure: 'is pure: equal inputs, equal outputs',
  order: 'does not depend on the order of the parameters',
  leaks: 'leaks nothing in 100 steps of training',
  resumes: 'resumes from saved state as if never stopped',
  chain: 'does the same inside a chain',
  masked: 'changes nothing but the selected parameters when masked',
};

/** Where core itself refuses what a transform returns. */
const used = [title.leaks, title.resumes, title.chain, title.masked];

describe('testTransform fails', () => {
  it('has a broken transform for every check', () => {
    expect(Object.values(title)).toEqual(checks.map((check) => check.title));
  });

  it('an object that is not frozen', async () => {
    expect(await failing(() => ({...scale({factor: 1})}))).toEqual([title.frozen]);
  });

  it('a transform without a name', async () => {
    expect(await failing(() => Object.freeze({...stateless('x', {}, (grads) => grads), name: ''}))).toEqual([
      title.frozen,
    ]);
  });

  it('a factory of another name', async () => {
    const scaleGradients = scale;
    const renamed = (options: Factor): GradientTransform => scaleGradients(options);
    expect(await failing({factory: renamed, options: {factor: 1}})).toEqual([title.named]);
  });

  it('a config that JSON changes', async () => {
    const withUndefined = () => stateless('withUndefined', {seed: undefined}, (grads) => grads);
    expect(await failing({factory: withUndefined, options: undefined})).toEqual([title.json]);
  });

  it('a config that leaves out an option', async () => {
    const forgetful = ({factor = 1}: Partial<Factor>) =>
      stateless('forgetful', {}, (grads) => mapTensors(grads, (g) => tf.mul(g, factor)));
    expect(await failing({factory: forgetful, options: {factor: 2}})).toEqual([title.config]);
  });

  it('a transform that drops a gradient', async () => {
    const drop: Update = (grads) =>
      Object.fromEntries(Object.entries(grads).filter(([name]) => !name.endsWith('bias')));
    expect(await failing(broken(drop))).toEqual([title.form, title.ranks, title.holes]);
  });

  it('a transform that changes the dtype', async () => {
    const cast: Update = (grads) => mapTensors(grads, (g) => tf.cast(g, 'int32'));
    expect(await failing(broken(cast))).toEqual([title.form, title.ranks, ...used]);
  });

  it('a transform that changes the shape', async () => {
    const flatten: Update = (grads) => mapTensors(grads, (g) => tf.reshape(g, [g.size]));
    expect(await failing(broken(flatten))).toEqual([title.form, title.ranks, ...used]);
  });

  it('a transform that only takes two parameters at once', async () => {
    const pairs: Update = (grads) => {
      if (Object.keys(grads).length === 1) throw new Error('one is not enough');
      return grads;
    };
    expect(await failing(broken(pairs))).toEqual([title.ranks]);
  });

  it('a transform that fills a hole', async () => {
    const fill: Update = (grads, {params}) => ({...mapTensors(params, (p) => tf.zerosLike(p)), ...grads});
    const {form, ranks, holes, empty} = title;
    expect(await failing(broken(fill))).toEqual([form, ranks, holes, empty, ...used]);
  });

  it('a transform that cannot do without gradients', async () => {
    const sum: Update = (grads) => {
      tf.addN(Object.values(grads).map((g) => tf.sum(g)));
      return grads;
    };
    expect(await failing(broken(sum))).toEqual([title.empty]);
  });

  it('a transform that disposes its input', async () => {
    const dispose: Update = (grads) =>
      mapTensors(grads, (g) => {
        const doubled = tf.mul(g, 2);
        g.dispose();
        return doubled;
      });
    expect(await failing(broken(dispose))).toEqual([title.inputs]);
  });

  it('a transform that writes into its input', async () => {
    const write: Update = (grads) => {
      for (const grad of Object.values(grads)) grad.dataSync().fill(0.5);
      return grads;
    };
    expect(await failing(broken(write))).toEqual([title.inputs]);
  });

  it('a transform that changes a parameter', async () => {
    const assign: Update = (grads, {params}) => {
      for (const param of Object.values(params)) param.assign(tf.add(param, 1));
      return grads;
    };
    expect(await failing(broken(assign))).toEqual([title.inputs]);
  });

  it('a transform that divides by zero', async () => {
    const unit: Update = (grads) => mapTensors(grads, (g) => tf.div(g, tf.max(tf.abs(g))));
    expect(await failing(broken(unit))).toEqual([title.zeros]);
  });

  it('a transform whose squares overflow', async () => {
    const cube: Update = (grads) => mapTensors(grads, (g) => tf.mul(g, tf.sum(tf.square(g))));
    expect(await failing(broken(cube))).toEqual([title.huge]);
  });

  it('a transform whose squares underflow', async () => {
    const unit: Update = (grads) =>
      mapTensors(grads, (g) => {
        const norm = tf.sqrt(tf.sum(tf.square(g)));
        return tf.where(tf.equal(tf.max(tf.abs(g)), 0), g, tf.div(g, norm));
      });
    expect(await failing(broken(unit))).toEqual([title.tiny]);
  });

  it('a transform that keeps state in its closure', async () => {
    let calls = 0;
    const count: Update = (grads) => mapTensors(grads, (g) => tf.add(g, (calls += 1)));
    const titles = [title.pure, title.order, title.resumes, title.chain, title.masked];
    expect(await failing(broken(count))).toEqual(titles);
  });

  it('a transform that counts the parameters', async () => {
    const position: Update = (grads) => {
      const names = Object.keys(grads);
      return mapTensors(grads, (g, name) => tf.add(g, names.indexOf(name)));
    };
    expect(await failing(broken(position))).toEqual([title.order]);
  });

  it('a transform that leaks', async () => {
    const keep: Update = (grads) => mapTensors(grads, (g) => tf.keep(tf.mul(g, 2)));
    expect(await failing(broken(keep))).toEqual([title.leaks]);
  });

  it('a transform whose state cannot be saved', async () => {
    class Counter {
      constructor(readonly count = 0) {}
      next(): Counter {
        return new Counter(this.count + 1);
      }
    }
    const asState = (counter: Counter): StateTree => counter as unknown as StateTree;
    const stateful = (): GradientTransform =>
      Object.freeze({
        name: 'stateful',
        init: () => asState(new Counter()),
        update(grads: NamedTensors, state: StateTree) {
          const counter = (state as unknown as Counter).next();
          return [mapTensors(grads, (g) => tf.mul(g, counter.count)), asState(counter)] as const;
        },
      });
    expect(await failing(stateful)).toEqual([title.leaks, title.resumes, title.chain, title.masked]);
  });

  it('a transform that expects a state for parameters that it does not get', async () => {
    const sumOfAll = () =>
      Object.freeze({
        name: 'sumOfAll',
        init: (params: NamedTensors) => mapTensors(params, (p) => tf.sum(p)),
        update(grads: NamedTensors, state: NamedTensors, {params}: StepContext) {
          const sum = tf.addN(Object.keys(params).map((name) => state[name]!));
          return [mapTensors(grads, (g) => tf.add(g, sum)), state] as const;
        },
      });
    expect(await failing(sumOfAll)).toEqual([title.masked]);
  });
});

describe('testTransform refuses', () => {
  const EXAMPLE = "testTransform({factory: clipByNorm, options: {maxNorm: 1}, name: 'clipByNorm'})";

  it.each<[string, unknown, string]>([
    ['nothing', undefined, `options must be an object, e.g. ${EXAMPLE}, got undefined.`],
    [
      'an unknown key',
      {factory: scale, option: 1},
      "there is no option 'option'. Options: factory, options, name.",
    ],
    [
      'a transform in place of its factory',
      {factory: scale({factor: 1})},
      "factory must be a function that makes a transform, got the transform 'scale'.",
    ],
  ])('%s', (_name, given, message) => {
    expect(() => toSubject(given as never)).toThrow(new TypeError(`testTransform: ${message}`));
  });
});
