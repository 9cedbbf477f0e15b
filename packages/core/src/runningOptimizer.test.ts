import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  type GradientOptimizer,
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  registerTransforms,
  stateless,
  transformGradients,
} from './index.js';

/** Counts its steps in its state. */
function counting(name = 'counting'): GradientTransform {
  return {
    name,
    config: {},
    init: () => ({steps: 0}),
    update: (grads, state) => [grads, {steps: (state as {steps: number}).steps + 1}],
  };
}

/** A heavy ball, as state of tensors by name. */
function heavyBall(): GradientTransform<NamedTensors> {
  return {
    name: 'heavyBall',
    config: {},
    init: (params) => mapTensors(params, (p) => tf.zerosLike(p)),
    update(grads, state) {
      const next = {...state, ...mapTensors(grads, (g, name) => tf.add(tf.mul(0.9, state[name]!), g))};
      return [mapTensors(grads, (_, name) => next[name]!), next];
    },
  };
}

/** Brings every entry into [-value, value]. */
const clipByValue = ({value}: {value: number}): GradientTransform =>
  stateless('clipByValue', {value}, (grads) => mapTensors(grads, (g) => tf.clipByValue(g, -value, value)));

const makers: [name: string, make: () => tf.Optimizer][] = [
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.1, 0.9)],
  ['adagrad', () => tf.train.adagrad(0.1)],
  ['adadelta', () => tf.train.adadelta(0.1)],
  ['adam', () => tf.train.adam(0.1)],
  ['adamax', () => tf.train.adamax(0.1)],
  ['rmsprop', () => tf.train.rmsprop(0.1)],
  ['one with transforms', () => transformGradients(tf.train.adam(0.1), heavyBall())],
];

function withWeights<T>(fn: (weights: tf.Variable[]) => T): T {
  const weights = tf.tidy(() => [tf.variable(tf.tensor1d([1, -2])), tf.variable(tf.tensor1d([3]))]);
  try {
    return fn(weights);
  } finally {
    tf.dispose(weights);
  }
}

/** Steps towards 0 from where the weights are; all entries after each. */
function step(optimizer: tf.Optimizer, weights: tf.Variable[], times = 1): number[][] {
  return Array.from({length: times}, () => {
    optimizer.minimize(
      () => weights.map((w) => tf.sum(tf.square(w))).reduce((a, b) => tf.add(a, b)) as tf.Scalar,
      false,
      weights,
    );
    return weights.flatMap((w) => [...w.dataSync()]);
  });
}

