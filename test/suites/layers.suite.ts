import * as layers from '@gradwire/layers';
import {expectNoLeaks} from '@gradwire/testing';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {sequential} from './support/models.js';
import {loaded, saved} from './support/saving.js';
import {valuesOf, weightsOf} from './support/values.js';

const {gelu, gradientNormalization, maxNormRegularizer, residual, swish} = layers;
const {randomContrast, randomFlip, randomRotation, randomTranslation, randomZoom} = layers;

type Exports = typeof layers;
type LayerName = {
  [Name in keyof Exports]: Exports[Name] extends (...given: never) => tf.layers.Layer ? Name : never;
}[Exclude<keyof Exports, 'withGaussianNoise'>];
type Make = () => tf.layers.Layer;

const dense = (units: number) => tf.layers.dense({units, activation: 'tanh'});
const conv = (filters: number, strides = 1) =>
  tf.layers.conv2d({filters, kernelSize: 3, strides, padding: 'same', activation: 'tanh'});

/** For vectors and images alike. The type asks for every layer that is shipped. */
const anyShape: {readonly [Name in Exclude<LayerName, keyof typeof forImages>]: readonly Make[]} = {
  gelu: [() => gelu(), () => gelu({approximate: true})],
  gradientNormalization: [() => gradientNormalization()],
  hardSwish: [() => layers.hardSwish()],
  mish: [() => layers.mish()],
  randomizedLeakyReLU: [() => layers.randomizedLeakyReLU()],
  residual: [
    () => residual([dense(5), tf.layers.batchNormalization()]),
    () => residual([dense(5), dense(4)]),
  ],
  softplus: [() => layers.softplus({beta: 2, threshold: 1})],
  squareplus: [() => layers.squareplus()],
  standardize: [() => layers.standardize()],
  swish: [() => swish({beta: 2}), () => swish({trainableBeta: true})],
  unitDropout: [() => layers.unitDropout({rate: 0.25})],
};

const forImages = {
  randomContrast: [() => randomContrast({factor: 0.3})],
  randomFlip: [() => randomFlip()],
  randomRotation: [
    () => randomRotation({factor: 0.1, fillMode: 'constant', fillValue: 0.5}),
    () => randomRotation({factor: 0.1, interpolation: 'nearest'}),
  ],
  randomTranslation: [() => randomTranslation({heightFactor: 0.3, widthFactor: [0, 0.2]})],
  randomZoom: [() => randomZoom({heightFactor: 0.3, widthFactor: 0.1, fillMode: 'nearest'})],
} satisfies Partial<Record<LayerName, readonly Make[]>>;

const imageShape = [6, 6, 2];
const residualConv = (): tf.layers.Layer => residual([conv(5, 2), conv(3)]);
const convolutional = (): tf.layers.Layer[] => [conv(2), tf.layers.flatten(), tf.layers.dense({units: 1})];

const named = (makers: Readonly<Record<string, readonly Make[]>>): [string, Make][] =>
  Object.entries(makers).flatMap(([name, variants]) =>
    variants.map((make, i): [string, Make] => [`${name}${i === 0 ? '' : `, variant ${i + 1}`}`, make]),
  );

/** Models with a layer in their middle, so that gradients go through it; images are changed before anything else, as a rule. */
const tasks: readonly (readonly [string, () => tf.Sequential, number[]])[] = [
  ...named(anyShape).map(([name, make]): [string, () => tf.Sequential, number[]] => [
    name,
    () => sequential(tf.layers.dense({units: 4, inputShape: [3]}), make(), tf.layers.dense({units: 1})),
    [3],
  ]),
  ...named(forImages).map(([name, make]): [string, () => tf.Sequential, number[]] => [
    name,
    () => sequential(tf.layers.inputLayer({inputShape: imageShape}), make(), ...convolutional()),
    imageShape,
  ]),
  ...named({
    'residual of convolutions': [residualConv],
    'randomZoom behind a layer': forImages.randomZoom,
  }).map(([name, make]): [string, () => tf.Sequential, number[]] => [
    name,
    () =>
      sequential(
        tf.layers.conv2d({filters: 2, kernelSize: 3, inputShape: imageShape}),
        make(),
        ...convolutional(),
      ),
    imageShape,
  ]),
  [
    'maxNormRegularizer',
    () => {
      const kernelRegularizer = maxNormRegularizer({maxNorm: 0.2, strength: 0.1});
      return sequential(
        tf.layers.dense({units: 4, inputShape: [3], kernelRegularizer}),
        tf.layers.dense({units: 1}),
      );
    },
    [3],
  ],
];

const SAMPLES = 16;

