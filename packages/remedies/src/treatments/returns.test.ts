import {clipByGlobalNorm} from '@gradwire/clipping';
import {every} from '@gradwire/core';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {smallModel, sorted, told, train} from '../../fixtures/course.js';
import {onAlert} from '../onAlert.js';
import {defineTreatment} from '../treatment.js';
import {inTurn} from './inTurn.js';
import {removeTransform} from './removeTransform.js';
import {resetOptimizer} from './resetOptimizer.js';
import {rollBack} from './rollBack.js';
import {scaleRate} from './scaleRate.js';
import {stopAtBest} from './stopAtBest.js';
import {useTransform} from './useTransform.js';

const failing = (message: string) =>
  defineTreatment('failing', () => {
    throw new Error(message);
  });
const worsen = defineTreatment('worsen', ({variables}) => {
  tf.tidy(() => variables.forEach((variable) => variable.assign(tf.fill(variable.shape, 9))));
  return {change: 'worse'};
});

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('rollBack', () => {
  it('goes back to weights and optimizer of the lowest loss, while rate and transforms stay', async () => {
    const twin = await train([], {optimizer: tf.train.adam(0.05), steps: 20});
    const treated = await train(
      [
        onAlert('break', [worsen, useTransform(clipByGlobalNorm({maxNorm: 1e6})), scaleRate({factor: 1})], {
          after: 2,
        }),
        onAlert('heal', rollBack({every: 1})),
      ],
      {optimizer: tf.train.adam(0.05), steps: 20, alerts: {6: 'break', 9: 'heal'}},
    );
    expect(told(treated.actions).filter((text) => text.includes('applied'))).toEqual([
      'break applied @6',
      'heal applied @9',
    ]);
    const step = Number(
      /step (\d+)/.exec(treated.actions.find(({remedy}) => remedy.includes('heal'))!.change!)![1],
    );
    expect(treated.losses.slice(10)).toEqual(twin.losses.slice(step, step + 10));
  });

  it('does not go back to an update that made the loss explode', async () => {
    const {actions} = await train([onAlert('x', rollBack({every: 1}))], {
      schedule: (step) => (step === 0 ? 1e6 : 0),
      alerts: {3: 'x'},
    });
    expect(actions[0]!.change).toBe('weights and optimizer of step 0');
  });

  it('fails as an event where no loss is read', async () => {
    const {actions} = await train([onAlert('x', rollBack())], {alerts: {4: 'x'}, readLoss: () => false});
    expect(actions).toEqual([
      expect.objectContaining({action: 'failed', change: 'there is nothing to go back to yet.'}),
    ]);
  });

  it('goes by the losses that are read', async () => {
    const {actions} = await train([onAlert('x', rollBack({every: 1}))], {
      alerts: {8: 'x'},
      readLoss: every(3),
    });
    expect(actions[0]!.change).toMatch(/^weights and optimizer of step [0147]$/);
  });

  it('goes back to the beginning where the first loss is not finite', async () => {
    const {actions, reason} = await train([onAlert('nonFiniteLoss', rollBack())], {poisoned: [0]});
    expect([actions[0]!.change, reason]).toEqual(['weights and optimizer of step 0', 'completed']);
  });

  it('does not take a loss that is not finite for a low one', async () => {
    const {actions, losses} = await train([onAlert('x', rollBack({every: 1}))], {
      poisoned: [4, 5, 6],
      alerts: {8: 'x'},
      onDivergence: 'continue',
    });
    // From the NaN update on, nothing is worth going back to.
    expect(losses.slice(4).every((loss) => Number.isNaN(loss))).toBe(false);
    expect(Number(/step (\d+)/.exec(actions[0]!.change!)![1])).toBeLessThanOrEqual(4);
  });
});

describe('stopAtBest', () => {
  const fit = async (
    remedies: Parameters<typeof createTrainer>[0]['remedies'],
    alertAfter: number,
    epochs = 8,
  ) => {
    const events: Parameters<typeof sorted>[0][number][] = [];
    const model = smallModel();
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.25),
      ...(remedies === undefined ? {} : {remedies}),
      consumers: [
        (events$, services) =>
          events$.subscribe(({type, epoch}) => {
            if (type === 'epochEnd' && epoch === alertAfter)
              services.alert({rule: 'x', severity: 'warning', message: 'x!'});
          }),
      ],
    });
    const weights = (): number[] => model.weights.flatMap((weight) => [...weight.read().dataSync()]);
    const byEpoch: number[][] = [];
    trainer.events$.subscribe((event) => {
      events.push(event);
      if (event.type === 'epochEnd') byEpoch.push(weights());
    });
    const data = {x: tf.tensor2d([[1], [2]]), y: tf.tensor2d([[1], [2]])};
    // The better it fits, the worse the validation.
    const validationData = {x: tf.tensor2d([[1], [2]]), y: tf.tensor2d([[0.5], [0.5]])};
    const {reason, history} = await trainer.fit(data, {epochs, validationData, shuffle: false});
    const last = weights();
    trainer.dispose();
    model.dispose();
    const best = history['val_loss']!.indexOf(Math.min(...history['val_loss']!));
    return {reason, last, best: byEpoch[best]!, bestEpoch: best, ...sorted(events)};
  };

  it('ends the run with the weights of the best epoch', async () => {
    const {reason, last, best, bestEpoch, actions} = await fit([onAlert('x', stopAtBest())], 5);
    expect(bestEpoch).toBeLessThan(5);
    expect(last).toEqual(best);
    expect(reason).toBe('stopped');
    expect(actions.map(({action, change}) => [action, change])).toEqual([
      ['applied', `the run ends with the weights of epoch ${bestEpoch}`],
    ]);
  });

  it('comes too late after the last epoch', async () => {
    expect(await fit([onAlert('x', stopAtBest())], 7)).toMatchObject({reason: 'completed', actions: []});
  });

  it('fails as an event where no epoch has told the metric', async () => {
    const {actions, reason} = await fit([onAlert('x', stopAtBest({metric: 'val_acc'}))], 2);
    expect(reason).toBe('completed');
    expect(actions).toEqual([
      expect.objectContaining({action: 'failed', change: 'no epoch has told its val_acc yet.'}),
    ]);
  });

  it('does not end the run where another treatment of its list fails', async () => {
    const {reason, steps} = await fit([onAlert('x', [stopAtBest(), failing('no.')])], 2);
    expect([reason, steps.length]).toEqual(['completed', 8]);
  });
});

