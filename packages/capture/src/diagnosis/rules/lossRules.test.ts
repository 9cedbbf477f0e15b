import {describe, expect, it} from 'vitest';
import {alertsOf, EventScript, layer, runOf, stepsOf} from '../../../fixtures/eventScript.js';
import {lossDivergence} from './lossDivergence.js';
import {lossPlateau} from './lossPlateau.js';
import {oscillation} from './oscillation.js';
import {overfitting} from './overfitting.js';

/** A run with this loss at each step. */
function losses(length: number, loss: (step: number) => number, stepsPerEpoch = 10, size = 32): EventScript {
  const script = new EventScript({stepsPerEpoch});
  for (let i = 0; i < length; i++) script.step(loss(i), size);
  return script;
}

/** Noise of batches, the same in every run: between -1 and 1, without a pattern. */
function noise(step: number): number {
  const x = Math.sin(12.9898 * (step + 1)) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** What a healthy run of a few hundred steps looks like. */
const healthy = (step: number): number => (0.1 + 2 * Math.exp(-step / 60)) * (1 + 0.4 * noise(step));

describe('all rules about the loss', () => {
  it.each([lossPlateau(), lossDivergence(), oscillation()])(
    '$id is silent about a noisy healthy run',
    async (rule) => {
      for (const stepsPerEpoch of [4, 10, 60]) {
        expect(await stepsOf(rule, losses(400, healthy, stepsPerEpoch))).toEqual([]);
      }
    },
  );

  it.each([lossPlateau(), lossDivergence(), oscillation()])('$id is silent about one batch', async (rule) => {
    const once = (step: number): number => (step === 50 ? 1000 : healthy(step));
    expect(await stepsOf(rule, losses(300, once))).toEqual([]);
  });
});

describe('lossPlateau', () => {
  it('fires when the loss stands still near its start', async () => {
    const [alert, ...more] = await alertsOf(
      lossPlateau(),
      losses(300, (step) => 1.1 + 0.01 * noise(step)),
    );
    expect(alert?.step).toBe(119);
    expect(alert?.message).toMatch(
      /^The loss stands still at 1\.1\d?: it began at 1\.\d+, and over the last 50 steps it (fell|rose) by .* nothing left to learn\.$/,
    );
    expect(more).toEqual([]);
  });

  it('is silent about a net that has converged', async () => {
    expect(
      await stepsOf(
        lossPlateau(),
        losses(500, (step) => 0.3 + Math.exp(-step / 20)),
      ),
    ).toEqual([]);
  });

  it('does not call a slow fall within the noise of batches a plateau', async () => {
    const falling = (step: number): number => (1.1 - step / 5000) * (1 + 0.4 * noise(step));
    expect(await stepsOf(lossPlateau(), losses(600, falling))).toEqual([]);
  });

  it('says so where the loss rises a little', async () => {
    const rising = (step: number): number => 1 + step / 5000;
    const [alert] = await alertsOf(lossPlateau(), losses(300, rising));
    expect(alert?.message).toContain('over the last 50 steps it rose by 0.99');
  });

  it('leaves a loss that rises to lossDivergence', async () => {
    expect(
      await stepsOf(
        lossPlateau(),
        losses(300, (step) => 1.02 ** step),
      ),
    ).toEqual([]);
  });

  it('fires again when a second plateau follows', async () => {
    const stairs = (step: number): number => (step < 200 ? 1 : step < 300 ? 1 - (step - 200) / 400 : 0.75);
    expect(await stepsOf(lossPlateau(), losses(500, stairs))).toHaveLength(2);
  });

  it.each([
    [10, 100, 239],
    [10, 200, 479],
    [3, 300, 215],
    [1000, 1000, 1199],
  ])('with %i epochs of %i steps, waits until step %i', async (epochs, stepsPerEpoch, step) => {
    const script = new EventScript({epochs, stepsPerEpoch});
    for (let i = 0; i < 2000; i++) script.step(1);
    expect(await stepsOf(lossPlateau(), script)).toEqual([step]);
  });

  it('works where the loss is read now and then', async () => {
    const sparse = new EventScript({stepsPerEpoch: 10});
    for (let i = 0; i < 300; i++) sparse.step(i % 10 === 0 ? 1 : undefined);
    expect(await stepsOf(lossPlateau(), sparse)).toHaveLength(1);
  });

  it('takes the losses of epochs where none is read at steps', async () => {
    const script = new EventScript({stepsPerEpoch: 10});
    for (let i = 0; i < 300; i++) {
      script.step();
      if (i % 10 === 9) script.epoch({loss: 0.7});
    }
    expect(await stepsOf(lossPlateau(), script)).toHaveLength(1);
    const long = new EventScript({stepsPerEpoch: 100});
    for (let i = 0; i < 3000; i++) {
      long.step();
      if (i % 100 === 99) long.epoch({loss: 0.7});
    }
    expect(await stepsOf(lossPlateau(), long)).toHaveLength(1);
  });
});

describe('lossDivergence', () => {
  it('fires when the loss grows beyond its start', async () => {
    const [alert] = await alertsOf(
      lossDivergence(),
      losses(100, (step) => 1.1 ** step),
    );
    expect(alert).toMatchObject({severity: 'error'});
    expect(alert?.step).toBeLessThan(30);
    expect(alert?.message).toContain('it began at 1, and is');
  });

  it('fires when most of what was gained is lost again', async () => {
    const lost = (step: number): number => (step < 100 ? Math.max(0.1, 1 - step / 50) : 0.8);
    const [alert, ...more] = await alertsOf(lossDivergence(), losses(200, lost));
    expect(alert?.step).toBeGreaterThan(100);
    expect(alert?.message).toContain('it was down to 0.1, and is 0.8 now');
    expect(more).toEqual([]);
  });

  it('is silent where no more was gained than lucky batches may give', async () => {
    const lucky = (step: number): number => (step >= 40 && step < 70 ? 0.4 : 1);
    expect(await stepsOf(lossDivergence(), losses(200, lucky))).toEqual([]);
  });

  it('takes back lucky batches of a noisy loss for noise', async () => {
    // Noise of batches of two orders of magnitude, with five lucky ones in a row.
    const noisy = (step: number): number =>
      step >= 60 && step < 65 ? 0.05 : Math.exp(2.5 * noise(step)) * (step < 20 ? 1 : 0.3);
    expect(await stepsOf(lossDivergence(), losses(400, noisy))).toEqual([]);
  });

  it('advises a smaller rate only where steps are not small, as far as known', async () => {
    const growing = async (ratio?: number) => {
      const script = new EventScript(runOf([layer('a', [])]));
      for (let i = 0; i < 50; i++) {
        script.step(1.1 ** i);
        if (ratio !== undefined) script.capture('updateStats', {'a/kernel': {norm: ratio, ratio}});
      }
      const [alert] = await alertsOf(lossDivergence(), script);
      return [alert?.message.includes('A smaller rate'), alert?.remedies?.[0]?.name];
    };
    expect(await growing()).toEqual([true, 'lossDivergenceRemedy']);
    expect(await growing(0.5)).toEqual([true, 'lossDivergenceRemedy']);
    expect(await growing(1e-5)).toEqual([false, 'clipByGlobalNorm']);
  });

  it('is silent about noise near zero', async () => {
    const tiny = (step: number): number =>
      step < 30 ? Math.exp(-step / 3) : 1e-4 * (1.5 + noise(step)) ** 4;
    expect(await stepsOf(lossDivergence(), losses(200, tiny))).toEqual([]);
  });
});

describe('oscillation', () => {
  it('fires when the loss of all data zigzags', async () => {
    const zigzag = (step: number): number => 1 + (step % 2 === 0 ? 0.3 : -0.3);
    const [alert, ...more] = await alertsOf(oscillation(), losses(100, zigzag, 1));
    expect(alert?.step).toBe(34);
    expect(alert?.message).toContain('where the choice of the batches explains 5 %');
    expect(more).toEqual([]);
  });

  it('is silent where steps are too small to make the loss swing', async () => {
    const zigzag = (ratio: number): EventScript => {
      const script = new EventScript(runOf([layer('a', [])], {stepsPerEpoch: 1}));
      for (let i = 0; i < 100; i++) {
        script
          .step(1 + (i % 2 === 0 ? 0.3 : -0.3))
          .capture('updateStats', {'a/kernel': {norm: ratio, ratio}});
      }
      return script;
    };
    expect(await stepsOf(oscillation(), zigzag(1e-3))).toEqual([]);
    expect(await stepsOf(oscillation(), zigzag(0.05))).toHaveLength(1);
    const ofBias = new EventScript(runOf([layer('a', [])], {stepsPerEpoch: 1}));
    for (let i = 0; i < 100; i++) {
      const values = {
        'a/kernel': {norm: i === 0 ? 0.01 : 0, ratio: i === 0 ? 0.01 : 0},
        'a/bias': {norm: 0.5, ratio: 1},
      };
      ofBias.step(1 + (i % 2 === 0 ? 0.3 : -0.3)).capture('updateStats', values);
    }
    expect(await stepsOf(oscillation(), ofBias)).toHaveLength(1);
  });

  it('needs more where batches are small', async () => {
    const swinging = (step: number): number => 1 + 0.5 * noise(step);
    expect(await stepsOf(oscillation(), losses(200, swinging, 50, 16))).toEqual([]);
    expect(await stepsOf(oscillation(), losses(200, swinging, 50, 1024))).toHaveLength(1);
  });

  it('is silent about a loss that falls, and swings that do not matter any more', async () => {
    expect(
      await stepsOf(
        oscillation(),
        losses(100, (step) => Math.exp(-step / 50), 1),
      ),
    ).toEqual([]);
    const done = (step: number): number => (step < 30 ? 1 : step % 2 === 0 ? 0.01 : 0.02);
    expect(await stepsOf(oscillation(), losses(100, done, 1))).toEqual([]);
  });
});

describe('overfitting', () => {
  function epochs(logs: readonly (readonly [loss: number, validation: number])[]): EventScript {
    const script = new EventScript();
    for (const [loss, validation] of logs) script.epoch({loss, val_loss: validation});
    return script;
  }
  const epochsOf = async (script: EventScript) =>
    (await alertsOf(overfitting(), script)).map(({epoch}) => epoch);

  it('fires once three medians of three epochs have risen', async () => {
    const logs = [
      [1, 1],
      [0.8, 0.9],
      [0.6, 0.9],
      [0.4, 1.2],
      [0.3, 1.3],
      [0.2, 1.4],
      [0.1, 1.5],
    ] as const;
    const [alert, ...more] = await alertsOf(overfitting(), epochs(logs));
    expect(alert?.epoch).toBe(6);
    expect(alert?.message).toContain(
      'val_loss was 0.9 up to epoch 2 and is 1.4 now, while loss has gone from 0.8 to 0.2',
    );
    expect(more).toEqual([]);
  });

  it('does not compare with one lucky epoch', async () => {
    const lucky = Array.from({length: 12}, (_, i) => [1 / (i + 1), i === 4 ? 1.2 : 1.5] as const);
    expect(await epochsOf(epochs([[2, 2], ...lucky]))).toEqual([]);
  });

  it('is silent about one bad epoch, both losses rising, noise near zero, and no validation', async () => {
    expect(
      await epochsOf(
        epochs([
          [1, 1],
          [0.8, 0.9],
          [0.6, 2],
          [0.5, 0.8],
          [0.4, 0.7],
          [0.3, 0.6],
        ]),
      ),
    ).toEqual([]);
    expect(
      await epochsOf(epochs([[1, 1], [0.8, 0.9], ...Array.from({length: 5}, () => [2, 3] as const)])),
    ).toEqual([]);
    const small = Array.from({length: 8}, (_, i) => [0.001 / (i + 1), 0.002 + 0.001 * i] as const);
    expect(await epochsOf(epochs([[1, 1], ...small]))).toEqual([]);
    expect(await stepsOf(overfitting(), new EventScript().epoch({loss: 1}).epoch({loss: 0.5}))).toEqual([]);
  });
});
