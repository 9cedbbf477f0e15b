import {unitActivity} from '@gradwire/capture';
import {type Alert, type Capture, every} from '@gradwire/core';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {alertOf, smallModel, told, train} from '../../fixtures/course.js';
import {onAlert} from '../onAlert.js';
import type {Treatment} from '../treatment.js';
import {breakSymmetry} from './breakSymmetry.js';
import {initializeParameters} from './initializeParameters.js';
import {reinitializeLayers} from './reinitializeLayers.js';
import {reviveUnits} from './reviveUnits.js';

const constant = (value: number) => tf.initializers.constant({value});
const {dense, activation, batchNormalization} = tf.layers;

interface Treated {
  readonly change: string | undefined;
  readonly action: string;
  /** Weights by name, without tfjs's counter, right before and right after. */
  readonly before: Readonly<Record<string, tf.Tensor>>;
  readonly after: Readonly<Record<string, tf.Tensor>>;
  readonly parameters: readonly string[];
}

/** One step at rate 0 on ones, the alert, and what the treatment has made of the weights. */
async function treat(
  model: tf.LayersModel,
  treatment: Treatment,
  {alert = alertOf('x'), captures = []}: {alert?: Alert; captures?: Capture[]} = {},
): Promise<Treated> {
  const weights = (): Record<string, tf.Tensor> =>
    Object.fromEntries(model.weights.map((weight) => [plain(weight.name), tf.clone(weight.read())]));
  const before = weights();
  let after = before;
  const actions: {action: string; change?: string; parameters: readonly string[]}[] = [];
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.sgd(0),
    seed: 7,
    captures,
    remedies: [onAlert('x', treatment)],
    consumers: [
      (events$, services) =>
        events$.subscribe((event) => {
          if (event.type === 'step' && event.step === 1) services.alert(alert);
          if (event.type === 'remedy') {
            actions.push(event);
            after = weights();
          }
        }),
    ],
  });
  const shape = (symbolic: tf.SymbolicTensor): number[] => [
    2,
    ...symbolic.shape.slice(1).map((size) => size ?? 3),
  ];
  const [x, y] = [tf.ones(shape(model.inputs[0]!)), tf.ones(shape(model.outputs[0]!))];
  await trainer.fit({x, y}, {epochs: 4});
  const [{action, change, parameters} = {action: 'none', change: undefined, parameters: []}] = actions;
  return {change, action, before, after, parameters: parameters.map(plain)};
}

const plain = (name: string): string => name.replace(/(_\d+)?$/, '');
const valuesOf = (tensor: tf.Tensor | undefined): number[] => [...tensor!.dataSync()];
const deviationOf = (tensor: tf.Tensor | undefined): number =>
  Math.sqrt(tf.moments(tensor!).variance.dataSync()[0]!);
