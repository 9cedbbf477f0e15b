import {clipByGlobalNorm} from '@gradwire/clipping';
import {
  type Alert,
  every,
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  scheduleLearningRate,
  transformGradients,
} from '@gradwire/core';
import {gradientNoise} from '@gradwire/noise';
import {adamW, lookahead, nadam} from '@gradwire/optimizers';
import {createTrainer, defineRemedy, type LiveTraining} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it, vi} from 'vitest';
import {alertOf, type CourseOptions, sender, smallModel, sorted, told, train} from '../fixtures/course.js';
import {onAlert, type OnAlertOptions} from './onAlert.js';
import {defineTreatment, type Treatment} from './treatment.js';
import {initializeParameters} from './treatments/initializeParameters.js';
import {resetOptimizer} from './treatments/resetOptimizer.js';
import {rollBack} from './treatments/rollBack.js';
import {scaleRate} from './treatments/scaleRate.js';
import {useTransform} from './treatments/useTransform.js';

/** Makes things worse, and keeps them so: every weight is far off, and the rate too low to bring it back. */
const ruin = (): Treatment =>
  defineTreatment('ruin', (training) => {
    const {variables} = training;
    training.scaleLearningRate(2 ** -20);
    tf.tidy(() => variables.forEach((variable) => variable.assign(tf.fill(variable.shape, 9))));
    return {change: 'weights ruined', parameters: variables.map(({name}) => name)};
  });
/** Changes nothing that matters. */
const note = (name = 'note'): Treatment => defineTreatment(name, () => ({change: name}));
const failing = (message = 'no.'): Treatment =>
  defineTreatment('failing', () => {
    throw new Error(message);
  });
/** Averages gradients, so that there is state. */
const smooth: GradientTransform<NamedTensors> = {
  name: 'smooth',
  init: (params) => mapTensors(params, (p) => tf.zerosLike(p)),
  update(grads, state) {
    const means = mapTensors(grads, (g, name) => tf.add(tf.mul(0.5, state[name]!), tf.mul(0.5, g)));
    return [means, means];
  },
};

/** As somebody else may have written it. */
class Descent extends tf.Optimizer {
  static className = 'Descent';
  learningRate = 0.125;

  applyGradients(gradients: tf.NamedTensorMap | {name: string; tensor: tf.Tensor}[]): void {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({name, tensor}));
    for (const {name, tensor} of list) {
      const weight = tf.engine().registeredVariables[name]!;
      tf.tidy(() => weight.assign(tf.sub(weight, tf.mul(this.learningRate, tensor))));
    }
    this.incrementIterations();
  }

  getConfig(): tf.serialization.ConfigDict {
    return {learningRate: this.learningRate};
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the events of a remedy', () => {
  it('are applied and, some steps later, kept', async () => {
    const {actions, losses} = await train([onAlert('x', scaleRate({factor: 0.5}), {after: 4})], {
      alerts: {2: 'x'},
    });
    const mean = (from: number, to: number): number =>
      losses.slice(from, to).reduce<number>((sum, loss) => sum + loss!, 0) / (to - from);
    expect(actions).toEqual([
      expect.objectContaining({
        type: 'remedy',
        remedy: 'onAlert(x)',
        action: 'applied',
        change: 'learning rate × 0.5',
        parameters: [],
        reason: 'x!',
        step: 2,
      }),
      expect.objectContaining({
        type: 'remedy',
        remedy: 'onAlert(x)',
        action: 'kept',
        parameters: [],
        reason: 'x!',
        step: 6,
        effect: {steps: 4, isWorse: false, before: mean(0, 3), after: mean(5, 7)},
      }),
    ]);
  });

  it('are applied and undone where it made things worse', async () => {
    const {actions} = await train([onAlert('x', ruin(), {undo: true, after: 4})], {alerts: {2: 'x'}});
    expect(told(actions)).toEqual(['x applied @2', 'x undone @6']);
    const names = ['hidden/kernel', 'hidden/bias', 'last/kernel', 'last/bias'];
    expect(actions[0]!.parameters.map((name) => name.replace(/_\d+$/, ''))).toEqual(names);
    expect(actions[1]!.parameters).toEqual(actions[0]!.parameters);
    expect(actions[1]!.effect!.after).toBeGreaterThan(actions[1]!.effect!.before!);
    expect(actions[1]!.reason).toBe('x!');
  });

  it('come after the alert and before the next step', async () => {
    const {events} = await train([onAlert('x', note())], {alerts: {1: 'x'}, steps: 3});
    expect(events.map(({type}) => type)).toEqual([
      'runBegin',
      'epochBegin',
      'step',
      'step',
      'alert',
      'remedy',
      'step',
      'epochEnd',
      'runEnd',
    ]);
  });

  it('name all changes of a list, and each parameter once', async () => {
    const {actions} = await train([onAlert('x', [ruin(), ruin()], {after: 4})], {alerts: {1: 'x'}});
    expect(actions[0]).toMatchObject({change: 'weights ruined; weights ruined'});
    expect(new Set(actions[0]!.parameters).size).toBe(actions[0]!.parameters.length);
  });

  it('end with applied where the run ends before it can be judged', async () => {
    const {actions, reason} = await train([onAlert('x', ruin(), {undo: true})], {alerts: {2: 'x'}});
    expect([told(actions), reason]).toEqual([['x applied @2'], 'completed']);
  });

  it('have no effect but steps where no loss is read', async () => {
    const {actions} = await train([onAlert('x', ruin(), {undo: true, after: 4})], {
      alerts: {2: 'x'},
      readLoss: () => false,
    });
    expect(actions.at(-1)).toMatchObject({action: 'kept', effect: {steps: 4}});
    expect(actions.at(-1)!.effect).toEqual({steps: 4, isWorse: false});
  });

  it('go by the losses that are read', async () => {
    const {actions, losses} = await train([onAlert('x', ruin(), {undo: true, after: 6})], {
      alerts: {3: 'x'},
      readLoss: every(3),
    });
    expect(told(actions)).toEqual(['x applied @3', 'x undone @9']);
    expect(actions[1]!.effect).toEqual({
      steps: 6,
      isWorse: true,
      before: (losses[0]! + losses[3]!) / 2,
      after: losses[9],
    });
  });
});

