import type {Alert, Capture} from '@gradwire/core';
import {every} from '@gradwire/core';
import {createTrainer, type Remedy} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {alertOf, smallModel, sorted, told, train} from '../fixtures/course.js';
import {defaultRemedies} from './defaultRemedies.js';
import * as remedies from './index.js';
import type {OnAlertOptions} from './onAlert.js';

type Factory = (options?: OnAlertOptions) => Remedy;

/** By rule: the factory, what it does, whether it undoes, how often it acts. */
const bundles: Readonly<
  Record<string, readonly [name: string, change: string, undo: boolean, times: number]>
> = {
  nonFinite: [
    'nonFiniteRemedy',
    'weights and optimizer of step 0; zeroNonFinite() on; learning rate × 0.1',
    false,
    8,
  ],
  lossDivergence: ['lossDivergenceRemedy', 'weights and optimizer of step 0; learning rate × 0.3; optimizer state forgotten', false, 3], // prettier-ignore
  gradientSpike: ['gradientSpikeRemedy', 'weights and optimizer of step 0; clipSpikes({"threshold":2.5,"decay":0.97,"warmup":25,"epsilon":0.000001}) on', false, 3], // prettier-ignore
  deadUnits: ['deadUnitsRemedy', 'learning rate × 0.005; new values for 4 parameters', true, 3],
  frozenParameters: ['frozenParametersRemedy', 'new weights for 1 unit of hidden', true, 3],
  saturatedUnits: ['saturatedUnitsRemedy', 'new values for 4 parameters; normalizeByNorm({"epsilon":0,"per":"parameter"}) on; learning rate to be looked at', true, 1], // prettier-ignore
  poorInitialization: ['poorInitializationRemedy', 'new values for 4 parameters; normalizeByNorm({"epsilon":0,"per":"parameter"}) on; learning rate to be looked at', true, 1], // prettier-ignore
  vanishingGradients: ['vanishingGradientsRemedy', 'new values for 4 parameters; normalizeByNorm({"epsilon":0,"per":"parameter"}) on; learning rate to be looked at', true, 1], // prettier-ignore
  explodingGradients: ['explodingGradientsRemedy', 'new values for 4 parameters; clipByGlobalNorm({"maxNorm":1,"norm":2}) on; learning rate to be looked at', true, 1], // prettier-ignore
  updateRatio: ['updateRatioRemedy', 'learning rate × 0.002', true, 3],
  lossPlateau: ['lossPlateauRemedy', 'new values for 2 constant kernels', true, 3],
  oscillation: ['oscillationRemedy', 'learning rate × 0.2; optimizer state forgotten; lookahead({"syncPeriod":6,"slowStepSize":0.5}) on', true, 3], // prettier-ignore
  overfitting: ['overfittingRemedy', 'no epoch has told its val_loss yet.', false, 3],
};
const exported = new Map<string, unknown>(Object.entries(remedies));
const factoryOf = (rule: string): Factory => exported.get(bundles[rule]![0]) as Factory;
const alertFor = (rule: string): Alert => ({
  ...alertOf(rule),
  layers: ['hidden'],
  evidence: {quantity: 'ratio', threshold: 0.1, values: [0.5], steps: [0]},
});
/** Of the two hidden units one is dead, and a step was twice as large as the kernel. */
const sick: Capture[] = [
  {
    name: 'unitActivity',
    when: every(1),
    measure: () => ({hidden: {active: tf.tensor1d([0, 1])}}),
  },
  {name: 'updateStats', when: every(100), measure: () => ({'last/kernel': {ratio: tf.scalar(2)}})},
];
const settings = () => ({captures: sick, steps: 7, optimizer: tf.train.sgd(0)});

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a remedy for one illness', () => {
  it.each(Object.entries(bundles))('%s: does what it says', async (rule, [name, change]) => {
    const remedy = factoryOf(rule)({after: 3});
    const {actions} = await train([remedy], {...settings(), alerts: {2: alertFor(rule)}});
    const rules = rule === 'nonFinite' ? 'nonFinite, nonFiniteLoss' : rule;
    expect(remedy.name).toBe(`onAlert(${rules})`);
    expect(actions[0]).toMatchObject({change, reason: `${rule}!`, remedy: remedy.name});
    expect(name).toBe(`${rule}Remedy`);
  });

  it.each(Object.entries(bundles).filter(([rule]) => rule !== 'overfitting'))(
    '%s: undoes, or does not, and acts so often',
    async (rule, [_name, _change, undo, times]) => {
      /** So that whatever was done has made things worse. */
      const alerts = Object.fromEntries(Array.from({length: 60}, (_, i) => [3 * i + 2, {...alertFor(rule)}]));
      const {actions} = await train([factoryOf(rule)({after: 2})], {
        ...settings(),
        steps: 60,
        alerts,
        loss: worseFrom(3),
      });
      const [first, second] = told(actions.filter(({action}) => action !== 'failed')).map((text) =>
        text.split(' ').at(-2),
      );
      expect([first, second]).toEqual(['applied', undo ? 'undone' : 'kept']);
      const applied = actions.filter(
        ({action, change}) => action === 'applied' && !change!.startsWith('learning rate × '),
      );
      expect(applied.length).toBeLessThanOrEqual(times);
    },
  );

  it.each(Object.keys(bundles))('%s: checks its options, and says whose they are', (rule) => {
    const where = `${rule}Remedy`;
    expect(() => factoryOf(rule)({after: 1})).toThrow(
      new RangeError(`${where}: after must be a whole number >= 2, got 1.`),
    );
    expect(() => factoryOf(rule)({when: 1} as never)).toThrow(
      new TypeError(`${where}: there is no option 'when'. Options: undo, after, times, name.`),
    );
    expect(() => factoryOf(rule)(3 as never)).toThrow(
      new TypeError(
        `${where}: options must be an object, e.g. ${where}({undo: true, after: 20, times: 3, name: 'calm'}), got the number 3.`,
      ),
    );
  });

  it('takes what onAlert takes', async () => {
    const remedy = remedies.saturatedUnitsRemedy({name: 'mine', undo: false, times: 1, after: 2});
    const {actions} = await train([remedy], {
      ...settings(),
      alerts: {0: alertFor('saturatedUnits'), 4: alertFor('saturatedUnits')},
    });
    expect(told(actions)).toEqual(['mine applied @0', 'mine kept @2']);
  });
});