const hiddenKernel = async (...layers: tf.layers.Layer[]): Promise<tf.Tensor> => {
  const first = dense({units: 200, inputShape: [100], name: 'first', kernelInitializer: 'zeros'});
  const model = tf.sequential({layers: [first, ...layers, dense({units: 1, name: 'last'})]});
  return (await treat(model, reinitializeLayers({layers: 'all'}))).after['first/kernel']!;
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('reinitializeLayers', () => {
  const he = Math.sqrt(2 / 100);
  const glorot = Math.sqrt(2 / 300);
  const wide = 4 / Math.sqrt(100);

  it.each<[string, () => tf.layers.Layer[], number]>([
    ['relu as a layer of its own', () => [activation({activation: 'relu'})], he],
    ['relu behind batch normalisation', () => [batchNormalization(), tf.layers.reLU()], he],
    ['leaky relu, a layer', () => [tf.layers.leakyReLU()], he],
    ['elu behind dropout', () => [tf.layers.dropout({rate: 0.5}), tf.layers.elu()], he],
    ['sigmoid as a layer of its own', () => [activation({activation: 'sigmoid'})], wide],
    ['tanh', () => [activation({activation: 'tanh'})], glorot],
    [
      'no activation, and relu behind the next weights',
      () => [dense({units: 5, activation: 'relu'})],
      glorot,
    ],
  ])('draws as suits the activation: %s', async (_what, layers, deviation) => {
    expect(deviationOf(await hiddenKernel(...layers())) / deviation).toBeCloseTo(1, 1);
  });

  it('draws a sigmoid that is the output by Glorot', async () => {
    const model = tf.sequential({
      layers: [dense({units: 200, activation: 'sigmoid', inputShape: [100], name: 'first'})],
    });
    const {after} = await treat(model, reinitializeLayers({layers: 'all'}));
    expect(deviationOf(after['first/kernel']) / glorot).toBeCloseTo(1, 1);
  });

  it('touches the layers that the alert names, and no others', async () => {
    const {before, after, parameters, change} = await treat(smallModel(), reinitializeLayers(), {
      alert: {...alertOf('x'), layers: ['hidden']},
    });
    expect(parameters).toEqual(['hidden/kernel', 'hidden/bias']);
    expect(change).toBe('new values for 2 parameters');
    expect(valuesOf(after['hidden/kernel'])).not.toEqual(valuesOf(before['hidden/kernel']));
    expect(valuesOf(after['last/kernel'])).toEqual(valuesOf(before['last/kernel']));
  });

  it('centres what comes out of sigmoids by the bias behind them', async () => {
    const model = tf.sequential({
      layers: [
        dense({units: 3, activation: 'sigmoid', inputShape: [2], name: 'first'}),
        dense({units: 2, name: 'last'}),
      ],
    });
    const {after} = await treat(model, reinitializeLayers({layers: 'all'}));
    expect(valuesOf(after['first/bias'])).toEqual([0, 0, 0]);
    const sums = valuesOf(tf.mul(-0.5, tf.sum(after['last/kernel']!, 0)));
    valuesOf(after['last/bias']).forEach((bias, i) => expect(bias).toBeCloseTo(sums[i]!, 6));
  });

  it('gives layers of one shape different weights, and those of a seed the same ones again', async () => {
    const twoAlike = (): tf.Sequential =>
      tf.sequential({
        layers: ['a', 'b'].map((name) => dense({units: 3, inputShape: [3], useBias: false, name})),
      });
    const [one, two] = [await treat(twoAlike(), reinitializeLayers({layers: 'all'})), await treat(twoAlike(), reinitializeLayers({layers: 'all'}))]; // prettier-ignore
    expect(valuesOf(one.after['a/kernel'])).not.toEqual(valuesOf(one.after['b/kernel']));
    expect(valuesOf(one.after['a/kernel'])).toEqual(valuesOf(two.after['a/kernel']));
    expect(one.parameters).toEqual(['a/kernel', 'b/kernel']);
  });

  it('leaves the biases of recurrent layers alone, and makes recurrent kernels orthogonal', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.lstm({units: 3, inputShape: [2, 2], name: 'cells'}),
        dense({units: 1, name: 'last'}),
      ],
    });
    const {before, after, parameters} = await treat(model, reinitializeLayers({layers: 'all'}));
    expect(parameters).toEqual(['cells/kernel', 'cells/recurrent_kernel', 'last/kernel', 'last/bias']);
    expect(valuesOf(after['cells/bias'])).toEqual(valuesOf(before['cells/bias']));
    const kernel = after['cells/recurrent_kernel'] as tf.Tensor2D;
    valuesOf(tf.sub(tf.matMul(kernel, kernel, false, true), tf.eye(3))).forEach((rest) =>
      expect(rest).toBeCloseTo(0, 5),
    );
  });

  it('reaches into nested models', async () => {
    const inner = tf.sequential({
      name: 'inner',
      layers: [dense({units: 2, inputShape: [2], name: 'nested', kernelInitializer: constant(1)})],
    });
    const outer = tf.sequential({name: 'outer', layers: [inner, dense({units: 1, name: 'last'})]});
    const {parameters, after} = await treat(outer, reinitializeLayers({layers: 'all'}));
    expect(parameters).toEqual(['nested/kernel', 'nested/bias', 'last/kernel', 'last/bias']);
    expect(new Set(valuesOf(after['nested/kernel'])).size).toBe(4);
  });

  it('fails as an event where there is nothing to draw', async () => {
    const {action, change} = await treat(smallModel(), reinitializeLayers(), {
      alert: {...alertOf('x'), layers: ['no']},
    });
    expect([action, change]).toEqual(['failed', 'there is no kernel to draw anew.']);
  });

  it('checks what it is called with', () => {
    expect(() => reinitializeLayers({layers: 'some' as never})).toThrow(
      new TypeError("reinitializeLayers: layers must be 'alerted' or 'all', got 'some'."),
    );
    expect(() => reinitializeLayers({which: 'all'} as never)).toThrow(
      new TypeError("reinitializeLayers: there is no option 'which'. Options: layers."),
    );
  });
});