describe('undo', () => {
  const optimizers: [string, () => tf.Optimizer][] = [
    ['sgd', () => tf.train.sgd(0.125)],
    ['momentum', () => tf.train.momentum(0.0625, 0.5)],
    ['adam', () => tf.train.adam(0.05)],
    ['rmsprop', () => tf.train.rmsprop(0.01, 0.9, 0.5)],
    ['adamW', () => adamW({learningRate: 0.05})],
    ['lookahead on nadam', () => transformGradients(nadam({learningRate: 0.05}), lookahead({syncPeriod: 5}))],
    ['a schedule of its own', () => scheduleLearningRate(tf.train.momentum(1, 0.5), () => 0.0625)],
  ];
  const upheaval = (): Treatment[] => [
    ruin(),
    resetOptimizer(),
    scaleRate({factor: 0.25}),
    useTransform(clipByGlobalNorm({maxNorm: 0.5})),
    useTransform(Object.freeze({...smooth, name: 'another'})),
  ];

  it.each(optimizers)('brings all back bit for bit: %s', async (_name, optimizer) => {
    const settings = (): CourseOptions => ({optimizer: optimizer(), transforms: [smooth], steps: 20});
    const twin = await train([], settings());
    const treated = await train([onAlert('x', upheaval(), {undo: true, after: 5})], {
      ...settings(),
      alerts: {4: 'x'},
    });
    expect(told(treated.actions)).toEqual(['x applied @4', 'x undone @9']);
    // Five steps were for nothing; then it goes on as the twin did.
    expect(treated.losses.slice(10)).toEqual(twin.losses.slice(5, 15));
    expect(treated.rates.slice(10)).toEqual(twin.rates.slice(5, 15));
  });

  it('brings back the rate under a schedule', async () => {
    const schedule = (step: number): number => 0.125 / (1 + step);
    const {rates} = await train([onAlert('x', [ruin(), scaleRate({factor: 0.5})], {undo: true, after: 4})], {
      alerts: {2: 'x'},
      schedule,
    });
    expect(rates).toEqual(rates.map((_rate, step) => schedule(step) * (step > 2 && step < 7 ? 2 ** -21 : 1)));
  });

  it('brings back weights and rate where the optimizer is of another make', async () => {
    const twin = await train([], {optimizer: new Descent(), steps: 20});
    const treated = await train([onAlert('x', ruin(), {undo: true, after: 5})], {
      optimizer: new Descent(),
      steps: 20,
      alerts: {4: 'x'},
    });
    expect(treated.losses.slice(10)).toEqual(twin.losses.slice(5, 15));
  });

  it('happens before the next step, with the weights of the moment of change', async () => {
    let before: readonly number[] = [];
    let after: readonly number[] = [];
    const model = smallModel();
    const weights = (): number[] => model.weights.flatMap((weight) => [...weight.read().dataSync()]);
    const remember = defineTreatment('remember', () => {
      before = weights();
      return {change: ''};
    });
    await train([onAlert('x', [remember, ruin()], {undo: true, after: 4})], {
      model,
      alerts: {2: 'x'},
      watch: (event) => {
        if (event.type === 'remedy' && event.action === 'undone') after = weights();
      },
    });
    expect(after).toEqual(before);
    model.dispose();
  });

  it('does not happen without being asked for', async () => {
    const {actions} = await train([onAlert('x', ruin(), {after: 4})], {alerts: {2: 'x'}});
    expect(told(actions)).toEqual(['x applied @2', 'x kept @6']);
  });

  it('does not happen where things got better', async () => {
    const {actions} = await train([onAlert('x', note(), {undo: true, after: 4})], {alerts: {2: 'x'}});
    expect(told(actions)).toEqual(['x applied @2', 'x kept @6']);
  });

  it('is waited after, twice as long each time', async () => {
    const always = Object.fromEntries(Array.from({length: 60}, (_, i) => [i, 'x']));
    const {actions} = await train([onAlert('x', ruin(), {undo: true, after: 4, times: 9})], {
      alerts: always,
      steps: 50,
    });
    expect(told(actions)).toEqual([
      'x applied @0',
      'x undone @4',
      'x applied @8',
      'x undone @12',
      'x applied @20',
      'x undone @24',
      'x applied @40',
      'x undone @44',
    ]);
  });

  it('that comes due at the last step of a run does not happen, and leaves nothing behind', async () => {
    const count = async (steps: number): Promise<[string[], number]> => {
      const before = tf.memory().numTensors;
      const {actions} = await train([onAlert('x', ruin(), {undo: true, after: 4})], {
        alerts: {2: 'x'},
        steps,
      });
      return [told(actions), tf.memory().numTensors - before];
    };
    const [undone, usual] = await count(8);
    expect(undone).toEqual(['x applied @2', 'x undone @6']);
    expect(await count(7)).toEqual([['x applied @2'], usual]);
  });
});

