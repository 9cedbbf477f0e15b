import {clipByValue} from '@gradwire/clipping';
import {type Initializer, scheduleLearningRate, transformGradients} from '@gradwire/core';
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  leCunNormal,
  leCunUniform,
  randomNormal,
  truncatedNormal,
  varianceScaling,
} from '@gradwire/init';
import {
  randomContrast,
  randomFlip,
  randomizedLeakyReLU,
  randomRotation,
  randomTranslation,
  randomZoom,
} from '@gradwire/layers';
import {exponentialDecay, rmsprop, sgd} from '@gradwire/optimizers';
import {
  freeze,
  gradualUnfreezing,
  pretrainAuxiliary,
  pretrainLayerwise,
  readSafetensors,
  replaceTop,
  reuseLayers,
  trainFromCache,
} from '@gradwire/procedures';
import {toBeAllclose} from '@gradwire/testing';
import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it, vi} from 'vitest';
import {
  TRUNCATED,
  deviationOf,
  expectNormal,
  expectTruncated,
  expectUniform,
  largestOf,
  meanOf,
  wide,
} from './draws.js';
import {expectRows} from './expectRows.js';
import {labelled, logitsLoss, matrix, outputs, stepsOf, values, walk, weightsOf} from './trainings.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));

const {dense} = tf.layers;

