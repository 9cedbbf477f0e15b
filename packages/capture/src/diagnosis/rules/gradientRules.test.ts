import type {LayerSpec} from '@gradwire/core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {alertsOf, EventScript, layer, norms, runOf, stepsOf} from '../../../fixtures/eventScript.js';
import {explodingGradients} from './explodingGradients.js';
import {gradientSpike} from './gradientSpike.js';
import {nonFinite} from './nonFinite.js';
import {vanishingGradients} from './vanishingGradients.js';

const chain = [layer('a', []), layer('b', ['a']), layer('c', ['b'], {isOutput: true})];

/** A run in which each step has these norms of the kernels. */
function gradients(
  layers: readonly LayerSpec[],
  steps: readonly Readonly<Record<string, number>>[],
): EventScript {
  const script = new EventScript(runOf(layers));
  for (const step of steps) {
    const named = Object.fromEntries(Object.entries(step).map(([name, norm]) => [`${name}/kernel`, norm]));
    script.step(1).capture('gradientStats', norms({...named, 'a/bias': 1e-20}));
  }
  return script;
}

const times = <T>(n: number, value: T): T[] => Array.from({length: n}, () => value);
const healthy = {a: 0.5, b: 1, c: 1};
const vanished = {a: 1e-5, b: 1e-3, c: 1};

describe('vanishingGradients', () => {
  it('names the ends of the path after three of five samples, the first of which is not judged', async () => {
    const [alert, ...more] = await alertsOf(vanishingGradients(), gradients(chain, times(9, vanished)));
    expect(alert).toMatchObject({
      rule: 'vanishingGradients',
      severity: 'warning',
      step: 3,
      layers: ['a', 'c'],
    });
    expect(alert?.message).toBe(
      'The gradient vanishes on its way back: at a it is 1.0e-5 times as large as at c, so that a hardly learns.',
    );
    expect(alert?.evidence?.steps).toEqual([1, 2, 3]);
    expect(alert?.remedies?.map(({name}) => name)).toContain('equalizeLayers');
    expect(more).toEqual([]);
  });

  it('is silent about two samples of five', async () => {
    const mixed = [healthy, healthy, vanished, healthy, vanished, healthy, healthy, healthy];
    expect(await stepsOf(vanishingGradients(), gradients(chain, mixed))).toEqual([]);
  });

  it('fires again only after it has cleared, which takes more than going below the threshold', async () => {
    const nearly = {a: 1.5e-3, b: 1, c: 1};
    const again = (between: typeof healthy) => [
      ...times(5, vanished),
      ...times(12, between),
      ...times(5, vanished),
    ];
    expect(await stepsOf(vanishingGradients(), gradients(chain, again(nearly)))).toEqual([3]);
    expect(await stepsOf(vanishingGradients(), gradients(chain, again(healthy)))).toEqual([3, 19]);
  });

  it('compares along paths, not branch with branch', async () => {
    const branches = [
      layer('a', []),
      layer('left', ['a']),
      layer('right', ['a']),
      layer('sum', ['left', 'right'], {kind: 'Add', parameters: []}),
      layer('out', ['sum'], {isOutput: true}),
    ];
    const apart = {a: 1, left: 1e-9, right: 1, out: 1};
    expect(await stepsOf(vanishingGradients(), gradients(branches, times(9, apart)))).toEqual([]);
    const lost = {...apart, a: 1e-5};
    const [alert] = await alertsOf(vanishingGradients(), gradients(branches, times(9, lost)));
    expect(alert?.layers).toEqual(['a', 'out']);
  });

  it('compares two inputs with what both lead to, and not with each other', async () => {
    const twoInputs = [layer('a', []), layer('side', []), layer('out', ['a', 'side'], {isOutput: true})];
    const [alert] = await alertsOf(
      vanishingGradients(),
      gradients(twoInputs, times(9, {a: 1, side: 1e-6, out: 1})),
    );
    expect(alert?.layers).toEqual(['side', 'out']);
  });

  it('takes the size of kernels into account, and leaves embeddings out', async () => {
    const layers = [layer('words', [], {kind: 'Embedding'}), layer('a', ['words']), layer('c', ['a'])];
    const script = new EventScript({
      ...runOf(layers),
      parameters: [
        {name: 'words/kernel', shape: [1000, 4]},
        {name: 'a/kernel', shape: [100, 100]},
        {name: 'c/kernel', shape: [1, 1]},
      ],
    });
    // Root mean squares 0.01 and 1: the ratio of the norms would be 1.
    for (let i = 0; i < 9; i++) {
      script.step().capture('gradientStats', norms({'words/kernel': 1e-9, 'a/kernel': 1, 'c/kernel': 1}));
    }
    const [alert] = await alertsOf(vanishingGradients({ratio: 0.02}), script);
    expect(alert?.layers).toEqual(['a', 'c']);
    expect(alert?.evidence?.values[0]).toBeCloseTo(0.01, 10);
  });

  it('goes by the order of the parameters where the model is a function', async () => {
    const shapes = {w1: [2, 8], b1: [8], w2: [8, 8], w3: [8, 1]};
    const parameters = Object.entries(shapes).map(([name, shape]) => ({name, shape}));
    const script = new EventScript({parameters});
    for (let i = 0; i < 5; i++)
      script.step().capture('gradientStats', norms({w1: 1e-6, b1: 0, w2: 1, w3: 1}));
    const [alert] = await alertsOf(vanishingGradients(), script);
    expect(alert?.layers).toEqual(['w1', 'w3']);
    expect(alert?.message).toContain('at parameter w1 it is');
  });

  it('tells outputs that grow from gradients that vanish', async () => {
    const script = new EventScript(runOf(chain));
    for (let i = 0; i < 9; i++) {
      script.step(1).capture('backwardStats', norms({a: 100, c: 1}));
      script.capture('gradientStats', norms({'a/kernel': 1e-5, 'c/kernel': 1}));
    }
    expect(await stepsOf(vanishingGradients(), script)).toEqual([]);
  });

  it('finds gradients that are nothing everywhere, as long as the loss stands still', async () => {
    const tiny = {a: 1e-9, b: 1e-9, c: 1e-9};
    const [alert] = await alertsOf(vanishingGradients(), gradients(chain, times(9, tiny)));
    expect(alert).toMatchObject({step: 3, layers: ['a', 'c']});
    expect(alert?.message).toBe(
      'The gradient is next to nothing from c back to a, and the loss stands still.',
    );
    const converged = new EventScript(runOf(chain));
    for (let i = 0; i < 20; i++) converged.step(1 / (1 + i));
    for (let i = 0; i < 9; i++)
      converged.step(1e-9).capture('gradientStats', norms({'a/kernel': 1e-9, 'c/kernel': 1e-9}));
    expect(await stepsOf(vanishingGradients(), converged)).toEqual([]);
  });

  it('never fires on ratios above the threshold', async () => {
    const ratio = fc.double({min: 1e-3, max: 1e3, noNaN: true, minExcluded: true});
    await fc.assert(
      fc.asyncProperty(fc.array(ratio, {maxLength: 30}), async (ratios) => {
        const script = gradients(
          chain,
          ratios.map((a) => ({a, b: 1, c: 1})),
        );
        expect(await stepsOf(vanishingGradients(), script)).toEqual([]);
      }),
      {numRuns: 30},
    );
  });

  it.each<[string, object, string]>([
    ['a ratio of 0', {ratio: 0}, 'vanishingGradients: ratio must be > 0, got 0.'],
    ['k beyond n', {k: 6}, 'vanishingGradients: k must be <= n, which is 5, got 6.'],
    ['half a sample', {n: 4.5}, 'vanishingGradients: n must be a whole number >= 1, got 4.5.'],
    [
      'a typo',
      {ratoi: 1},
      "vanishingGradients: there is no option 'ratoi'. Options: ratio, floor, k, n, warmup.",
    ],
  ])('rejects %s', (_name, options, message) => {
    expect(() => vanishingGradients(options)).toThrow(message);
  });
});