describe('a list of treatments', () => {
  it('is applied whole or not at all', async () => {
    const twin = await train([]);
    const {actions, losses, rates} = await train(
      [onAlert('x', [ruin(), scaleRate({factor: 0.5}), useTransform(smooth), failing('nothing to do.')])],
      {alerts: {2: 'x'}},
    );
    expect(actions).toEqual([
      expect.objectContaining({action: 'failed', change: 'nothing to do.', reason: 'x!', parameters: []}),
    ]);
    expect([losses, rates]).toEqual([twin.losses, twin.rates]);
  });

  it('that fails does not count as a time', async () => {
    const {actions} = await train([onAlert('x', failing(), {times: 1})], {alerts: {1: 'x', 3: 'x'}});
    expect(told(actions)).toEqual(['x failed @1', 'x failed @3']);
  });

  it('tells treatments what is taken back because another one failed', async () => {
    const undone = vi.fn<() => void>();
    const witness: Treatment = {name: 'w', begin: () => ({apply: () => ({change: 'w'}), undone})};
    await train([onAlert('x', [witness, failing(), witness])], {alerts: {2: 'x'}});
    expect(undone).toHaveBeenCalledTimes(1);
  });
});

describe('several remedies', () => {
  it('act one at a time, and those that wait take their turn', async () => {
    const {actions} = await train([onAlert('a', note(), {after: 3}), onAlert('b', note(), {after: 3})], {
      alerts: {1: ['b', 'a']},
    });
    expect(told(actions)).toEqual(['b applied @1', 'b kept @4', 'a applied @4', 'a kept @7']);
  });

  it('answer the latest of their alerts meanwhile', async () => {
    const late: Alert = {...alertOf('a'), message: 'late'};
    const {actions} = await train([onAlert('a', note(), {after: 3})], {alerts: {1: 'a', 2: 'a', 3: late}});
    expect(actions.map(({action, reason}) => `${action} ${reason}`)).toEqual([
      'applied a!',
      'kept a!',
      'applied late',
      'kept late',
    ]);
  });

  it('for one rule need two names', async () => {
    const [a, b] = [onAlert('x', note('a')), onAlert('x', note('b'), {name: 'second', after: 2})];
    expect(b.name).toBe('second');
    expect(told((await train([a, b], {alerts: {1: 'x'}, steps: 30})).actions)).toEqual([
      'x applied @1',
      'x kept @21',
      'second applied @21',
      'second kept @23',
    ]);
    await expect(train([a, onAlert('x', note('b'))])).rejects.toThrow(
      "createTrainer: two remedies are named 'onAlert(x)'; events could not tell them apart.",
    );
  });

  it('of one list of rules answer each', async () => {
    const {actions} = await train([onAlert(['a', 'b'], note(), {after: 2})], {alerts: {1: 'a', 5: 'b'}});
    expect(actions.map(({remedy, action, reason}) => `${remedy} ${action} ${reason}`)).toEqual([
      'onAlert(a, b) applied a!',
      'onAlert(a, b) kept a!',
      'onAlert(a, b) applied b!',
      'onAlert(a, b) kept b!',
    ]);
  });

  it('may be tried on two trainers at once', async () => {
    const remedy = onAlert('x', [rollBack({every: 1}), scaleRate({factor: 0.5})], {undo: true, after: 4});
    const alone = await train([remedy], {alerts: {3: 'x'}});
    const both = await Promise.all([
      train([remedy], {alerts: {3: 'x'}}),
      train([remedy], {alerts: {6: 'x'}}),
    ]);
    expect(both[0].losses).toEqual(alone.losses);
    expect(both.map(({actions}) => told(actions))).toEqual([
      ['x applied @3', 'x kept @7'],
      ['x applied @6', 'x kept @10'],
    ]);
  });
});

