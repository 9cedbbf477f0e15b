import {describe, expect, it} from 'vitest';
import {alertsOf, EventScript, layer, norms, runOf, stepsOf} from '../../../fixtures/eventScript.js';
import {deadUnits} from './deadUnits.js';
import {frozenParameters} from './frozenParameters.js';
import {poorInitialization} from './poorInitialization.js';
import {saturatedUnits} from './saturatedUnits.js';
import {updateRatio} from './updateRatio.js';

const chain = [layer('a', []), layer('b', ['a']), layer('c', ['b'], {isOutput: true})];

/** A run with these shares per unit of layer `b` at each step. */
function activity(
  quantity: 'active' | 'saturated',
  steps: readonly (readonly number[])[],
  loss = 1,
): EventScript {
  const script = new EventScript(runOf(chain));
  for (const shares of steps) {
    script.step(loss).capture('unitActivity', {}, {b: {[quantity]: Float32Array.from(shares)}});
  }
  return script;
}

const times = <T>(n: number, value: T): T[] => Array.from({length: n}, () => value);

describe('deadUnits', () => {
  it('fires when enough units were silent in eight captures in a row', async () => {
    const [alert, ...more] = await alertsOf(deadUnits(), activity('active', times(12, [0, 0, 0, 0.5])));
    expect(alert).toMatchObject({step: 7, layers: ['b']});
    expect(alert?.message).toContain('75 % of the units of b return 0 for every sample');
    expect(more).toEqual([]);
  });

  it('waits until the captures have seen 128 samples', async () => {
    const script = new EventScript(runOf(chain));
    for (let i = 0; i < 60; i++)
      script.step(1, 4).capture('unitActivity', {}, {b: {active: Float32Array.of(0)}});
    const [alert] = await alertsOf(deadUnits(), script);
    expect(alert?.step).toBe(31);
    expect(alert?.evidence?.quantity).toBe('share of units that are dead in 32 captures in a row');
  });

  it('takes units that wake up once for living ones', async () => {
    const taking = Array.from({length: 24}, (_, step) =>
      [0, 0, 0, 0].map((_zero, unit) => (step % 4 === unit ? 0.1 : 0)),
    );
    expect(await stepsOf(deadUnits(), activity('active', taking))).toEqual([]);
  });

  it('fires again after the units have come back', async () => {
    const steps = [...times(10, [0, 0]), ...times(10, [1, 1]), ...times(30, [0, 0])];
    expect(await stepsOf(deadUnits(), activity('active', steps))).toEqual([7, 39]);
  });

  it('collects layers that follow into one alert', async () => {
    const script = new EventScript(runOf(chain));
    const dying = [8, 10, 12];
    for (let i = 0; i < 60; i++) {
      const arrays = dying.map((from, j) => [`l${j}`, {active: Float32Array.of(i < from ? 1 : 0)}] as const);
      script.step().capture('unitActivity', {}, Object.fromEntries(arrays));
    }
    const alerts = await alertsOf(deadUnits(), script);
    expect(alerts.map(({layers}) => layers)).toEqual([['l0'], ['l1', 'l2']]);
  });

  it('names the option it rejects', () => {
    expect(() => deadUnits({share: 1.5})).toThrow(new RangeError('deadUnits: share must be <= 1, got 1.5.'));
    expect(() => deadUnits({n: 0})).toThrow(
      new RangeError('deadUnits: n must be a whole number >= 1, got 0.'),
    );
  });
});

describe('saturatedUnits', () => {
  it('fires when enough units sat at their bounds in five captures in a row', async () => {
    const [alert] = await alertsOf(saturatedUnits(), activity('saturated', times(9, [0.9, 1, 0.2])));
    expect(alert).toMatchObject({step: 4, layers: ['b']});
    expect(alert?.message).toContain('66.7 % of the units of b sit at the bounds');
  });

  it('is silent about half of the units', async () => {
    expect(await stepsOf(saturatedUnits(), activity('saturated', times(9, [1, 0.2])))).toEqual([]);
  });

  it('lets a net that has learnt be sure of its answers', async () => {
    const script = activity('saturated', []);
    for (let i = 0; i < 30; i++) script.step(Math.exp(-i / 3));
    for (let i = 0; i < 20; i++)
      script.step(1e-4).capture('unitActivity', {}, {b: {saturated: Float32Array.of(1, 1)}});
    expect(await stepsOf(saturatedUnits(), script)).toEqual([]);
  });
});