describe('reviveUnits', () => {
  const captures = (): Capture[] => [unitActivity({when: every(1)})];
  /** Of three relu units on inputs of 1, the second is dead. */
  const biases = (): tf.Tensor => tf.tensor1d([1, -9, 1]);
  const setBias = (model: tf.LayersModel, layer: string): tf.LayersModel => {
    const {weights} = model.getLayer(layer);
    weights.at(-1)!.write(biases());
    return model;
  };

  it('gives dead units new weights and a bias of 0, and leaves the others alone', async () => {
    const model = tf.sequential({
      layers: [
        dense({
          units: 3,
          inputShape: [2],
          activation: 'relu',
          kernelInitializer: constant(0.5),
          name: 'hidden',
        }),
        dense({units: 1, name: 'last'}),
      ],
    });
    const {change, parameters, after} = await treat(setBias(model, 'hidden'), reviveUnits(), {
      captures: captures(),
    });
    expect(change).toBe('new weights for 1 unit of hidden');
    expect(parameters).toEqual(['hidden/kernel', 'hidden/bias']);
    const kernel = after['hidden/kernel']!.arraySync() as number[][];
    for (const row of kernel) expect([row[0], row[1] === 0.5, row[2]]).toEqual([0.5, false, 0.5]);
    expect(valuesOf(after['hidden/bias'])).toEqual([1, 0, 1]);
  });

  it('finds the filters of a convolution', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({filters: 3, kernelSize: 2, inputShape: [3, 3, 1], activation: 'relu', kernelInitializer: constant(0.5), name: 'conv'}), // prettier-ignore
        tf.layers.flatten(),
        dense({units: 1, name: 'last'}),
      ],
    });
    const {parameters, after} = await treat(setBias(model, 'conv'), reviveUnits(), {captures: captures()});
    expect(parameters).toEqual(['conv/kernel', 'conv/bias']);
    const changed = valuesOf(after['conv/kernel']).map((value) => value !== 0.5);
    expect(changed).toEqual(Array.from({length: 12}, (_, i) => i % 3 === 1));
  });

  it('goes back from an activation over batch normalisation to the weights', async () => {
    const model = tf.sequential({
      layers: [
        dense({units: 3, inputShape: [2], useBias: false, kernelInitializer: constant(0.5), name: 'sums'}),
        batchNormalization({name: 'norm'}),
        tf.layers.reLU({name: 'relu'} as never),
        dense({units: 1, name: 'last'}),
      ],
    });
    const norm = model.getLayer('norm').weights;
    norm.find(({name}) => name.includes('beta'))!.write(biases());
    norm.find(({name}) => name.includes('gamma'))!.write(tf.tensor1d([2, 2, 2]));
    const {change, parameters, after} = await treat(model, reviveUnits(), {captures: captures()});
    expect(change).toBe('new weights for 1 unit of relu');
    expect(parameters).toEqual(['norm/gamma', 'norm/beta', 'sums/kernel']);
    expect(valuesOf(after['norm/gamma'])).toEqual([2, 1, 2]);
    expect(valuesOf(after['norm/beta'])).toEqual([1, 0, 1]);
    const kernel = after['sums/kernel']!.arraySync() as number[][];
    for (const row of kernel) expect([row[0], row[1] === 0.5, row[2]]).toEqual([0.5, false, 0.5]);
  });

  it('takes a unit for dead only where it is in every call of its layer', async () => {
    const input = tf.input({shape: [3]});
    const shared = dense({units: 3, activation: 'relu', kernelInitializer: 'identity', name: 'shared'});
    // Dead on the input are the second and third, behind a shift the first and second.
    const shift = dense({units: 3, kernelInitializer: 'zeros', name: 'shift'});
    const first = shared.apply(input) as tf.SymbolicTensor;
    const second = shared.apply(shift.apply(first) as tf.SymbolicTensor) as tf.SymbolicTensor;
    const model = tf.model({inputs: input, outputs: dense({units: 1}).apply(second) as tf.SymbolicTensor});
    shared.weights[1]!.write(tf.tensor1d([0, -9, -2]));
    shift.weights[1]!.write(tf.tensor1d([-5, -5, 5]));
    const {change, after} = await treat(model, reviveUnits(), {captures: captures()});
    expect(change).toBe('new weights for 1 unit of shared');
    expect(valuesOf(after['shared/bias'])).toEqual([0, 0, -2]);
  });

  it('gives layers of one shape different weights', async () => {
    const hidden = (name: string) => dense({units: 3, inputShape: [3], activation: 'relu', kernelInitializer: constant(-1), useBias: false, name}); // prettier-ignore
    const model = tf.sequential({layers: [hidden('a'), hidden('b'), dense({units: 1})]});
    const {after} = await treat(model, reviveUnits(), {captures: captures()});
    expect(valuesOf(after['a/kernel'])).not.toEqual(valuesOf(after['b/kernel']));
  });

  it.each<[string, () => tf.layers.Layer[], Capture[]]>([
    ['no capture tells of units', () => [dense({units: 2, inputShape: [2], activation: 'relu'})], []],
    ['no unit is dead', () => [dense({units: 2, inputShape: [2], activation: 'relu', kernelInitializer: constant(1)})], captures()], // prettier-ignore
    [
      'the units have no weights of their own',
      () => [
        tf.layers.reshape({targetShape: [2], inputShape: [2]}),
        activation({activation: 'relu', name: 'bare'}),
        dense({units: 1}),
      ],
      [{name: 'unitActivity', when: every(1), measure: () => ({bare: {active: tf.zeros([2])}})}],
    ],
    [
      'the layer is none whose units it knows',
      () => [
        tf.layers.lstm({
          units: 2,
          inputShape: [2, 2],
          activation: 'relu',
          kernelInitializer: constant(-1),
          name: 'cells',
        }),
        dense({units: 1}),
      ],
      captures(),
    ],
  ])('fails as an event where %s', async (_what, layers, given) => {
    const model = tf.sequential({layers: layers()});
    const {action, change} = await treat(model, reviveUnits(), {captures: given});
    expect([action, change]).toEqual(['failed', 'unitActivity has seen no dead unit that can be revived.']);
  });
});