describe('a remedy', () => {
  it('acts at most so many times', async () => {
    const {actions} = await train([onAlert('x', note(), {after: 2, times: 2})], {
      alerts: {0: 'x', 3: 'x', 6: 'x', 9: 'x'},
    });
    expect(told(actions)).toEqual(['x applied @0', 'x kept @2', 'x applied @3', 'x kept @5']);
  });

  it('does nothing about alerts that are for information, or for others', async () => {
    const {actions} = await train([onAlert('x', note())], {
      alerts: {0: {...alertOf('x'), severity: 'info'}, 1: 'y'},
    });
    expect(actions).toEqual([]);
  });

  it('begins anew in the next run', async () => {
    const events: Parameters<typeof sorted>[0][number][] = [];
    const model = smallModel();
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.1),
      consumers: [sender({1: 'x'})],
      remedies: [onAlert('x', scaleRate({factor: 0.5}), {times: 1, after: 2, undo: true})],
    });
    trainer.events$.subscribe((event) => events.push(event));
    const data = {x: tf.ones([4, 1]), y: tf.zeros([4, 1])};
    await trainer.fit(data, {epochs: 3});
    await trainer.fit(data, {epochs: 5});
    trainer.dispose();
    const {actions, rates} = sorted(events);
    expect(told(actions)).toEqual(['x applied @2', 'x applied @5', 'x kept @6']);
    expect(rates.at(-1)).toBeCloseTo(0.025, 6);
  });

  it('may change its mind about a model that is a function', async () => {
    const w = tf.variable(tf.zeros([1, 1]), true, 'functionWeight');
    const {actions} = await train([onAlert('x', ruin(), {undo: true, after: 4})], {
      model: (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
      loss: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.losses.meanSquaredError(yTrue, yPred),
      variables: [w],
      alerts: {2: 'x'},
    });
    expect(told(actions)).toEqual(['x applied @2', 'x undone @6']);
    w.dispose();
  });
});