describe('updateRatio', () => {
  function ratios(steps: readonly number[], loss: (step: number) => number = () => 1): EventScript {
    const script = new EventScript(runOf(chain));
    steps.forEach((ratio, i) => {
      const of = {'a/kernel': 1e-12, 'b/kernel': ratio, 'b/bias': Infinity};
      script.step(loss(i)).capture('updateStats', norms(of, 'ratio'));
    });
    return script;
  }

  it('names the kernels that are thrown about', async () => {
    const [alert, ...more] = await alertsOf(updateRatio(), ratios(times(40, 0.5)));
    expect(alert).toMatchObject({step: 25, layers: ['b']});
    expect(alert?.message).toContain('each changes b by up to 50 % of its size');
    expect(more).toEqual([]);
  });

  it('finds that nothing moves, as long as the loss stands', async () => {
    const [alert] = await alertsOf(updateRatio(), ratios(times(40, 1e-7)));
    expect(alert?.message).toContain('Steps are too small: no kernel changes by more than 1.0e-7');
    expect(
      await stepsOf(
        updateRatio(),
        ratios(times(60, 1e-7), (step) => (step < 2 ? 1 : 0.1)),
      ),
    ).toEqual([]);
  });

  it('leaves a loss that has grown, and gradients that are gone, to other rules', async () => {
    const grown = ratios(times(60, 1e-7), (step) => (step < 2 ? 1 : 5));
    expect(await stepsOf(updateRatio(), grown)).toEqual([]);
    const without = new EventScript(runOf(chain));
    for (let i = 0; i < 60; i++) {
      without.step(1).capture('gradientStats', norms({'a/kernel': 0, 'b/kernel': 0, 'c/kernel': 0}));
      without.capture('updateStats', norms({'a/kernel': 1e-9}, 'ratio'));
    }
    expect(await stepsOf(updateRatio(), without)).toEqual([]);
  });

  it('rejects thresholds that leave nothing between them', () => {
    expect(() => updateRatio({small: 0.1})).toThrow(
      new RangeError('updateRatio: small must be < large, which is 0.1, got 0.1.'),
    );
  });

  it('is silent where one kernel moves as it should, and about large steps at the start', async () => {
    expect(await stepsOf(updateRatio(), ratios(times(60, 1e-3)))).toEqual([]);
    expect(await stepsOf(updateRatio(), ratios([...times(20, 0.5), ...times(40, 0.01)]))).toEqual([]);
  });
});

describe('frozenParameters', () => {
  it('finds what does not change, and says which layer', async () => {
    const script = new EventScript(runOf(chain.slice(0, 2)));
    for (let i = 0; i < 9; i++) {
      script.step(1).capture('updateStats', norms({'a/kernel': 1, 'a/bias': 1, 'b/kernel': 0, 'b/bias': 0}));
    }
    const [alert, ...more] = await alertsOf(frozenParameters(), script);
    expect(alert).toMatchObject({step: 4, layers: ['b']});
    expect(alert?.message).toBe('b/kernel, b/bias do not change, although they are to be trained.');
    expect(more).toEqual([]);
  });

  it('finds what has no gradient, with gradientStats alone', async () => {
    const script = new EventScript(runOf(chain.slice(0, 1)));
    script.step(1).capture('gradientStats', norms({'a/kernel': 1, 'a/bias': 1}));
    for (let i = 0; i < 9; i++) script.step(1).capture('gradientStats', norms({'a/kernel': 1}));
    const [alert] = await alertsOf(frozenParameters(), script);
    expect(alert).toMatchObject({step: 5, layers: ['a']});
    expect(alert?.message).toBe('a/bias gets no gradient, although it is to be trained.');
  });

  it('takes a name that gradientStats never lists for one that is not selected', async () => {
    const script = new EventScript(runOf(chain.slice(0, 1)));
    for (let i = 0; i < 9; i++) {
      script.step(1).capture('gradientStats', norms({'a/kernel': 1}));
      script.capture('updateStats', norms({'a/kernel': 1, 'a/bias': 1}));
    }
    expect(await stepsOf(frozenParameters(), script)).toEqual([]);
  });

  it('does not judge steps at a learning rate of 0', async () => {
    const script = new EventScript(runOf(chain.slice(0, 1)));
    for (let i = 0; i < 9; i++)
      script.step(1, 32, 0).capture('updateStats', norms({'a/kernel': 0, 'a/bias': 0}));
    expect(await stepsOf(frozenParameters(), script)).toEqual([]);
  });

  it('has its own sentence, and remedies, where no parameter has a gradient', async () => {
    const script = new EventScript(runOf(chain.slice(0, 2)));
    const names = ['a/kernel', 'a/bias', 'b/kernel', 'b/bias'];
    for (let i = 0; i < 9; i++) {
      script.step(1).capture('gradientStats', norms(Object.fromEntries(names.map((name) => [name, 0]))));
    }
    const [alert] = await alertsOf(frozenParameters(), script);
    expect(alert?.message).toMatch(/^No parameter gets a gradient: the loss is clipped, or saturated\./);
    expect(alert?.remedies?.map(({name}) => name)).toEqual([
      'findLearningRate',
      'linearWarmup',
      'clipByGlobalNorm',
    ]);
  });

  it('counts a step once where both captures are there', async () => {
    const script = new EventScript(runOf(chain.slice(0, 1)));
    for (let i = 0; i < 9; i++) {
      script
        .step(1)
        .capture('gradientStats', norms({'a/kernel': 1, 'a/bias': 0}))
        .capture('updateStats', norms({'a/kernel': 1, 'a/bias': 1}));
    }
    expect(await stepsOf(frozenParameters(), script)).toEqual([4]);
  });

  it('is silent where parameters have come to rest because the loss is gone', async () => {
    const script = new EventScript(runOf(chain.slice(0, 1)));
    for (let i = 0; i < 60; i++) {
      const moves = i < 40 ? 1 : 0;
      script.step(Math.exp(-i / 2)).capture('updateStats', norms({'a/kernel': moves, 'a/bias': moves}));
    }
    expect(await stepsOf(frozenParameters(), script)).toEqual([]);
  });
});

