import * as tf from '@tensorflow/tfjs';
import {MathBackendCPU} from '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {checkTrainable} from './checkTrainable.js';
import {MissingKernelsError} from './missingKernelsError.js';

const {layers} = tf;

/** The cpu backend, but for what a backend for inference leaves out. */
const BARE = 'bare';
const missing = ['Conv2DBackpropFilter', 'UnsortedSegmentSum', 'MaxPoolGrad', 'Softplus', 'Tanh'];

beforeAll(() => {
  tf.registerBackend(BARE, () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', BARE);
  for (const kernel of missing) tf.unregisterKernel(kernel, BARE);
});

afterAll(() => tf.removeBackend(BARE));

beforeEach(async () => {
  await tf.setBackend(BARE);
});

afterEach(() => tf.disposeVariables());

/** What is missing, as `layer: kernel, kernel`. */
function missingFor(model: tf.LayersModel): string[] {
  try {
    checkTrainable(model);
  } catch (error) {
    if (!(error instanceof MissingKernelsError)) throw error;
    return error.missing.map(({layer, kernels}) => `${layer}: ${kernels.join(', ')}`);
  }
  return [];
}

function cnn(): tf.Sequential {
  return tf.sequential({
    layers: [
      layers.conv2d({filters: 2, kernelSize: 3, activation: 'tanh', inputShape: [8, 8, 1], name: 'first'}),
      layers.maxPooling2d({poolSize: 2, name: 'pool'}),
      layers.conv2d({filters: 2, kernelSize: 2, name: 'second'}),
      layers.flatten(),
      layers.dense({units: 2, name: 'output'}),
    ],
  });
}

describe('names what is missing', () => {
  it('in each layer, forward and backward, in the order of the model', () => {
    expect(missingFor(cnn())).toEqual([
      'first: Tanh, Conv2DBackpropFilter',
      'pool: MaxPoolGrad',
      'second: Conv2DBackpropFilter',
    ]);
  });

  it('but not what a frozen layer would need', () => {
    const model = cnn();
    for (const name of ['first', 'second']) model.getLayer(name).trainable = false;
    expect(missingFor(model)).toEqual(['first: Tanh']);
  });

  it('in nested models by their path, and in shared ones once', () => {
    const inner = tf.sequential({
      name: 'inner',
      layers: [
        layers.conv2d({filters: 1, kernelSize: 3, inputShape: [5, 5, 1], name: 'conv'}),
        layers.flatten(),
      ],
    });
    const inputs = [tf.input({shape: [5, 5, 1]}), tf.input({shape: [5, 5, 1]})];
    const both = inputs.map((input) => inner.apply(input) as tf.SymbolicTensor);
    const outputs = [layers.add().apply(both), layers.multiply().apply(both)] as tf.SymbolicTensor[];
    expect(missingFor(tf.model({inputs, outputs}))).toEqual(['inner/conv: Conv2DBackpropFilter']);
  });

  it('in the wrapper of the layer', () => {
    const model = tf.sequential({
      layers: [
        layers.embedding({inputDim: 9, outputDim: 3, maskZero: true, name: 'words'}),
        layers.bidirectional({layer: layers.lstm({units: 2, returnSequences: true}), name: 'both'}),
        layers.timeDistributed({layer: layers.dense({units: 2, activation: 'softplus'}), name: 'each'}),
      ],
    });
    expect(missingFor(model)).toEqual(['words: UnsortedSegmentSum', 'both: Tanh', 'each: Softplus']);
  });

  it('in the loss', () => {
    const model = tf.sequential({layers: [layers.dense({units: 1, inputShape: [2]})]});
    expect(missingFor(model)).toEqual([]);
    model.compile({optimizer: 'sgd', loss: (y, output) => tf.softplus(tf.sub(output, y))});
    expect(missingFor(model)).toEqual(['loss: Softplus']);
  });

  it('in a layer of the user', () => {
    class Squash extends layers.Layer {
      static readonly className = 'Squash';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.tanh([inputs].flat()[0]!);
      }
    }
    const model = tf.sequential({
      layers: [layers.dense({units: 1, inputShape: [2]}), new Squash({name: 'squash'})],
    });
    expect(missingFor(model)).toEqual(['squash: Tanh']);
  });

  it('also what cpu lacks, as far as it comes', async () => {
    await tf.setBackend('cpu');
    const {kernelFunc} = tf.getKernel('Tanh', 'cpu');
    tf.unregisterKernel('Tanh', 'cpu');
    try {
      expect(missingFor(cnn())).toEqual(['first: Tanh']);
    } finally {
      tf.registerKernel({kernelName: 'Tanh', backendName: 'cpu', kernelFunc});
    }
  });

  it('in words, with advice', () => {
    expect(() => checkTrainable(cnn())).toThrow(
      [
        `checkTrainable: the backend 'bare' cannot train this model, for want of kernels:`,
        '  first: Tanh, Conv2DBackpropFilter',
        '  pool: MaxPoolGrad',
        '  second: Conv2DBackpropFilter',
        "useBackend('wasm') of @gradwire/backend adds kernels for training; `npx gradwire-doctor` lists the backends here.",
      ].join('\n'),
    );
  });
});