describe('a loss that is not finite', () => {
  it('would end the run', async () => {
    expect((await train([onAlert('x', note())], {poisoned: [5]})).reason).toBe('diverged');
  });

  it('does not where a remedy answers it, which goes back to good weights', async () => {
    const {actions, reason, losses} = await train(
      [onAlert('nonFiniteLoss', [rollBack({every: 1}), scaleRate({factor: 0.5})])],
      {poisoned: [5], steps: 8},
    );
    expect([reason, told(actions)]).toEqual(['completed', ['nonFiniteLoss applied @5']]);
    expect(actions[0]!.change).toMatch(/^weights and optimizer of step 3; learning rate × 0.5$/);
    expect(losses[5]).toBeNaN();
    expect(losses.slice(6).every((loss) => loss! < losses[0]!)).toBe(true);
  });

  it('ends the run where the remedy that answers it fails again and again', async () => {
    const {actions, reason} = await train([onAlert('nonFiniteLoss', failing(), {times: 2})], {
      poisoned: [2, 3, 4, 5],
      steps: 8,
    });
    expect([reason, told(actions)]).toEqual([
      'diverged',
      ['nonFiniteLoss failed @2', 'nonFiniteLoss failed @2'],
    ]);
  });

  it('that comes again is answered again at once', async () => {
    const {actions} = await train([onAlert('nonFiniteLoss', [rollBack(), scaleRate({factor: 0.5})])], {
      poisoned: [3, 5],
      steps: 8,
    });
    const [first, second, third] = actions;
    expect(told([first!, second!, third!])).toEqual([
      'nonFiniteLoss applied @3',
      'nonFiniteLoss kept @4',
      'nonFiniteLoss applied @4',
    ]);
    expect(second!.effect).toMatchObject({isWorse: true});
  });

  it('takes back at once what another remedy is trying', async () => {
    const {actions, reason} = await train([onAlert('x', note(), {undo: true, after: 10})], {
      alerts: {2: 'x'},
      poisoned: [5],
    });
    expect([reason, told(actions)]).toEqual(['completed', ['x applied @2', 'x undone @5']]);
    expect(actions[1]!.effect).toEqual({steps: 2, isWorse: true, before: expect.any(Number)});
  });

  it.each([
    ['after', (cure: ReturnType<typeof onAlert>, x: ReturnType<typeof onAlert>) => [x, cure]],
    ['before', (cure: ReturnType<typeof onAlert>, x: ReturnType<typeof onAlert>) => [cure, x]],
  ])('is not answered twice, by undo and by a remedy that stands %s it', async (_place, order) => {
    const cure = onAlert('nonFiniteLoss', rollBack({every: 1}));
    const {actions} = await train(order(cure, onAlert('x', note(), {undo: true, after: 10})), {
      alerts: {2: 'x'},
      poisoned: [5],
    });
    expect(told(actions)).toEqual(['x applied @2', 'x undone @5']);
  });

  it('ends at once a trial that cannot be taken back, so that the remedy against it can act', async () => {
    const cure = onAlert('nonFiniteLoss', rollBack({every: 1}), {after: 2});
    const {actions} = await train([cure, onAlert('x', note(), {after: 10})], {
      alerts: {2: 'x'},
      poisoned: [5],
      steps: 9,
    });
    expect(told(actions)).toEqual([
      'x applied @2',
      'x kept @5',
      'nonFiniteLoss applied @5',
      'nonFiniteLoss kept @6',
    ]);
    expect(actions[1]!.effect).not.toHaveProperty('after');
  });

  it('ends the run where the remedy has used up its times', async () => {
    const {reason, actions} = await train(
      [onAlert('nonFiniteLoss', rollBack({every: 1}), {times: 1, after: 2})],
      {
        poisoned: [3, 7],
      },
    );
    expect([reason, told(actions)]).toEqual([
      'diverged',
      ['nonFiniteLoss applied @3', 'nonFiniteLoss kept @4'],
    ]);
  });
});

