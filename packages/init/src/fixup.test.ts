import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {constant} from './constant.js';
import {fixup} from './fixup.js';
import {orthogonal} from './orthogonal.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

type Symbolic = tf.SymbolicTensor;

function dense(name: string, x: Symbolic, units = 4): Symbolic {
  return tf.layers.dense({units, activation: 'relu', name}).apply(x) as Symbolic;
}

function add(name: string, ...inputs: Symbolic[]): Symbolic {
  return tf.layers.add({name}).apply(inputs) as Symbolic;
}

/** A stem, residual blocks with so many layers each, and an output layer. */
function residual(...depths: number[]): tf.LayersModel {
  const input = tf.input({shape: [4]});
  let x = dense('stem', input);
  for (const [block, depth] of depths.entries()) {
    let branch = x;
    for (let i = 0; i < depth; i++) branch = dense(`block${block}_${i}`, branch);
    x = add(`add${block}`, block % 2 === 0 ? x : branch, block % 2 === 0 ? branch : x);
  }
  return tf.model({inputs: input, outputs: dense('out', x, 2)});
}

function scales(model: tf.LayersModel, options = {}): Record<string, number> {
  return Object.fromEntries(fixup(model, options).map(({layer, scale}) => [layer, scale]));
}

/** A residual layer as another package may have it: what it adds is its `block`. */
class Residual extends tf.layers.Layer {
  static readonly className = 'TestResidual';
  constructor(readonly block: tf.Sequential | tf.layers.Layer[]) {
    super({});
  }
  override build(shape: tf.Shape): void {
    for (const layer of Array.isArray(this.block) ? this.block : this.block.layers) layer.build(shape);
    this.built = true;
  }
  override get weights(): tf.LayerVariable[] {
    return (Array.isArray(this.block) ? this.block : this.block.layers).flatMap(({weights}) => weights);
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor];
    const layers = Array.isArray(this.block) ? this.block : this.block.layers;
    return tf.add(
      x,
      layers.reduce((value, layer) => layer.apply(value) as tf.Tensor, x),
    );
  }
}