describe('notes on Géron, chapter 11', () => {
  it('the bad case: N(0, 1) and logistic', () => {
    expectNormal(randomNormal({stddev: 1}), 1);
  });

  it('Xavier: ±√(6 / (in + out)), σ = √(2 / (in + out))', () => {
    expectUniform(glorotUniform(), Math.sqrt(6 / 700));
    const sigma = Math.sqrt(2 / 700);
    expectTruncated(glorotNormal(), sigma, (2 * sigma) / TRUNCATED);
    // That of tfjs is truncated without a correction.
    const plain = values(tf.initializers.glorotNormal({seed: 1}).apply(wide));
    expect(deviationOf(plain)).toBeAllclose(TRUNCATED * sigma, {rtol: 0.01});
  });

  it('He: σ = √(2 / in), ±√(6 / in)', () => {
    expectTruncated(heNormal(), Math.sqrt(2 / 300), (2 * Math.sqrt(2 / 300)) / TRUNCATED);
    expectUniform(heUniform(), Math.sqrt(6 / 300));
  });

  it('LeCun: σ = √(1 / in), ±√(3 / in)', () => {
    expectTruncated(leCunNormal(), Math.sqrt(1 / 300), (2 * Math.sqrt(1 / 300)) / TRUNCATED);
    expectUniform(leCunUniform(), Math.sqrt(3 / 300));
  });

  it('the standard heuristic U(±1 / √in)', () => {
    expectUniform(varianceScaling({scale: 1 / 3, distribution: 'uniform'}), 1 / Math.sqrt(300));
  });

  it('variance_scaling_initializer(): σ = √(1.3 · 2 / in), truncated at 2 σ', () => {
    const sigma = Math.sqrt((1.3 * 2) / 300);
    expectTruncated(truncatedNormal({stddev: sigma}), TRUNCATED * sigma, 2 * sigma);
    expectTruncated(varianceScaling({scale: 1.3 * 2 * 0.87962566 ** 2}), TRUNCATED * sigma, 2 * sigma);
  });

  it('leaky ReLU with slope 0.01', () => {
    expect(outputs(tf.layers.leakyReLU({alpha: 0.01}), tf.tensor1d([-10, 10]))).toBeAllclose([-0.1, 10]);
  });

  it('RReLU: U(1/8, 1/3) in training, 11/48 afterwards', () => {
    const slopes = outputs(randomizedLeakyReLU(), tf.fill([100, 1000], -1), true).map((y) => -y);
    expect(slopes.reduce((a, b) => Math.min(a, b))).toBeAllclose(1 / 8, {atol: 1e-4});
    expect(largestOf(slopes)).toBeAllclose(1 / 3, {atol: 1e-4});
    expect(meanOf(slopes)).toBeAllclose(11 / 48, {rtol: 0.01});
    expect(outputs(randomizedLeakyReLU(), tf.tensor1d([-48, 1]))).toBeAllclose([-11, 1]);
  });

  it('PReLU, its slope learned from 0.25 on', async () => {
    const layer = tf.layers.prelu({
      alphaInitializer: tf.initializers.constant({value: 0.25}),
      inputShape: [1],
    });
    const model = tf.sequential({layers: [layer]});
    expect(values(model.predict(matrix(1, [-4, 4])))).toBeAllclose([-1, 4]);
    const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.01)});
    await trainer.fit({x: matrix(1, [-4]), y: matrix(1, [0])}); // d(−4 a)² / da = 32 a = 8
    expect(layer.getWeights()[0]).toBeAllclose(0.25 - 0.01 * 8);
    const plain = tf.layers.prelu({inputShape: [1]});
    tf.sequential({layers: [plain]});
    expect(plain.getWeights()[0]).toBeAllclose(0);
  });

  it('ELU, α 1', () => {
    expect(outputs(tf.layers.elu({alpha: 1}), tf.tensor1d([-1, 2]))).toBeAllclose([Math.exp(-1) - 1, 2]);
  });

  it('batch normalisation before the activation', () => {
    const model = tf.sequential({
      layers: [
        dense({units: 2, useBias: false, kernelInitializer: 'identity', inputShape: [2]}),
        tf.layers.batchNormalization({name: 'bn'}),
        tf.layers.activation({activation: 'elu'}),
      ],
    });
    const bn = model.getLayer('bn');
    expect(bn.trainableWeights.map(({originalName}) => originalName)).toEqual(['bn/gamma', 'bn/beta']);
    bn.setWeights(
      [
        [2, 3],
        [0, 1],
        [5, 5],
        [4, 9],
      ].map((row) => tf.tensor1d(row)),
    );
    // γ (x − mean) / √(variance + ε) + β, then ELU
    const [first, second] = [(2 * -4) / Math.sqrt(4.001), (3 * 3) / Math.sqrt(9.001) + 1];
    expect(values(model.predict(matrix(2, [1, 8])))).toBeAllclose([Math.expm1(first), second], {
      rtol: 1e-4,
    });
  });

  it('clip_by_value(g, −1, 1), between computing gradients and applying them', () => {
    const optimizer = transformGradients(tf.train.sgd(1), clipByValue({value: 1}));
    expect(walk(optimizer, [3, 0.5, -7])).toBeAllclose([-1, -1.5, -0.5]);
  });

  const digits = (kernelInitializer: Initializer = randomNormal({stddev: 1})) => {
    const layer = (name: string, units: number, activation: 'relu' | 'linear' = 'relu') =>
      dense({
        units,
        activation,
        kernelInitializer: kernelInitializer as ReturnType<typeof randomNormal>,
        name,
      });
    return tf.sequential({
      layers: [
        tf.layers.inputLayer({inputShape: [4]}),
        layer('hidden1', 5),
        layer('hidden2', 5),
        layer('hidden3', 5),
        layer('hidden4', 5),
        layer('outputs', 3, 'linear'),
      ],
    });
  };
  const names = ['hidden1', 'hidden2', 'hidden3', 'hidden4', 'outputs'];
  const layersOf = (model: tf.LayersModel) => names.map((name) => weightsOf(model.getLayer(name)));
  const changesOf = (before: number[][], model: tf.LayersModel) =>
    layersOf(model).map((layer, i) => layer.some((w, j) => w !== before[i]![j]));

  it('reuse lower layers', () => {
    const [source, target] = [digits(), digits()];
    const before = layersOf(target);
    reuseLayers(target, source, {select: 'hidden{1,2}/**'});
    expect(layersOf(target).slice(0, 2)).toEqual(layersOf(source).slice(0, 2));
    expect(changesOf(before, target)).toEqual([true, true, false, false, false]);
  });

  it('reuse a model of another framework', () => {
    // The format: length of the header, the header, the numbers.
    const header = new TextEncoder().encode(
      JSON.stringify({'fc.weight': {dtype: 'F32', shape: [1, 2], data_offsets: [0, 8]}}).padEnd(72),
    );
    const file = new Uint8Array(8 + header.length + 8);
    new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
    file.set(header, 8);
    new DataView(file.buffer).setFloat32(8 + header.length, 3, true);
    new DataView(file.buffer).setFloat32(12 + header.length, 4, true);
    const model = tf.sequential({layers: [dense({units: 1, inputShape: [2], name: 'score'})]});
    reuseLayers(model, readSafetensors(file.buffer), {
      map: {'score/kernel': {from: 'fc.weight', transpose: [1, 0]}},
    });
    expect(values(model.predict(matrix(2, [10, 1])))).toEqual([34]);
  });

  it('freeze all but the upper layers', async () => {
    const model = digits();
    const before = layersOf(model);
    const trainer = createTrainer({
      model,
      loss: logitsLoss,
      optimizer: tf.train.momentum(0.01, 0.9),
      transforms: [freeze({select: 'hidden{1,2}/**'})],
    });
    await trainer.fit(labelled(12, 4), {epochs: 2});
    expect(changesOf(before, model)).toEqual([false, false, true, true, true]);
  });

  it('cache what the frozen layers give: computed once, 500 batches an epoch', async () => {
    const [cached, whole] = [digits(), digits()];
    whole.setWeights(cached.getWeights());
    const before = layersOf(cached);
    const data = labelled(1000, 4);
    const options = {loss: logitsLoss, seed: 7};
    let steps = 0;
    const lowest = vi.spyOn(cached.getLayer('hidden1'), 'call');
    await trainFromCache({
      model: cached,
      from: 'hidden3',
      data,
      ...options,
      optimizer: () => tf.train.sgd(0.01),
      batchSize: 1000 / 500,
      epochs: 3,
      measure: false,
      consumers: [(events$) => events$.pipe(ofType('step')).subscribe(() => (steps += 1))],
    });
    expect(steps).toBe(3 * 500);
    // Each sample once, and a batch beforehand to see whether these layers act otherwise in training.
    expect(lowest.mock.calls.length).toBeLessThan(510);
    expect(changesOf(before, cached)).toEqual([false, false, true, true, true]);
    for (const name of ['hidden1', 'hidden2']) whole.getLayer(name).trainable = false;
    const trainer = createTrainer({model: whole, ...options, optimizer: tf.train.sgd(0.01)});
    await trainer.fit(data, {batchSize: 2, epochs: 3});
    expect(layersOf(cached)).toEqual(layersOf(whole));
  });

  it('replace the output layer', () => {
    const old = digits();
    const model = replaceTop(old, {drop: 1, layers: [dense({units: 7, name: 'new'})]});
    expect(model.outputs[0]!.shape).toEqual([null, 7]);
    expect(model.getLayer('hidden4')).toBe(old.getLayer('hidden4'));
  });

  it('unfreeze from the top, one after the other', async () => {
    const model = digits();
    const trainer = createTrainer({
      model,
      loss: logitsLoss,
      optimizer: tf.train.sgd(0.01),
      transforms: [gradualUnfreezing({groups: ['outputs/**', 'hidden4/**', 'hidden3/**', 'hidden{1,2}/**']})],
    });
    const trained: boolean[][] = [];
    let before = layersOf(model);
    trainer.events$.pipe(ofType('epochEnd')).subscribe(() => {
      trained.push(changesOf(before, model));
      before = layersOf(model);
    });
    await trainer.fit(labelled(30, 4), {epochs: 4});
    expect(trained.map((layers) => layers.filter(Boolean).length)).toEqual([1, 2, 3, 5]);
    expect(trained[1]).toEqual([false, false, false, true, true]);
  });

  it('unsupervised pre-training, layer by layer from the lowest, done layers frozen', async () => {
    const body = replaceTop(digits(), {from: 'hidden3'});
    const before = ['hidden1', 'hidden2'].map((name) => weightsOf(body.getLayer(name)));
    const seen: boolean[][] = [];
    const look = () =>
      seen.push(
        ['hidden1', 'hidden2'].map((name, i) =>
          weightsOf(body.getLayer(name)).some((w, j) => w !== before[i]![j]),
        ),
      );
    const {stages} = await pretrainLayerwise({
      model: body,
      x: labelled(20, 4).x,
      optimizer: () => tf.train.sgd(0.01),
      epochs: 5,
      onStage: look,
    });
    look();
    expect(seen).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
    for (const {history} of stages) expect(history['loss']!.at(-1)).toBeLessThan(history['loss']![0]!);
  });

  it('pre-training on an auxiliary task: intact data good, corrupt copies bad', async () => {
    const body = replaceTop(digits(), {from: 'hidden3'});
    const corrupt = (x: tf.Tensor) => tf.neg(x);
    const seen: number[] = [];
    const {stages} = await pretrainAuxiliary({
      model: body,
      x: tf.add(labelled(20, 4).x, 2), // intact: above 0; corrupt: below
      corrupt,
      loss: (labels: tf.Tensor, predicted: tf.Tensor) => {
        seen.push(...values(labels));
        return tf.losses.sigmoidCrossEntropy(labels, predicted);
      },
      head: () => dense({units: 1}),
      optimizer: () => tf.train.adam(0.01),
      batchSize: 40,
      epochs: 30,
    });
    expect(meanOf(seen)).toBe(0.5);
    expect(stages[0]!.history['loss']!.at(-1)).toBeLessThan(0.5 * stages[0]!.history['loss']![0]!);
    expect(body.outputs[0]!.shape).toEqual([null, 5]);
  });

  it('momentum 0.9', () => {
    expect(walk(tf.train.momentum(0.1, 0.9), [1, 1])).toBeAllclose([-0.1, -0.29]);
  });

  it('Nesterov’s, 0.9', () => {
    // w − rate · (g + 0.9 v), v = 1 and then 1.9
    expect(walk(tf.train.momentum(0.1, 0.9, true), [1, 1])).toBeAllclose([-0.19, -0.19 - 0.271]);
    expect(walk(sgd({learningRate: 0.1, momentum: 0.9, nesterov: true}), [1, 1])).toBeAllclose([
      -0.19, -0.461,
    ]);
  });

  it('AdaGrad', () => {
    const first = 2 / Math.sqrt(4.1);
    expect(walk(tf.train.adagrad(0.1), [2, 1])).toBeAllclose([
      -0.1 * first,
      -0.1 * (first + 1 / Math.sqrt(5.1)),
    ]);
  });

  it('RMSProp, momentum 0.9, decay 0.9, ε 1e-10', () => {
    const tf1 = rmsprop({
      learningRate: 0.1,
      decay: 0.9,
      momentum: 0.9,
      epsilon: 1e-10,
      epsilonInSqrt: true,
      initialScale: 1,
    });
    // The mean of squares begins at 1: 0.9 + 0.1 · 4 = 1.3, then 1.17 + 0.1 · 4 = 1.57.
    const [u1, u2] = [2 / Math.sqrt(1.3), (0.9 * 2) / Math.sqrt(1.3) + 2 / Math.sqrt(1.57)];
    expect(walk(tf1, [2, 2])).toBeAllclose([-0.1 * u1, -0.1 * (u1 + u2)]);
    // In tfjs it begins at 0.
    expect(walk(tf.train.rmsprop(0.1, 0.9, 0.9, 1e-10), [2])).toBeAllclose([-0.1 / Math.sqrt(0.1)]);
  });

  it('Adam, β 0.9 and 0.999, ε 10e-8', () => {
    expect(walk(tf.train.adam(0.001, 0.9, 0.999, 10e-8), [1e-7])).toBeAllclose([-0.0005], {rtol: 1e-2});
  });

  it('rate 0.1 · (1/10)^(step / 10 000), momentum 0.9', () => {
    const schedule = exponentialDecay({rate: 0.1, factor: 1 / 10, every: 10_000});
    expect([0, 5000, 10_000, 20_000].map(schedule)).toBeAllclose([0.1, 0.1 / Math.sqrt(10), 0.01, 0.001]);
    // As in TensorFlow 1, the rate of the step acts on the whole velocity.
    const faster = exponentialDecay({rate: 0.1, factor: 1 / 10, every: 1});
    const optimizer = scheduleLearningRate(tf.train.momentum(0.1, 0.9), faster);
    expect(walk(optimizer, [1, 1])).toBeAllclose([-0.1, -0.1 - 0.01 * 1.9]);
  });

  it('20 “epochs” of 100 mini-batches of 100, plain SGD 0.01', async () => {
    const batch = {xs: tf.ones([100, 2]), ys: tf.tile(matrix(3, [1, 0, 0]), [100, 1])};
    const model = tf.sequential({layers: [dense({units: 3, inputShape: [2]})]});
    const trainer = createTrainer({model, loss: logitsLoss, optimizer: tf.train.sgd(0.01)});
    const steps = stepsOf(trainer);
    const hundred = function* () {
      for (let i = 0; i < 100; i++) yield {xs: tf.clone(batch.xs), ys: tf.clone(batch.ys)};
    };
    await trainer.fit(hundred, {epochs: 20});
    expect(steps).toHaveLength(2000);
    expect(steps.at(-1)).toMatchObject({epoch: 19, batch: 99, size: 100, learningRate: expect.closeTo(0.01)});
  });

  it('early stopping', async () => {
    const model = tf.sequential({
      layers: [dense({units: 1, kernelInitializer: 'ones', useBias: false, inputShape: [1]})],
    });
    const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.05)});
    // Training draws w from 1 to 3, validation is best at 2: w = 3 − 2 · 0.9ᵉ passes it in the seventh epoch.
    const {reason, history} = await trainer.fit(
      {x: tf.ones([1, 1]), y: tf.fill([1, 1], 3)},
      {epochs: 50, validationData: {x: tf.ones([1, 1]), y: tf.fill([1, 1], 2)}, earlyStopping: {patience: 3}},
    );
    const best = history['val_loss']!.indexOf(Math.min(...history['val_loss']!));
    expect(reason).toBe('earlyStopped');
    expect(history['val_loss']).toHaveLength(best + 1 + 3);
    expect(model.getWeights()[0]).toBeAllclose(3 - 2 * 0.9 ** (best + 1));
  });

  it('L1 and L2 penalties', () => {
    const w = matrix(2, [3, -4]);
    expect(tf.regularizers.l1({l1: 0.1}).apply(w)).toBeAllclose(0.7);
    expect(tf.regularizers.l2({l2: 0.1}).apply(w)).toBeAllclose(2.5);
    expect(tf.regularizers.l1l2({l1: 0.1, l2: 0.1}).apply(w)).toBeAllclose(3.2);
  });

  it('dropout 0.5 on the input and every hidden layer', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dropout({rate: 0.5, inputShape: [1000]}),
        dense({units: 1000, kernelInitializer: tf.initializers.identity({}), useBias: false}),
        tf.layers.dropout({rate: 0.5}),
      ],
    });
    const y = values(model.apply(tf.ones([10, 1000]), {training: true}));
    expect([...new Set(y)].toSorted()).toEqual([0, 4]); // what stays is doubled, twice
    expect(meanOf(y)).toBeAllclose(1, {atol: 0.1});
    expect(model.predict(tf.ones([1, 1000]))).toBeAllclose(1);
    // With a seed, tfjs drops the same entries in every step.
    const seeded = tf.layers.dropout({rate: 0.5, seed: 3});
    expect(outputs(seeded, tf.ones([50]), true)).toEqual(outputs(seeded, tf.ones([50]), true));
  });

  it('max-norm of a neuron’s incoming weights', async () => {
    const layer = dense({
      units: 2,
      useBias: false,
      kernelConstraint: tf.constraints.maxNorm({maxValue: 1, axis: 0}),
      inputShape: [2],
    });
    const model = tf.sequential({layers: [layer]});
    const start = [matrix(2, [0.6, 0.3, 0.8, 0.4])];
    // The outputs are 1.4 and 0.7: the first unit's gradient is -10 for each weight, the other's 0.
    const [x, y] = [tf.ones([1, 2]), matrix(2, [11.4, 0.7])];
    model.setWeights(start);
    await createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(1)}).fit({x, y});
    const norm = Math.hypot(10.6, 10.8);
    expect(layer.getWeights()[0]).toBeAllclose(
      [
        [10.6 / norm, 0.3],
        [10.8 / norm, 0.4],
      ],
      {rtol: 1e-5},
    );
    // fit of tfjs leaves constraints out.
    model.setWeights(start);
    model.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(1)});
    await model.fit(x, y, {verbose: 0});
    expect(layer.getWeights()[0]).toBeAllclose(
      [
        [10.6, 0.3],
        [10.8, 0.4],
      ],
      {rtol: 1e-5},
    );
  });

  describe('augmentation', () => {
    const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const zero = {fillMode: 'constant'} as const;

    it('shift', () => {
      const layer = randomTranslation({heightFactor: [1 / 3, 1 / 3], widthFactor: [0, 0], ...zero});
      expect(outputs(layer, image, true)).toBeAllclose([0, 0, 0, 1, 2, 3, 4, 5, 6], {atol: 1e-4});
    });

    it('rotate', () => {
      const layer = randomRotation({factor: [0.25, 0.25], ...zero});
      expect(outputs(layer, image, true)).toBeAllclose([3, 6, 9, 2, 5, 8, 1, 4, 7], {atol: 1e-4});
    });

    it('resize', () => {
      const layer = randomZoom({heightFactor: [1, 1], ...zero});
      // Twice as far out: the neighbours of the centre are two pixels away, outside.
      expect(outputs(layer, image, true)).toBeAllclose([0, 0, 0, 0, 5, 0, 0, 0, 0], {atol: 1e-4});
    });

    it('flip', () => {
      const both = new Set(
        Array.from({length: 40}, () => outputs(randomFlip({mode: 'horizontal'}), image, true).join(' ')),
      );
      expect(both).toEqual(new Set(['1 2 3 4 5 6 7 8 9', '3 2 1 6 5 4 9 8 7']));
    });

    it('contrast', () => {
      const layer = randomContrast({factor: [0.5, 0.5]});
      expect(outputs(layer, image, true)).toBeAllclose(
        [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((d) => 5 + 1.5 * d),
      );
    });
  });

  it('the practical default: He and ELU', () => {
    const layer = dense({units: 400, kernelInitializer: heNormal(), activation: 'elu', inputShape: [300]});
    tf.sequential({layers: [layer]});
    expect(deviationOf(values(layer.getWeights()[0]))).toBeAllclose(Math.sqrt(2 / 300), {rtol: 0.01});
    layer.setWeights([tf.zeros([300, 400]), tf.fill([400], -1)]);
    expect(layer.apply(tf.ones([1, 300]))).toBeAllclose(Math.exp(-1) - 1);
  });
});

it('all of these are rows of docs/techniques.md, and the other way round', ({task}) => {
  expectRows('notes on Géron, chapter 11', task.file.tasks);
});