describe('a treatment that fails at anything but its work', () => {
  it.each<[string, Treatment, string]>([
    [
      'throws while it watches',
      {
        name: 'bad',
        begin: () => ({
          observe(event) {
            if (event.type === 'step' && event.step === 1) throw new Error('lost.');
          },
          apply: () => ({change: ''}),
        }),
      },
      'bad threw: lost; this remedy is left out for the rest of the run.',
    ],
    [
      'throws when it begins',
      {
        name: 'bad',
        begin: () => {
          throw new TypeError('no model');
        },
      },
      'no model; this remedy is left out for the rest of the run.',
    ],
  ])('%s: is left out, and the others go on', async (_what, treatment, change) => {
    const remedies = [onAlert('x', treatment), onAlert('y', note(), {after: 2})];
    const {actions, reason} = await train(remedies, {alerts: {3: ['x', 'y']}});
    expect(reason).toBe('completed');
    expect(actions[0]).toMatchObject({remedy: 'onAlert(x)', action: 'failed', change});
    expect(told(actions.slice(1))).toEqual(['y applied @3', 'y kept @5']);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, "odd must return what it has changed, {change: '…'}, got undefined."],
    ['a promise', 'rejects', "odd must return what it has changed, {change: '…'}, got a Promise."],
  ])('returns %s: is taken back', async (_what, result, change) => {
    const odd = defineTreatment('odd', ({variables}) => {
      variables[0]!.assign(tf.zerosLike(variables[0]!));
      return (result === 'rejects' ? Promise.reject(new Error('later')) : result) as never;
    });
    const twin = await train([]);
    const {actions, weights} = await train([onAlert('x', odd)], {alerts: {1: 'x'}});
    expect(actions).toEqual([expect.objectContaining({action: 'failed', change})]);
    expect(weights).toEqual(twin.weights);
  });
});

describe('a bundle of parts', () => {
  const levels = async (remedy: Parameters<typeof onAlert>[1], transforms: GradientTransform[]) => {
    const seen: unknown[] = [];
    const look = defineTreatment('look', ({optimizer}: LiveTraining) => {
      seen.push(...optimizer.transforms.map(({name, config}) => [name, config]));
      return {change: ''};
    });
    await train([onAlert('x', remedy, {after: 2}), onAlert('y', look)], {
      transforms,
      alerts: {1: 'x', 5: 'y'},
    });
    return seen;
  };

  it('has its transforms switched on and its parameters given values', async () => {
    const remedy = defineRemedy({
      name: 'calm',
      transforms: [clipByGlobalNorm({maxNorm: 1})],
      initialize: {'**/kernel': ({shape}) => tf.fill([...shape], 0.125)},
      captures: [],
    });
    const {actions} = await train([onAlert('x', remedy)], {alerts: {1: 'x'}});
    expect(actions[0]!.change).toBe(
      'new values for 2 parameters; clipByGlobalNorm({"maxNorm":1,"norm":2}) on',
    );
    expect(actions[0]!.parameters).toHaveLength(2);
  });

  it('changes the level of a transform of the same name, in its place', async () => {
    const now = [clipByGlobalNorm({maxNorm: 10}), gradientNoise({eta: 0.5})];
    const then = defineRemedy({
      name: 'calm',
      transforms: [clipByGlobalNorm({maxNorm: 1}), gradientNoise({eta: 0.01})],
    });
    expect(await levels(then, now)).toEqual([
      ['clipByGlobalNorm', expect.objectContaining({maxNorm: 1})],
      ['gradientNoise', expect.objectContaining({eta: 0.01})],
    ]);
  });

  it.each([
    ['schedule', {schedule: () => 0.1}],
    ['captures', {captures: [{name: 'c', when: every(1), measure: () => ({})}]}],
    ['consumers', {consumers: [sender({})]}],
  ])('with %s is rejected', (part, parts) => {
    expect(() => onAlert('x', defineRemedy({name: 'calm', ...parts}))).toThrow(
      new TypeError(
        `onAlert: the ${part} of remedy 'calm' cannot join a run that goes on; its transforms and initialize can.`,
      ),
    );
  });

  it('that is empty is rejected', () => {
    expect(() => onAlert('x', defineRemedy({name: 'calm'}))).toThrow('onAlert: treatment has nothing to do.');
  });

  it('whose glob matches nothing fails as an event', async () => {
    const {actions, reason} = await train(
      [onAlert('x', initializeParameters({'**/gamma': () => tf.scalar(0)}))],
      {
        alerts: {1: 'x'},
      },
    );
    expect(reason).toBe('completed');
    expect(actions).toEqual([
      expect.objectContaining({action: 'failed', change: expect.stringContaining('initializeParameters: ')}),
    ]);
  });
});