describe('breakSymmetry', () => {
  it('draws constant kernels anew, and nothing else', async () => {
    const model = tf.sequential({
      layers: [
        dense({units: 3, inputShape: [2], kernelInitializer: 'zeros', name: 'flat'}),
        dense({units: 2, kernelInitializer: 'glorotUniform', name: 'varied'}),
        dense({units: 1, kernelInitializer: constant(2), name: 'last'}),
      ],
    });
    const {parameters, change, before, after} = await treat(model, breakSymmetry());
    expect(parameters).toEqual(['flat/kernel', 'last/kernel']);
    expect(change).toBe('new values for 2 constant kernels');
    expect(new Set(valuesOf(after['flat/kernel'])).size).toBe(6);
    expect(valuesOf(after['varied/kernel'])).toEqual(valuesOf(before['varied/kernel']));
  });

  it('fails as an event where none is constant', async () => {
    const model = tf.sequential({layers: [dense({units: 3, inputShape: [2]})]});
    expect(await treat(model, breakSymmetry())).toMatchObject({
      action: 'failed',
      change: 'no kernel is constant.',
    });
  });
});

describe('for a model that is a function', () => {
  it.each<[() => Treatment, string]>([
    [() => reinitializeLayers({layers: 'all'}), 'there is no kernel to draw anew.'],
    [() => reinitializeLayers(), 'there is no kernel to draw anew.'],
    [reviveUnits, 'unitActivity has seen no dead unit that can be revived.'],
    [breakSymmetry, 'no kernel is constant.'],
  ])('%o fails as an event, and the run goes on', async (treatment, change) => {
    const w = tf.variable(tf.zeros([1, 1]), true, 'functionLayersWeight');
    const {actions, reason} = await train([onAlert('x', treatment())], {
      model: (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
      loss: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.losses.meanSquaredError(yTrue, yPred),
      variables: [w],
      alerts: {2: 'x'},
    });
    w.dispose();
    expect(told(actions)).toEqual(['x failed @2']);
    expect([actions[0]!.change, reason]).toEqual([change, 'completed']);
  });
});

describe('initializeParameters', () => {
  it('gives values by glob', async () => {
    const fill = initializeParameters({'**/kernel': ({shape}) => tf.fill([...shape], 3)});
    const {parameters, after} = await treat(smallModel(), fill);
    expect(parameters).toEqual(['hidden/kernel', 'last/kernel']);
    expect(new Set(valuesOf(after['last/kernel']))).toEqual(new Set([3]));
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [[], 'a list of 0'],
    [{'**/kernel': 1}, 'a plain object'],
  ])('rejects %o', (rules, got) => {
    expect(() => initializeParameters(rules as never)).toThrow(
      new TypeError(
        `initializeParameters: rules must be initializers by glob, e.g. {'**/kernel': heNormal()}, got ${got}.`,
      ),
    );
  });
});