describe.each(tasks)('%s', (_name, model, inputShape) => {
  const data = () => ({x: wave([SAMPLES, ...inputShape], 1), y: wave([SAMPLES, 1], 2)});

  it('trains, and ends where it does on the cpu backend', async () => {
    const here = await twentySteps(model(), data());
    const {weights} = await onCpu(() => twentySteps(model(), data()));
    expect(here.losses.every(Number.isFinite)).toBe(true);
    expect(here.after).toBeLessThan(here.before);
    expect(here.weights).toBeAllclose(weights, {rtol: 1e-3, atol: 1e-4});
  });

  it('leaves no tensors behind', async () => {
    const [trained, given] = [model(), data()];
    const trainer = trainerOf(trained);
    await trainer.fit(given);
    await expectNoLeaks(() => trainer.fit(given));
  });

  it('predicts the same after saving and loading', async () => {
    const original = model();
    const {x} = data();
    const copy = await loaded(await saved(original));
    expect(await valuesOf(copy.predict(x) as tf.Tensor)).toBeAllclose(
      await valuesOf(original.predict(x) as tf.Tensor),
      {rtol: 1e-6, atol: 1e-7},
    );
  });
});

describe('gradientNormalization brings to unit deviation what is far from it:', () => {
  it.each([1e-20, 1e20])('%d', async (size) => {
    const layer = gradientNormalization({epsilon: 0});
    const dy = tf.tensor1d([size, -size]);
    const dx = tf.grad((x) => layer.apply(x) as tf.Tensor)(tf.zeros([2]), dy);
    expect(await valuesOf(dx)).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2], {rtol: 1e-5});
  });
});

describe('constants become zeros, with no gradient:', () => {
  it.each([0.1, 1234.567])('%d', async (entry) => {
    const {value, grad} = tf.valueAndGrad((x: tf.Tensor) => layers.standardize().apply(x) as tf.Tensor)(
      tf.fill([7, 11], entry),
    );
    const layer = gradientNormalization();
    const dx = tf.grad((x) => layer.apply(x) as tf.Tensor)(tf.zeros([7, 11]), tf.fill([7, 11], entry));
    for (const zeros of [value, grad, dx]) expect(await valuesOf(zeros)).toBeAllclose(0, {atol: 1e-30});
  });
});

describe('activations are finite with their gradients at ±100:', () => {
  const {hardSwish, mish, randomizedLeakyReLU, softplus, squareplus} = layers;
  const activations = {gelu, hardSwish, mish, randomizedLeakyReLU, softplus, squareplus, swish};

  it.each(Object.entries(activations))('%s', async (_name, make) => {
    const layer = make();
    const {value, grad} = tf.valueAndGrad((x: tf.Tensor) => layer.apply(x) as tf.Tensor)(
      tf.tensor1d([-100, 100]),
    );
    const [[, high], gradients] = [await valuesOf(value), await valuesOf(grad)];
    expect([high, gradients[1]]).toBeAllclose([100, 1], {rtol: 1e-3});
    expect(gradients.every(Number.isFinite)).toBe(true);
  });
});

it('withGaussianNoise adds the same noise on every backend', async () => {
  const noisy = (): tf.Tensor => layers.withGaussianNoise(tf.ones([100]), {stddev: 0.05, seed: 42});
  const here = await valuesOf(noisy());
  expect(here).toBeAllclose(await onCpu(() => valuesOf(noisy())), {rtol: 1e-6});
});

const trainerOf = (model: tf.LayersModel) =>
  createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.01), seed: 1});

async function twentySteps(model: tf.LayersModel, {x, y}: {x: tf.Tensor; y: tf.Tensor}) {
  const lossOf = async (): Promise<number> => {
    const [loss] = await valuesOf(
      tf.tidy(() => tf.losses.meanSquaredError(y, model.predict(x) as tf.Tensor)),
    );
    return loss!;
  };
  const before = await lossOf();
  const {history} = await trainerOf(model).fit({x, y}, {batchSize: 8, epochs: 10});
  return {before, after: await lossOf(), losses: history['loss']!, weights: await weightsOf(model)};
}

async function onCpu<T>(compute: () => Promise<T>): Promise<T> {
  const backend = tf.getBackend();
  await tf.setBackend('cpu');
  try {
    return await compute();
  } finally {
    await tf.setBackend(backend);
  }
}

/** Numbers between -1 and 1 that look random and are always the same. */
function wave(shape: readonly number[], phase: number): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const values = Float32Array.from({length: size}, (_, i) => Math.sin(phase + 1.7 * i + 0.3 * i * i));
  return tf.tensor(values, [...shape]);
}