function assign(weights: tf.Variable[], values: readonly number[]): void {
  tf.tidy(() => {
    weights[0]!.assign(tf.tensor1d(values.slice(0, 2)));
    weights[1]!.assign(tf.tensor1d(values.slice(2)));
  });
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('reset', () => {
  it.each(makers)('makes %s go on as a new one would', (_, make) => {
    const first = withWeights((weights) => {
      const optimizer = transformGradients(make(), heavyBall());
      const [before] = step(optimizer, weights, 3).slice(-1);
      optimizer.reset();
      const after = step(optimizer, weights, 3);
      optimizer.dispose();
      return {before: before!, after};
    });
    const second = withWeights((weights) => {
      const optimizer = transformGradients(make(), heavyBall());
      assign(weights, first.before);
      const path = step(optimizer, weights, 3);
      optimizer.dispose();
      return path;
    });
    expect(first.after).toEqual(second);
  });

  it('keeps rate and count of steps', () => {
    withWeights((weights) => {
      const optimizer = transformGradients(tf.train.adam(0.1));
      step(optimizer, weights, 2);
      optimizer.learningRate = 0.5;
      optimizer.reset();
      expect([optimizer.learningRate, optimizer.iterations]).toEqual([0.5, 2]);
      optimizer.dispose();
    });
  });
});

describe('snapshot', () => {
  it.each(makers)('brings %s back to where it was', (_, make) => {
    withWeights((weights) => {
      const optimizer = transformGradients(make(), counting(), heavyBall());
      const [from] = step(optimizer, weights, 3).slice(-1);
      const snapshot = optimizer.snapshot();
      const path = step(optimizer, weights, 4);
      optimizer.learningRate = 0.7;
      for (let i = 0; i < 2; i++) {
        snapshot.restore();
        assign(weights, from!);
        expect(step(optimizer, weights, 4)).toEqual(path);
      }
      snapshot.dispose();
      optimizer.dispose();
    });
  });

  it('taken before the first step brings back an optimizer without state', () => {
    withWeights((weights) => {
      const optimizer = transformGradients(tf.train.adam(0.1), heavyBall());
      const snapshot = optimizer.snapshot();
      const path = step(optimizer, weights, 2);
      snapshot.restore();
      assign(weights, [1, -2, 3]);
      expect(step(optimizer, weights, 2)).toEqual(path);
      snapshot.dispose();
      optimizer.dispose();
    });
  });

  it('brings the transforms back, with their state', () => {
    withWeights((weights) => {
      const [kept, dropped] = [counting('kept'), counting('dropped')];
      const optimizer = transformGradients(tf.train.sgd(0.1), kept, dropped);
      step(optimizer, weights, 2);
      const snapshot = optimizer.snapshot();
      optimizer.replaceTransforms([kept]);
      step(optimizer, weights, 3);
      snapshot.restore();
      expect(optimizer.transforms).toEqual([kept, dropped]);
      expect([optimizer.stateOf(kept), optimizer.stateOf(dropped)]).toEqual([{steps: 2}, {steps: 2}]);
      snapshot.dispose();
      optimizer.dispose();
    });
  });

  it('brings back state alone where asked to: rate and transforms stay', () => {
    withWeights((weights) => {
      const [kept, added] = [counting('kept'), counting('added')];
      const optimizer = transformGradients(tf.train.momentum(0.1, 0.9), kept);
      step(optimizer, weights, 2);
      const snapshot = optimizer.snapshot();
      step(optimizer, weights, 2);
      optimizer.replaceTransforms([kept, added]);
      optimizer.learningRate = 0.5;
      snapshot.restore('state');
      expect([optimizer.stateOf(kept), optimizer.stateOf(added)]).toEqual([{steps: 2}, {steps: 0}]);
      expect(optimizer.learningRate).toBe(0.5);
      snapshot.dispose();
      optimizer.dispose();
    });
  });

  it('does not turn back the count of steps', () => {
    withWeights((weights) => {
      const optimizer = transformGradients(tf.train.sgd(0.1));
      const snapshot = optimizer.snapshot();
      step(optimizer, weights, 2);
      snapshot.restore();
      snapshot.dispose();
      expect(optimizer.iterations).toBe(2);
      optimizer.dispose();
    });
  });
});

describe('replaceTransforms', () => {
  it('keeps the state of transforms that stay, wherever they stand, and begins the others anew', () => {
    withWeights((weights) => {
      const [one, two, three] = [counting('one'), counting('two'), counting('three')];
      const optimizer = transformGradients(tf.train.sgd(0.1), one, two);
      step(optimizer, weights, 2);
      optimizer.replaceTransforms([three, two]);
      step(optimizer, weights);
      expect([three, two].map((transform) => optimizer.stateOf(transform))).toEqual([{steps: 1}, {steps: 3}]);
      expect(() => optimizer.stateOf(one)).toThrow(
        "GradientOptimizer.stateOf: 'one' is none of its transforms.",
      );
      optimizer.dispose();
    });
  });

  it('works before the first step, and with transforms of updates', () => {
    withWeights((weights) => {
      const optimizer = transformGradients(tf.train.sgd(0.5));
      optimizer.replaceTransforms([{...clipByValue({value: 0.25}), on: 'updates'}]);
      expect(step(optimizer, weights)).toEqual([[0.75, -1.75, 2.75]]);
      optimizer.dispose();
    });
  });

  it('leaves all as it was when the new one cannot begin', () => {
    withWeights((weights) => {
      const kept = counting();
      const optimizer = transformGradients(tf.train.sgd(0.1), kept);
      step(optimizer, weights, 2);
      const broken = {...counting('broken'), init: () => expect.unreachable('no')};
      expect(() => optimizer.replaceTransforms([broken, kept])).toThrow('no');
      expect(optimizer.transforms).toEqual([kept]);
      step(optimizer, weights);
      expect(optimizer.stateOf(kept)).toEqual({steps: 3});
      optimizer.dispose();
    });
  });

  it('rejects what is no transform', () => {
    const optimizer = transformGradients(tf.train.sgd(0.1));
    expect(() => optimizer.replaceTransforms([clipByValue as unknown as GradientTransform])).toThrow(
      'GradientOptimizer.replaceTransforms: transform 0 must be a GradientTransform',
    );
    optimizer.dispose();
  });
});

it('snapshot, reset and replaceTransforms leave nothing behind', async () => {
  await expectNoLeaks(() =>
    withWeights((weights) => {
      const optimizer = transformGradients(tf.train.adam(0.1), heavyBall(), counting());
      step(optimizer, weights, 2);
      const snapshot = optimizer.snapshot();
      optimizer.reset();
      step(optimizer, weights, 2);
      optimizer.replaceTransforms([heavyBall()]);
      step(optimizer, weights, 2);
      snapshot.restore();
      snapshot.dispose();
      optimizer.dispose();
    }),
  );
});

describe('an optimizer with transforms within another', () => {
  const model = (): tf.Sequential =>
    tf.sequential({
      layers: [
        tf.layers.dense({units: 3, inputShape: [2], kernelInitializer: 'ones'}),
        tf.layers.dense({units: 1, kernelInitializer: 'ones'}),
      ],
    });
  const nested = (): GradientOptimizer =>
    transformGradients(transformGradients(tf.train.adam(0.01), heavyBall()), clipByValue({value: 0.5}));
  const [x, y] = [
    tf.tensor2d([
      [1, 2],
      [3, -1],
    ]),
    tf.tensor2d([[1], [0]]),
  ];
  const train = async (trained: tf.LayersModel, steps: number): Promise<void> => {
    for (let i = 0; i < steps; i++) await trained.trainOnBatch(x, y);
  };
  const weightsOf = (trained: tf.LayersModel): number[] =>
    trained.getWeights().flatMap((weight) => [...weight.dataSync()]);

  it('goes on after saving and loading as if nothing had happened', async () => {
    registerTransforms({heavyBall, clipByValue});
    const whole = model();
    whole.compile({loss: 'meanSquaredError', optimizer: nested()});
    await train(whole, 6);
    const half = model();
    half.compile({loss: 'meanSquaredError', optimizer: nested()});
    await train(half, 3);
    let saved: tf.io.ModelArtifacts | undefined;
    const handler = tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON' as const}};
    });
    await half.save(handler, {includeOptimizer: true});
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    await train(loaded, 3);
    expect(weightsOf(loaded)).toEqual(weightsOf(whole));
  });

  it('hands on the epoch', () => {
    const optimizer = nested();
    optimizer.epoch = 3;
    expect((optimizer.inner as GradientOptimizer).epoch).toBe(3);
    optimizer.dispose();
  });

  it('takes its step back when a transform of updates throws', () => {
    withWeights((weights) => {
      const inner = counting('inner');
      const throwing: GradientTransform = {
        ...counting('throwing'),
        on: 'updates',
        update: () => expect.unreachable('no'),
      };
      const optimizer = transformGradients(transformGradients(tf.train.momentum(0.1, 0.9), inner), throwing);
      expect(() => step(optimizer, weights)).toThrow('no');
      expect(weights.flatMap((w) => [...w.dataSync()])).toEqual([1, -2, 3]);
      optimizer.replaceTransforms([]);
      step(optimizer, weights);
      expect(optimizer.stateOf(inner)).toEqual({steps: 1});
      expect((optimizer.inner as GradientOptimizer).iterations).toBe(1);
      optimizer.dispose();
    });
  });
});

