import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {
  expectNoNewTensors,
  mlp,
  numbers,
  record,
  samples,
  twoInTwoOut,
  useCpu,
  wave,
  weightsOf,
} from '../fixtures/training.js';
import {createTrainer, type DataBatch, ofType, type Trainer, type TrainingData} from './index.js';

useCpu();

const N = 12;
const BATCH = 4;

const trainerOf = (model: tf.LayersModel): Trainer =>
  createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});

function batches(): DataBatch[] {
  const {x, y} = samples(N);
  return [0, BATCH, 2 * BATCH].map((start) => ({
    xs: tf.slice(x, start, BATCH),
    ys: tf.slice(y, start, BATCH),
  }));
}

async function* inTime<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await new Promise((resolve) => setTimeout(resolve));
    yield item;
  }
}

function* oneByOne<T>(items: readonly T[]): Generator<T> {
  yield* items;
}

async function weightsAfter(data: TrainingData, epochs = 2): Promise<number[][]> {
  const model = mlp();
  await trainerOf(model).fit(data, {epochs, batchSize: BATCH, shuffle: false});
  return weightsOf(model);
}

describe('the same batches in another form train to the same weights:', () => {
  it.each<readonly [string, () => TrainingData]>([
    ['an array', batches],
    ['a set', () => ({[Symbol.iterator]: () => batches()[Symbol.iterator]()})],
    ['a function that returns an array', () => batches],
    ['a function that returns a generator', () => () => oneByOne(batches())],
    ['a function that returns an async generator', () => () => inTime(batches())],
    ['an async iterable', () => ({[Symbol.asyncIterator]: () => inTime(batches())})],
    [
      'a dataset of tf.data',
      () =>
        tf.data
          .array(
            (samples(N).x.arraySync() as number[][]).map((xs, i) => ({xs, ys: [numbers(samples(N).y)[i]!]})),
          )
          .batch(BATCH),
    ],
  ])('%s', async (_, data) => {
    expect(await weightsAfter(data())).toEqual(await weightsAfter(samples(N)));
  });

  it('a generator, for one epoch', async () => {
    expect(await weightsAfter(oneByOne(batches()), 1)).toEqual(await weightsAfter(samples(N), 1));
    expect(await weightsAfter(inTime(batches()), 1)).toEqual(await weightsAfter(samples(N), 1));
  });

  it('batches of several inputs and outputs by name', async () => {
    const x = {b: wave([N, 2], 3), a: wave([N, 3], 2)};
    const y = {right: wave([N, 1], 7), left: wave([N, 2], 6)};
    const [first, second] = [twoInTwoOut(), twoInTwoOut()];
    await trainerOf(first).fit({x, y}, {batchSize: N});
    const byName = await trainerOf(second).fit([{xs: x, ys: y}]);
    expect(byName.reason).toBe('completed');
    weightsOf(first)
      .flat()
      .forEach((w, i) => expect(weightsOf(second).flat()[i]).toBeCloseTo(w, 6));
  });
});