describe('lets pass', () => {
  it('what trains on the backend', async () => {
    await tf.setBackend('cpu');
    expect(missingFor(cnn())).toEqual([]);
  });

  it('losses with targets of another shape, regularizers, and dimensions that are open', () => {
    const model = tf.sequential({
      layers: [
        layers.conv1d({filters: 2, kernelSize: 3, inputShape: [null, 2], trainable: false}),
        layers.globalAveragePooling1d({}),
        layers.dense({units: 3, activation: 'softmax', kernelRegularizer: 'l1l2'}),
      ],
    });
    model.compile({optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy'});
    expect(missingFor(model)).toEqual([]);
    const functional = tf.model({inputs: model.inputs, outputs: model.outputs});
    functional.compile({optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy'});
    expect(missingFor(functional)).toEqual([]);
  });

  it('but not a model that has nothing to train, which fit refuses too', () => {
    const model = tf.sequential({layers: [layers.flatten({inputShape: [2, 2]})]});
    expect(() => checkTrainable(model)).toThrow('checkTrainable: the model has no weight to train');
  });
});

describe('on the wasm backend as shipped', () => {
  const batch = () => ({x: tf.zeros([2, 8, 8, 1]), y: tf.zeros([2, 2])});

  it('says the same as fit, before it', async () => {
    await tf.setBackend('wasm');
    const model = cnn();
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    expect(missingFor(model)).toEqual(['first: Conv2DBackpropFilter', 'second: Conv2DBackpropFilter']);
    const {x, y} = batch();
    await expect(model.fit(x, y, {verbose: 0})).rejects.toThrow(
      "Kernel 'Conv2DBackpropFilter' not registered",
    );
    for (const name of ['first', 'second']) model.getLayer(name).trainable = false;
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    expect(missingFor(model)).toEqual([]);
    await expect(model.fit(x, y, {verbose: 0})).resolves.toBeDefined();
  });
});

describe('changes nothing', () => {
  const recurrent = () =>
    tf.sequential({
      layers: [
        layers.dense({units: 3, batchInputShape: [2, 4, 3]}),
        layers.batchNormalization(),
        layers.lstm({units: 2, stateful: true, dropout: 0.5, recurrentDropout: 0.5}),
        layers.dense({units: 1}),
      ],
    });

  it('of weights, moving averages, and states of recurrent layers', () => {
    const model = recurrent();
    const states = () => (model.layers[2] as unknown as {states: tf.Tensor[]}).states;
    const before = {weights: values(model.getWeights()), states: states()};
    expect(missingFor(model)).not.toEqual([]);
    expect(values(model.getWeights())).toEqual(before.weights);
    expect(states()).toBe(before.states);
    expect(values(states())).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('of the properties of layers', () => {
    const model = recurrent();
    const properties = () => model.layers.map((layer) => Object.entries(layer));
    const before = properties();
    expect(missingFor(model)).not.toEqual([]);
    expect(properties()).toEqual(before);
    expect(model.layers.some((layer) => Object.hasOwn(layer, 'apply'))).toBe(false);
  });

  it('of the kernels of the backend', () => {
    const names = () => tf.getKernelsForBackend(BARE).map(({kernelName}) => kernelName);
    const before = names();
    expect(missingFor(cnn())).not.toEqual([]);
    expect(names()).toEqual(before);
  });

  it('of what variables can do', () => {
    expect(missingFor(recurrent())).not.toEqual([]);
    const variable = tf.variable(tf.scalar(1));
    variable.assign(tf.scalar(2));
    expect(variable.arraySync()).toBe(2);
  });

  it('of weights that lie on another backend', async () => {
    await tf.setBackend('wasm');
    const model = recurrent();
    const before = values(model.getWeights());
    await tf.setBackend('cpu');
    checkTrainable(model);
    expect(values(model.getWeights())).toEqual(before);
  });

  it.each<[string, () => tf.LayersModel]>([
    ['convolutions', cnn],
    ['recurrent layers with states and dropout', recurrent],
    ['a gradient that throws', dilated],
  ])('of the number of tensors, with %s', (_, create) => {
    const model = create();
    const before = tf.memory();
    expect(() => checkTrainable(model)).toThrow('checkTrainable');
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
      numBytes: before.numBytes,
    });
  });
});

it('names the layer that cannot be trained for another reason', async () => {
  await tf.setBackend('cpu');
  expect(() => checkTrainable(dilated())).toThrow(
    "checkTrainable: a training step fails in 'holes': Error in gradient of fused conv2D: dilation rates",
  );
});

it.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['string', 'model.json'],
  ['GraphModel', new tf.GraphModel('model.json')],
  ['Dense', tf.layers.dense({units: 1})],
])('wants a LayersModel, not %s', (got, model) => {
  expect(() => checkTrainable(model as tf.LayersModel)).toThrow(
    new TypeError(`checkTrainable: needs a LayersModel, got ${got}.`),
  );
});

it('wants a model with inputs', () => {
  expect(() => checkTrainable(tf.sequential())).toThrow(
    'checkTrainable: the model has no inputs; give its first layer an inputShape.',
  );
});

/** TensorFlow.js has no gradient for this. */
function dilated(): tf.Sequential {
  const shape = {filters: 1, kernelSize: 3, dilationRate: 2, inputShape: [8, 8, 1]};
  return tf.sequential({layers: [layers.conv2d({...shape, name: 'holes'}), layers.flatten()]});
}

function values(tensors: readonly tf.Tensor[]): number[][] {
  return tensors.map((tensor) => [...tensor.dataSync()]);
}