describe('fixup', () => {
  it('scales by L^(-1/(2m-2)) in branches, and makes the last layers zero', () => {
    // Two blocks: 2^(-1/2) with two layers, 2^(-1/4) with three.
    expect(scales(residual(2, 3))).toEqual({
      stem: 1,
      block0_0: 2 ** (-1 / 2),
      block0_1: 0,
      block1_0: 2 ** (-1 / 4),
      block1_1: 2 ** (-1 / 4),
      block1_2: 0,
      out: 0,
    });
  });

  it('makes the only layer of a branch zero', () => {
    expect(scales(residual(1))).toEqual({stem: 1, block0_0: 0, out: 0});
  });

  it('multiplies what the initializer has made, by just that', () => {
    const model = residual(2, 2);
    fixup(model, {initializer: constant({value: 3})});
    const first = Object.fromEntries(
      model.weights.map((weight) => [weight.originalName, weight.read().dataSync()[0]!]),
    );
    expect(first['block0_0/kernel']).toBeCloseTo(3 / Math.SQRT2, 6);
    expect([first['stem/kernel'], first['block0_1/kernel'], first['out/kernel']]).toEqual([3, 0, 0]);
  });

  it('makes the model return its biases, before it is trained', () => {
    const model = residual(2, 2);
    fixup(model);
    expect([...(model.predict(tf.ones([1, 4])) as tf.Tensor).dataSync()]).toEqual([0, 0]);
  });

  it('leaves the output layer as it is drawn with zeroOutput false', () => {
    expect(scales(residual(2), {zeroOutput: false})['out']).toBe(1);
  });

  it('tells the branch of each layer', () => {
    expect(fixup(residual(2))).toEqual([
      {layer: 'stem', scale: 1, branch: ''},
      {layer: 'block0_0', scale: 1, branch: 'add0'},
      {layer: 'block0_1', scale: 0, branch: 'add0'},
      {layer: 'out', scale: 0, branch: ''},
    ]);
  });

  it('leaves a shortcut with a projection at scale 1', () => {
    const input = tf.input({shape: [3]});
    const branch = dense('second', dense('first', input));
    const sum = add('sum', branch, dense('projection', input));
    expect(scales(tf.model({inputs: input, outputs: dense('out', sum)}))).toMatchObject({
      projection: 1,
      second: 0,
    });
  });

  it('finds what is normalised and activated behind the last layer of a branch', () => {
    const input = tf.input({shape: [4]});
    const last = dense('last', dense('first', input));
    const branch = tf.layers.reLU().apply(tf.layers.batchNormalization().apply(last)) as Symbolic;
    expect(scales(tf.model({inputs: input, outputs: add('sum', input, branch)}))).toEqual({
      first: 1,
      last: 0,
    });
  });

  it('takes a model that ends in a sum to have no output layer', () => {
    const input = tf.input({shape: [4]});
    const stem = dense('stem', input);
    const sum = add('sum', stem, dense('last', dense('first', stem)));
    expect(scales(tf.model({inputs: input, outputs: sum}))).toEqual({stem: 1, first: 1, last: 0});
  });

  it('makes all layers zero that a branch ends in', () => {
    const input = tf.input({shape: [4]});
    const first = dense('first', input);
    const both = tf.layers.concatenate().apply([dense('a', first, 2), dense('b', first, 2)]) as Symbolic;
    expect(scales(tf.model({inputs: input, outputs: add('sum', input, both)}))).toEqual({
      first: 1,
      a: 0,
      b: 0,
    });
  });

  it('finds branches in nested models, and those that are nested models', () => {
    const block = tf.sequential({
      layers: [
        tf.layers.dense({units: 4, inputShape: [4], name: 'first'}),
        tf.layers.dense({units: 4, name: 'last'}),
      ],
      name: 'block',
    });
    const within = tf.input({shape: [4]});
    const inner = tf.model({
      inputs: within,
      outputs: add('sum', within, block.apply(within) as Symbolic),
      name: 'inner',
    });
    const input = tf.input({shape: [4]});
    const model = tf.model({inputs: input, outputs: dense('out', inner.apply(input) as Symbolic)});
    expect(scales(model)).toEqual({'inner/block/first': 1, 'inner/block/last': 0, out: 0});
  });

  it.each<[string, (layers: tf.layers.Layer[]) => tf.Sequential | tf.layers.Layer[]]>([
    ['a list of layers', (layers) => layers],
    ['a model', (layers) => tf.sequential({layers})],
  ])('finds residual layers whose block is %s', (_, block) => {
    const make = (name: string) =>
      new Residual(
        block([
          tf.layers.dense({units: 4, inputShape: [4], name: `${name}_first`}),
          tf.layers.dense({units: 4, name: `${name}_last`}),
        ]),
      );
    const model = tf.sequential({
      layers: [
        tf.layers.dense({units: 4, inputShape: [4], name: 'stem'}),
        make('a'),
        make('b'),
        tf.layers.dense({units: 2, name: 'out'}),
      ],
    });
    const found = Object.fromEntries(fixup(model).map(({layer, scale}) => [layer.split('/').at(-1)!, scale]));
    const scale = 2 ** (-1 / 2);
    expect(found).toEqual({stem: 1, a_first: scale, a_last: 0, b_first: scale, b_last: 0, out: 0});
  });

  it('scales the pointwise kernel of a separable convolution', () => {
    const input = tf.input({shape: [4, 4, 2]});
    const conv = (name: string, x: Symbolic) =>
      tf.layers.separableConv2d({filters: 2, kernelSize: 3, padding: 'same', name}).apply(x) as Symbolic;
    const model = tf.model({inputs: input, outputs: add('sum', input, conv('last', conv('first', input)))});
    fixup(model, {initializer: constant({value: 1})});
    const kernels = model.weights.filter(({name}) => name.startsWith('last/') && name.includes('kernel'));
    expect(kernels.map((weight) => weight.read().dataSync()[0])).toEqual([1, 0]);
  });

  it('leaves frozen layers alone', () => {
    const model = residual(2);
    model.getLayer('block0_1').trainable = false;
    const before = [...model.getLayer('block0_1').getWeights()[0]!.dataSync()];
    expect(scales(model)).toEqual({stem: 1, block0_0: 1, out: 0});
    expect([...model.getLayer('block0_1').getWeights()[0]!.dataSync()]).toEqual(before);
  });

  it('gives the same weights for the same seed', () => {
    const models = [residual(2), residual(2)];
    for (const model of models) fixup(model, {seed: 42});
    const [a, b] = models.map((model) => model.getWeights().map((weight) => [...weight.dataSync()]));
    expect(a).toEqual(b);
  });

  it('leaves nothing behind', () => {
    const model = residual(2, 2);
    return expectNoLeaks(() => fixup(model));
  });
});

describe('fixup refuses', () => {
  it('a model without residual branches', () => {
    const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
    expect(() => fixup(model)).toThrow(
      new Error('fixup: the model has no residual branches: neither Add layers nor residual layers.'),
    );
  });

  it('a sum of two layers side by side, which is no residual', () => {
    const input = tf.input({shape: [4]});
    const model = tf.model({inputs: input, outputs: add('sum', dense('a', input), dense('b', input))});
    expect(() => fixup(model)).toThrow(
      new Error("fixup: which input of 'sum' is the shortcut? Two of them pass equally many layers."),
    );
  });

  it('what an initializer refuses, and changes nothing', () => {
    const model = residual(2);
    const before = model.getWeights().map((weight) => [...weight.dataSync()]);
    const initializer = (...args: Parameters<ReturnType<typeof orthogonal>>) => {
      if (args[0].name.startsWith('out/kernel')) throw new Error('not this one');
      return orthogonal()(...args);
    };
    expect(() => fixup(model, {initializer})).toThrow('not this one');
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before);
  });

  it.each<[object, Error]>([
    [{seed: -1}, new RangeError('fixup: seed must be a whole number >= 0, got -1.')],
    [
      {initializer: 'heNormal'},
      new TypeError("fixup: initializer must be an initializer, e.g. heNormal(), got the string 'heNormal'."),
    ],
    [{zeroOutput: 0}, new TypeError('fixup: zeroOutput must be true or false, got the number 0.')],
    [
      {zero: true},
      new TypeError("fixup: there is no option 'zero'. Options: initializer, zeroOutput, seed."),
    ],
  ])('the options %o', (options, error) => {
    expect(() => fixup(residual(2), options)).toThrow(error);
  });
});