describe('shuffling', () => {
  const order = async (
    {seed, ...options}: {seed: number; shuffle?: boolean},
    epochs: number,
  ): Promise<number[][]> => {
    const seen: number[][] = [];
    const w = tf.variable(tf.scalar(0));
    const trainer = createTrainer({
      model: (x) => {
        seen.push(numbers(x));
        return tf.mul(x, w);
      },
      variables: [w],
      loss: (yTrue, yPred) => tf.losses.meanSquaredError(yTrue, yPred),
      optimizer: tf.train.sgd(0.1),
      seed,
    });
    const x = tf.range(0, 10);
    await trainer.fit({x, y: x}, {epochs, batchSize: 4, ...options});
    return Array.from({length: epochs}, (_, i) => seen.slice(3 * i, 3 * i + 3).flat());
  };
  const sorted = (values: number[] | undefined): number[] => [...values!].sort((a, b) => a - b);

  it('gives every sample once per epoch, in another order each epoch', async () => {
    const [first, second] = await order({seed: 1}, 2);
    expect(sorted(first)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(sorted(second)).toEqual(sorted(first));
    expect(second).not.toEqual(first);
  });

  it('follows the seed', async () => {
    expect(await order({seed: 1}, 2)).toEqual(await order({seed: 1}, 2));
    expect(await order({seed: 1}, 2)).not.toEqual(await order({seed: 2}, 2));
  });

  it('can be switched off', async () => {
    expect(await order({seed: 1, shuffle: false}, 1)).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
  });

  it('keeps samples, labels and class weights together', async () => {
    const trainer = createTrainer({
      model: mlp(),
      loss: (yTrue, yPred) => tf.add(tf.abs(tf.sub(yTrue, yTrue)), tf.mul(yPred, 0)),
      optimizer: tf.train.sgd(0.1),
      metrics: [
        function apart(yTrue, yPred) {
          return tf.add(yTrue, tf.mul(yPred, 0));
        },
      ],
      seed: 3,
    });
    const {x} = samples(N);
    const {history} = await trainer.fit(
      {x, y: tf.tensor1d(Array.from({length: N}, (_, i) => i % 2))},
      {classWeight: {0: 0, 1: 2}, batchSize: 5},
    );
    expect(history['apart']![0]).toBeCloseTo(0.5, 6);
  });
});

describe('ownership', () => {
  const alive = (items: readonly DataBatch[]): boolean[] =>
    items.flatMap(({xs, ys}) => [!(xs as tf.Tensor).isDisposed, !(ys as tf.Tensor).isDisposed]);

  it('tensors stay yours', async () => {
    const {x, y} = samples(N);
    const {x: validX, y: validY} = samples(3);
    const trainer = trainerOf(mlp());
    await expectNoNewTensors(() =>
      trainer.fit({x, y}, {epochs: 2, batchSize: 5, validationData: {x: validX, y: validY}}),
    );
    for (const tensor of [x, y, validX, validY]) expect(tensor.isDisposed).toBe(false);
  });

  it('batches in an array stay yours', async () => {
    const given = batches();
    const trainer = trainerOf(mlp());
    await expectNoNewTensors(() => trainer.fit(given, {epochs: 2, validationData: given}));
    expect(alive(given)).not.toContain(false);
  });

  it.each<readonly [string, (items: DataBatch[]) => TrainingData]>([
    ['generators', oneByOne],
    ['async generators', inTime],
    ['functions', (items) => () => items],
  ])('batches of %s are disposed', async (_, data) => {
    const given = batches();
    await trainerOf(mlp()).fit(data(given));
    expect(alive(given)).not.toContain(true);
  });

  it('batches of validation generators are disposed', async () => {
    const given = batches();
    await trainerOf(mlp()).fit(samples(N), {validationData: oneByOne(given)});
    expect(alive(given)).not.toContain(true);
  });

  it('nothing is left of a dataset', async () => {
    const rows = Array.from({length: N}, (_, i) => ({xs: [i, 1, 2], ys: [i % 2]}));
    const trainer = trainerOf(mlp());
    await trainer.fit(samples(N));
    await expectNoNewTensors(() =>
      trainer.fit(tf.data.array(rows).batch(5), {epochs: 2, validationData: tf.data.array(rows).batch(5)}),
    );
  });

  it('a run that is stopped returns the generator and keeps none of its batches', async () => {
    let closed = 0;
    const trainer = trainerOf(mlp());
    trainer.events$.pipe(ofType('step')).subscribe(() => trainer.stop());
    await trainer.fit(samples(N));
    await expectNoNewTensors(async () => {
      const {reason} = await trainer.fit(function* endless() {
        try {
          for (;;) yield {xs: wave([4, 3]), ys: wave([4, 1])};
        } finally {
          closed++;
        }
      });
      expect(reason).toBe('stopped');
    });
    expect(closed).toBe(1);
  });

  it('a batch that is no batch is disposed, too', async () => {
    const trainer = trainerOf(mlp());
    await expectNoNewTensors(async () => {
      await expect(
        trainer.fit(() => [{x: wave([4, 3]), y: wave([4, 1])}] as unknown as DataBatch[]),
      ).rejects.toThrow('Trainer.fit: data must yield batches {xs, ys} of tensors, got {x, y}.');
    });
  });

  it('an output that is an input stays yours', async () => {
    const input = tf.input({shape: [1]});
    const model = tf.model({
      inputs: input,
      outputs: [tf.layers.dense({units: 1, name: 'dense'}).apply(input) as tf.SymbolicTensor, input],
    });
    const given = [{xs: wave([4, 1]), ys: [wave([4, 1]), wave([4, 1])]}];
    await trainerOf(model).fit(given, {epochs: 2});
    expect(given[0]!.xs.isDisposed).toBe(false);
  });

  it('samples that are also the labels stay yours', async () => {
    const x = wave([N, 3]);
    const model = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [3]})]});
    const trainer = trainerOf(model);
    await trainer.fit({x, y: x}, {epochs: 2, validationSplit: 0.5});
    await trainer.fit([{xs: x, ys: x}], {epochs: 2});
    expect(x.isDisposed).toBe(false);
  });
});

describe('streams', () => {
  it('that are used up say so', async () => {
    const trainer = trainerOf(mlp());
    await expect(trainer.fit(oneByOne(batches()), {epochs: 2})).rejects.toThrow(
      'Trainer.fit: data was used up after 1 epoch(s). Pass a function that returns a new iterable for each epoch.',
    );
    await expect(trainer.fit(samples(N), {epochs: 2, validationData: oneByOne(batches())})).rejects.toThrow(
      'Trainer.fit: validationData was used up after 1 epoch(s).',
    );
  });

  it('that throw make the run fail with what they threw', async () => {
    const trainer = trainerOf(mlp());
    const events = record(trainer);
    await trainer.fit(samples(4));
    await expectNoNewTensors(() =>
      expect(
        trainer.fit(function* broken() {
          yield {xs: wave([4, 3]), ys: wave([4, 1])};
          throw new Error('disk full');
        }),
      ).rejects.toThrow('disk full'),
    );
    expect(events.at(-1)).toMatchObject({
      type: 'runEnd',
      reason: 'failed',
      error: {name: 'Error', message: 'disk full'},
    });
  });

  it('may have batches of different sizes; means are those of the samples', async () => {
    const {x, y} = samples(7);
    const parts = [
      {xs: tf.slice(x, 0, 5), ys: tf.slice(y, 0, 5)},
      {xs: tf.slice(x, 5, 2), ys: tf.slice(y, 5, 2)},
    ];
    const trainer = createTrainer({model: mlp(), loss: 'meanSquaredError', optimizer: tf.train.sgd(0)});
    const events = record(trainer);
    const {history} = await trainer.fit(parts);
    const whole = await trainer.evaluate({x, y});
    expect(history['loss']![0]).toBeCloseTo(whole['loss']!, 6);
    expect(events.flatMap((event) => (event.type === 'step' ? event.size : []))).toEqual([5, 2]);
  });
});