describe('explodingGradients', () => {
  const exploded = {a: 1e4, b: 100, c: 1};

  it('names the ends of the path', async () => {
    const [alert] = await alertsOf(explodingGradients(), gradients(chain, times(9, exploded)));
    expect(alert).toMatchObject({step: 3, layers: ['a', 'c']});
    expect(alert?.message).toContain('at a it is 10000 times as large as at c');
  });

  it('is silent about one sample, and about healthy ones', async () => {
    const steps = [...times(5, healthy), exploded, ...times(5, healthy)];
    expect(await stepsOf(explodingGradients(), gradients(chain, steps))).toEqual([]);
  });

  it.each(['weightStats', 'updateStats'])(
    'finds a gradient far larger than its weights with %s',
    async (capture) => {
      const script = new EventScript(runOf(chain));
      for (let i = 0; i < 9; i++) {
        const values = {norm: capture === 'weightStats' ? 2 : 0.02, ratio: 0.01};
        script.step(1).capture(capture, {'b/kernel': values, 'c/kernel': values});
        script.capture('gradientStats', norms({'a/kernel': 1, 'b/kernel': 1e4, 'c/kernel': 1}));
      }
      const [alert] = await alertsOf(explodingGradients(), script);
      expect(alert?.layers).toEqual(['b']);
      expect(alert?.evidence).toMatchObject({quantity: '‖g‖ / ‖w‖', threshold: 100});
      expect(alert?.message).toBe('The gradient of b is 5000 times as large as its weights.');
    },
  );

  it('is silent about a large gradient of a loss that is large itself', async () => {
    const losing = (loss: number): EventScript => {
      const script = new EventScript(runOf(chain));
      for (let i = 0; i < 9; i++) {
        script.step(loss).capture('weightStats', norms({'a/kernel': 1, 'b/kernel': 1, 'c/kernel': 1}));
        script.capture('gradientStats', norms({'a/kernel': 200, 'b/kernel': 200, 'c/kernel': 200}));
      }
      return script;
    };
    expect(await stepsOf(explodingGradients(), losing(1))).toHaveLength(1);
    expect(await stepsOf(explodingGradients(), losing(1000))).toEqual([]);
    expect(await stepsOf(explodingGradients({elasticity: 0.1}), losing(1000))).toHaveLength(1);
  });
});