describe('poorInitialization', () => {
  function deviations(steps: readonly Readonly<Record<string, number>>[], layers = chain): EventScript {
    const script = new EventScript(runOf(layers));
    for (const step of steps) script.step(1).capture('activationStats', norms(step, 'std'));
    return script;
  }

  it('finds a signal that shrinks from hidden layer to hidden layer, once', async () => {
    const [alert, ...more] = await alertsOf(
      poorInitialization(),
      deviations(times(9, {a: 1, b: 0.01, c: 1})),
    );
    expect(alert).toMatchObject({step: 1, layers: ['a', 'b']});
    expect(alert?.message).toContain('the outputs of a are 100 times larger than those of b');
    expect(more).toEqual([]);
  });

  it('looks at the first three samples only', async () => {
    const later = [...times(3, {a: 1, b: 1}), ...times(9, {a: 1, b: 1e-3})];
    expect(await stepsOf(poorInitialization(), deviations(later))).toEqual([]);
    expect(
      await stepsOf(poorInitialization(), deviations([{a: 1, b: 1e-3}, ...times(9, {a: 1, b: 1})])),
    ).toEqual([]);
  });

  it('leaves out pairs of which one is exactly 0 at first', async () => {
    const branch = [{a: 1, b: 0}, ...times(2, {a: 1, b: 1e-4})];
    expect(await stepsOf(poorInitialization(), deviations(branch))).toEqual([]);
  });

  it('allows more between layers that are far apart', async () => {
    const names = Array.from({length: 13}, (_, i) => `l${i}`);
    const deep = names.map((name, i) => layer(name, i === 0 ? [] : [names[i - 1]!]));
    const shrinking = (factor: number) =>
      deviations(times(3, Object.fromEntries(names.map((name, i) => [name, factor ** i]))), deep);
    // 0.65¹² is 1/176, and 1.6¹² is 281.
    expect(await stepsOf(poorInitialization(), shrinking(0.65))).toEqual([]);
    expect(await stepsOf(poorInitialization(), shrinking(0.5))).toEqual([1]);
  });

  it('does not compare branches', async () => {
    const branches = [layer('a', []), layer('b', []), layer('c', ['a', 'b'], {isOutput: true})];
    expect(
      await stepsOf(poorInitialization(), deviations(times(3, {a: 1, b: 1e-4, c: 1}), branches)),
    ).toEqual([]);
  });

  it('finds gradients that shrink on their way back', async () => {
    const script = new EventScript(runOf(chain));
    for (let i = 0; i < 3; i++) script.step(1).capture('backwardStats', norms({a: 1e-4, b: 1}));
    const [alert] = await alertsOf(poorInitialization(), script);
    expect(alert?.message).toContain('the gradients of a are 10000 times smaller than those of b');
  });
});