/** A loss that leaps up from its so many-th evaluation on, whatever the weights. */
function worseFrom(step: number): (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Scalar {
  let evaluations = 0;
  return (yTrue, yPred) =>
    tf.mul(
      4 ** Math.min(9, Math.max(0, ++evaluations - step)),
      tf.losses.meanSquaredError(yTrue, yPred),
    ) as tf.Scalar;
}

describe('defaultRemedies', () => {
  it('has the diagnosis and a remedy for each rule, in the order of their turns', () => {
    expect(defaultRemedies({when: every(10)}).map(({name}) => name)).toEqual([
      'diagnosis',
      'onAlert(nonFinite, nonFiniteLoss)',
      ...Object.keys(bundles)
        .slice(1)
        .map((rule) => `onAlert(${rule})`),
    ]);
  });

  it('finds and treats', async () => {
    const sigmoid = {units: 6, activation: 'sigmoid', kernelInitializer: 'randomNormal'} as const;
    const model = tf.sequential({
      layers: [
        tf.layers.dense({...sigmoid, inputShape: [1]}),
        ...Array.from({length: 5}, () => tf.layers.dense(sigmoid)),
        tf.layers.dense({units: 1}),
      ],
    });
    const {actions, reason} = await train(defaultRemedies({when: every(2)}), {model, steps: 80});
    expect(reason).toBe('completed');
    expect(actions.map(({action}) => action)).toContain('applied');
    model.dispose();
  });

  it('leaves a training alone that is well', async () => {
    const twin = await train([]);
    const treated = await train(defaultRemedies({when: every(2)}));
    expect([treated.actions, treated.weights]).toEqual([[], twin.weights]);
  });

  it('works with a model that is a function', async () => {
    const w = tf.variable(tf.ones([1, 1]), true, 'functionDefaultWeight');
    const events: Parameters<typeof sorted>[0][number][] = [];
    const {reason} = await train(defaultRemedies({when: every(1), layers: false}), {
      model: (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
      loss: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.losses.meanSquaredError(yTrue, yPred),
      variables: [w],
      poisoned: [6],
      steps: 20,
      watch: (event) => events.push(event),
    });
    w.dispose();
    expect(reason).toBe('completed');
    expect(events.some(({type}) => type === 'captureFailed')).toBe(false);
    expect(told(sorted(events).actions)[0]).toBe('nonFinite, nonFiniteLoss applied @6');
  });

  it('frees all that it has remembered', async () => {
    const tensorsOf = async (set: () => Remedy[]): Promise<number> => {
      const before = tf.memory().numTensors;
      const model = smallModel();
      const trainer = createTrainer({
        model,
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.05),
        remedies: set(),
      });
      const [x, y] = [tf.ones([4, 1]), tf.zeros([4, 1])];
      await trainer.fit({x, y}, {epochs: 30, validationSplit: 0.5});
      await trainer.fit({x, y}, {epochs: 3});
      trainer.dispose();
      model.dispose();
      tf.dispose([x, y]);
      return tf.memory().numTensors - before;
    };
    expect(await tensorsOf(() => defaultRemedies({when: every(2)}))).toBe(await tensorsOf(() => []));
  });

  it.each<[unknown, string]>([
    [
      undefined,
      'options must be an object, e.g. defaultRemedies({when: every(10), layers: false}), got undefined.',
    ],
    [{when: every(1), undo: true}, "there is no option 'undo'. Options: when, layers."],
    [{when: every(1), layers: 'all'}, "layers must be true or false, got the string 'all'."],
    [{when: 10}, 'when must be a step schedule, e.g. every(10), got the number 10.'],
  ])('rejects %o', (options, message) => {
    expect(() => defaultRemedies(options as never)).toThrow(new TypeError(`defaultRemedies: ${message}`));
  });
});