describe('inTurn', () => {
  const named = (name: string) => defineTreatment(name, () => ({change: name}));
  const changes = async (
    treatment: ReturnType<typeof inTurn>,
    steps = 16,
  ): Promise<(string | undefined)[]> => {
    const alerts = {0: 'x', 3: 'x', 6: 'x', 9: 'x'};
    const {actions} = await train([onAlert('x', treatment, {after: 2, times: 9})], {alerts, steps});
    return actions.filter(({action}) => action !== 'kept').map(({change}) => change);
  };

  it('takes one after the other, round and round', async () => {
    expect(await changes(inTurn(named('a'), named('b'), named('c')))).toEqual(['a', 'b', 'c', 'a']);
  });

  it('passes over what finds nothing to change', async () => {
    expect(await changes(inTurn(failing('no.'), [named('b'), named('c')]))).toEqual([
      'b; c',
      'b; c',
      'b; c',
      'b; c',
    ]);
  });

  it('fails with all reasons where none does', async () => {
    expect((await changes(inTurn(failing('one.'), failing('two.'))))[0]).toBe('one. two.');
  });

  it('leaves no trace of a choice that has failed halfway', async () => {
    const twin = await train([]);
    const {losses} = await train([onAlert('x', inTurn([worsen, failing('no.')], named('b')))], {
      alerts: {2: 'x'},
    });
    expect(losses).toEqual(twin.losses);
  });

  it.each<[unknown[], string]>([
    [[], 'inTurn: treatments must be treatments, got none.'],
    [[[], named('a')], 'inTurn: treatments must be treatments, got none.'],
    [[null], 'inTurn: treatments must be treatments, got null.'],
    [[undefined], 'inTurn: treatments must be treatments, got undefined.'],
    [
      [rollBack],
      'inTurn: treatments must be treatments, got the function rollBack. Was the factory not called?',
    ],
  ])('rejects %o', (choices, message) => {
    expect(() => (inTurn as (...all: unknown[]) => unknown)(...choices)).toThrow(new TypeError(message));
  });
});

describe('transforms', () => {
  it('are switched off by name', async () => {
    const {actions} = await train([onAlert('x', removeTransform('clipByGlobalNorm'), {after: 2})], {
      transforms: [clipByGlobalNorm({maxNorm: 1})],
      alerts: {1: 'x', 5: 'x'},
    });
    expect(actions.map(({action, change}) => [action, change])).toEqual([
      ['applied', 'clipByGlobalNorm off'],
      ['kept', undefined],
      ['failed', "there is no transform 'clipByGlobalNorm' to switch off."],
    ]);
  });

  it('that are on already stay on, with their state', async () => {
    const clip = clipByGlobalNorm({maxNorm: 1});
    const {actions} = await train([onAlert('x', useTransform(clip), {after: 2})], {
      transforms: [clip],
      alerts: {1: 'x'},
    });
    expect(actions[0]!.change).toBe('clipByGlobalNorm stays on');
  });

  it.each<[() => unknown, string]>([
    [() => useTransform(clipByGlobalNorm as never), 'useTransform: transform must be a GradientTransform, got the function clipByGlobalNorm. Was the factory not called?'], // prettier-ignore
    [() => useTransform(undefined as never), 'useTransform: transform must be a GradientTransform, got undefined.'], // prettier-ignore
    [() => removeTransform(clipByGlobalNorm({maxNorm: 1}) as never), "removeTransform: name must be that of a transform, got the transform 'clipByGlobalNorm'."], // prettier-ignore
    [
      () => stopAtBest({metric: 1} as never),
      'stopAtBest: metric must be a key of the logs, got the number 1.',
    ],
    [() => stopAtBest({key: 'a'} as never), "stopAtBest: there is no option 'key'. Options: metric."],
    [() => rollBack({steps: 1} as never), "rollBack: there is no option 'steps'. Options: every."],
  ])('and the like are checked: %#', (call, message) => {
    expect(call).toThrow(new TypeError(message));
  });

  it('rollBack checks its range', () => {
    expect(() => rollBack({every: 0})).toThrow(
      new RangeError('rollBack: every must be a whole number >= 1, got 0.'),
    );
  });
});

describe('resetOptimizer', () => {
  it('makes momentum begin anew', async () => {
    const optimizer = () => tf.train.momentum(0.0625, 0.5);
    const {losses} = await train([onAlert('x', resetOptimizer())], {
      optimizer: optimizer(),
      alerts: {3: 'x'},
    });
    const twin = await train([], {optimizer: optimizer()});
    expect(losses.slice(0, 5)).toEqual(twin.losses.slice(0, 5));
    expect(losses[5]).not.toBe(twin.losses[5]);
  });
});