describe('the state of a transform', () => {
  /** Remembers what `of` gives, and changes nothing. */
  const remembering = (of: (grads: NamedTensors) => tf.Tensor | undefined): GradientTransform => ({
    name: 'remembering',
    init: () => undefined,
    update: (grads) => [grads, of(grads)],
  });

  it('may be a constant of the author, which outlives it', () => {
    withWeights((weights) => {
      const constant = tf.scalar(3);
      let steps = 0;
      const optimizer = transformGradients(
        tf.train.sgd(0.1),
        remembering(() => (steps++ === 0 ? constant : undefined)),
      );
      step(optimizer, weights, 2);
      optimizer.dispose();
      expect(constant.dataSync()[0]).toBe(3);
      constant.dispose();
    });
  });

  it('may be a gradient, which outlives the step', () => {
    withWeights((weights) => {
      const transform = remembering((grads) => Object.values(grads)[0]);
      const optimizer = transformGradients(tf.train.sgd(0), transform);
      step(optimizer, weights);
      expect([...(optimizer.stateOf(transform) as tf.Tensor).dataSync()]).toEqual([2, -4]);
      optimizer.dispose();
    });
  });

  it('costs no copy where the step has made it', async () => {
    const weights = [tf.variable(tf.tensor1d([1, -2]))];
    const copies = async (optimizer: tf.Optimizer): Promise<number> => {
      step(optimizer, weights);
      const {kernels} = await tf.profile(() => void step(optimizer, weights));
      optimizer.dispose();
      return kernels.filter(({name}) => name === 'Identity').length;
    };
    expect(await copies(transformGradients(tf.train.sgd(0.1), heavyBall()))).toBe(
      await copies(transformGradients(tf.train.sgd(0.1))),
    );
    weights[0]!.dispose();
  });
});