describe('memory', () => {
  it('stays as it is over many changes that are undone or kept, and is freed at the end', async () => {
    const tensorsOf = async (remedies: Parameters<typeof train>[0]): Promise<[number, number[]]> => {
      const before = tf.memory().numTensors;
      const counts: number[] = [];
      const alerts = Object.fromEntries(Array.from({length: 160}, (_, i) => [i, i % 2 ? 'x' : 'y']));
      const {actions} = await train(remedies, {
        alerts,
        steps: 160,
        optimizer: tf.train.adam(0.01),
        watch: ({type}) => {
          if (type === 'step') counts.push(tf.memory().numTensors - before);
        },
      });
      expect(actions.length > 60).toBe(remedies.length > 0);
      return [tf.memory().numTensors - before, counts];
    };
    const [left, counts] = await tensorsOf([
      onAlert('x', [note(), resetOptimizer()], {undo: true, after: 2, times: 99}),
      onAlert('y', [rollBack({every: 1}), failing()], {after: 2, times: 99}),
      onAlert('z', rollBack(), {undo: true}),
    ]);
    const [leftUntreated, untreated] = await tensorsOf([]);
    // tfjs itself leaves the tensor behind that a weight was initialised with.
    expect(left).toBe(leftUntreated);
    const most = (from: number, to: number): number =>
      Math.max(...counts.slice(from, to).map((count, i) => count - untreated[from + i]!));
    expect(most(120, 160)).toBeLessThanOrEqual(most(40, 80));
  });

  it('is freed where a trainer is disposed of in the middle of a trial', async () => {
    const tensorsOf = async (remedies: Parameters<typeof onAlert>[1][]): Promise<number> => {
      const before = tf.memory().numTensors;
      const model = smallModel();
      const trainer = createTrainer({
        model,
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.01),
        consumers: [sender({1: 'x'})],
        remedies: remedies.map((remedy) => onAlert('x', remedy, {undo: true})),
      });
      trainer.events$.subscribe(({type, step}) => {
        if (type === 'step' && step === 4) trainer.dispose();
      });
      const [x, y] = [tf.ones([4, 1]), tf.zeros([4, 1])];
      await trainer.fit({x, y}, {epochs: 20});
      model.dispose();
      tf.dispose([x, y]);
      return tf.memory().numTensors - before;
    };
    expect(await tensorsOf([[rollBack({every: 1}), note()]])).toBe(await tensorsOf([]));
  });
});

describe('what it is called with', () => {
  it.each<[string, unknown[], string]>([
    [
      'no rule',
      ['', note()],
      "onAlert: rules must be names of rules, e.g. 'vanishingGradients', got the string ''.",
    ],
    [
      'no rules',
      [[], note()],
      "onAlert: rules must be names of rules, e.g. 'vanishingGradients', got a list of 0.",
    ],
    ['no treatment', ['x'], 'onAlert: treatment must be a treatment, e.g. scaleRate({factor: 0.1}), a list of them, or a remedy, got undefined.'], // prettier-ignore
    ['a factory', ['x', rollBack], 'onAlert: treatment must be a treatment, e.g. scaleRate({factor: 0.1}), a list of them, or a remedy, got the function rollBack. Was the factory not called?'], // prettier-ignore
    ['a remedy in a list', ['x', [defineRemedy({name: 'calm'})]], "onAlert: treatment must be a treatment, e.g. scaleRate({factor: 0.1}), a list of them, or a remedy, got a list with the remedy 'calm'."], // prettier-ignore
    ['an empty list', ['x', []], 'onAlert: treatment has nothing to do.'],
    ['an unknown option', ['x', note(), {undone: true}], "onAlert: there is no option 'undone'. Options: undo, after, times, name."], // prettier-ignore
    ['no options', ['x', note(), true], "onAlert: options must be an object, e.g. onAlert(rules, treatment, {undo: true, after: 20, times: 3, name: 'calm'}), got true."], // prettier-ignore
    [
      'undo of a wrong type',
      ['x', note(), {undo: 'yes'}],
      "onAlert: undo must be true or false, got the string 'yes'.",
    ],
    [
      'an empty name',
      ['x', note(), {name: ''}],
      "onAlert: name must be a non-empty string, got the string ''.",
    ],
  ])('%s is an error', (_what, args, message) => {
    expect(() => (onAlert as (...all: unknown[]) => unknown)(...args)).toThrow(new TypeError(message));
  });

  it.each<[OnAlertOptions, string]>([
    [{after: 1}, 'onAlert: after must be a whole number >= 2, got 1.'],
    [{after: 2.5}, 'onAlert: after must be a whole number >= 2, got 2.5.'],
    [{times: 0}, 'onAlert: times must be a whole number >= 1, got 0.'],
  ])('%o is out of range', (options, message) => {
    expect(() => onAlert('x', note(), options)).toThrow(new RangeError(message));
  });
});