describe('nonFinite', () => {
  it('fires at once, and names the layer', async () => {
    const script = new EventScript(runOf(chain))
      .step(1)
      .capture('gradientStats', norms({'a/kernel': 1, 'b/kernel': Infinity}));
    const [alert] = await alertsOf(nonFinite(), script);
    expect(alert).toMatchObject({severity: 'error', step: 0, layers: ['b']});
    expect(alert?.message).toContain('What gradientStats measures at b/kernel is Infinity');
  });

  it('fires once for one breakdown, and again after everything was finite', async () => {
    const script = new EventScript(runOf(chain));
    const bad = () =>
      script
        .step()
        .capture('activationStats', norms({'b#2': Number.NaN}))
        .capture('gradientStats', norms({a: Number.NaN}));
    bad();
    bad();
    script
      .step()
      .capture('activationStats', norms({'b#2': 1}))
      .capture('gradientStats', norms({a: 1}));
    bad();
    const alerts = await alertsOf(nonFinite(), script);
    expect(alerts.map(({step}) => step)).toEqual([0, 3]);
    expect(alerts[0]?.layers).toEqual(['b']);
  });

  it('finds a loss that is NaN, and does not repeat what the trainer has reported', async () => {
    expect(await stepsOf(nonFinite(), new EventScript().step(1).step(Number.NaN))).toEqual([1]);
    const reported = new EventScript()
      .step(1)
      .alert('nonFiniteLoss')
      .step(Number.NaN)
      .epoch({loss: Number.NaN});
    expect(await stepsOf(nonFinite(), reported)).toEqual([]);
  });

  it('finds a validation loss that is NaN', async () => {
    const [alert] = await alertsOf(nonFinite(), new EventScript().epoch({loss: 1, val_loss: Number.NaN}));
    expect(alert?.message).toContain('The val_loss is NaN');
  });

  it('knows that the ratio of an update to weights of 0 is infinite', async () => {
    const script = new EventScript().step().capture('updateStats', {b: {norm: 1, ratio: Infinity}});
    expect(await stepsOf(nonFinite(), script)).toEqual([]);
  });
});

describe('gradientSpike', () => {
  /** Norms around 1 with a little noise, and others at some steps. */
  function noisy(length: number, others: Readonly<Record<number, number>>): EventScript {
    const script = new EventScript(runOf(chain));
    for (let i = 0; i < length; i++) {
      script.step(1).capture('gradientStats', norms({'a/kernel': others[i] ?? 1 + 0.2 * Math.sin(i * i)}));
    }
    return script;
  }

  it('fires at the second spike', async () => {
    const [alert, ...more] = await alertsOf(gradientSpike(), noisy(120, {40: 100, 80: 200}));
    expect(alert?.step).toBe(80);
    expect(alert?.evidence?.steps).toEqual([40, 80]);
    expect(alert?.message).toContain('at step 80 the norm was 200');
    expect(more).toEqual([]);
  });

  it('is silent about one spike, a level that rises and stays, and spikes while it warms up', async () => {
    expect(await stepsOf(gradientSpike(), noisy(120, {40: 100}))).toEqual([]);
    const risen = Object.fromEntries(Array.from({length: 80}, (_, i) => [i + 40, 100 + (i % 3)]));
    expect(await stepsOf(gradientSpike(), noisy(120, risen))).toEqual([]);
    expect(await stepsOf(gradientSpike(), noisy(60, {3: 100, 6: 100}))).toEqual([]);
  });

  it('is silent about the noise of small batches', async () => {
    const noise = fc.array(fc.double({min: -1.5, max: 1.5, noNaN: true}), {minLength: 30, maxLength: 150});
    await fc.assert(
      fc.asyncProperty(noise, async (logs) => {
        const script = noisy(logs.length, Object.fromEntries(logs.map((log, i) => [i, Math.exp(log / 2)])));
        expect(await stepsOf(gradientSpike(), script)).toEqual([]);
      }),
      {numRuns: 30},
    );
  });
});
