import {
  accumulateGradients,
  type Capture,
  every,
  type GradientTransform,
  transformGradients,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it, vi} from 'vitest';
import {
  expectNoNewTensors,
  mlp,
  record,
  samples,
  scaled,
  typesOf,
  useCpu,
  weightsOf,
} from '../fixtures/training.js';
import {captureFit, createTrainer, type TrainingEvent} from './index.js';

useCpu();

const N = 8;
const ARGS = {epochs: 2, batchSize: 4, shuffle: false, verbose: 0} as const;

/** The norm of every gradient at every stage, and how far the weights went. */
const look: Capture = {
  name: 'look',
  when: every(1),
  measure: ({stages, weightsBefore, weightsAfter, loss}) => ({
    loss: {before: loss},
    ...Object.fromEntries(
      stages.map(({name, gradients}) => [
        name,
        {norms: tf.stack(Object.values(gradients).map((g) => tf.norm(g)))},
      ]),
    ),
    way: {
      norms: tf.stack(
        Object.keys(weightsAfter).map((name) => tf.norm(tf.sub(weightsAfter[name]!, weightsBefore[name]!))),
      ),
    },
  }),
};
const compiled = (optimizer: tf.Optimizer = tf.train.momentum(0.1, 0.9)): tf.LayersModel => {
  const model = mlp();
  model.compile({loss: 'meanSquaredError', optimizer});
  return model;
};
const watch = (model: tf.LayersModel, captures: readonly Capture[] = [look]): TrainingEvent[] => {
  const events: TrainingEvent[] = [];
  captureFit(model, captures).subscribe((event) => events.push(event));
  return events;
};
const captured = (events: readonly TrainingEvent[]) =>
  events.flatMap((event) =>
    event.type === 'capture' ? [[event.capture, event.step, event.epoch, event.values, event.arrays]] : [],
  );

describe('captureFit', () => {
  it.each<[string, () => tf.Optimizer]>([
    ['SGD', () => tf.train.sgd(0.1)],
    ['Adam', () => tf.train.adam(0.1)],
  ])('sends what a trainer sends, with %s', async (_name, optimizer) => {
    const [model, other] = [compiled(optimizer()), mlp()];
    const trainer = createTrainer({
      model: other,
      loss: 'meanSquaredError',
      optimizer: optimizer(),
      captures: [look],
    });
    const [events, expected] = [watch(model), record(trainer)];
    const {x, y} = samples(N);
    await model.fit(x as tf.Tensor, y as tf.Tensor, ARGS);
    await trainer.fit({x, y}, {epochs: 2, batchSize: 4, shuffle: false});
    expect(typesOf(events)).toEqual(typesOf(expected));
    expect(captured(events)).toEqual(captured(expected));
    expect(weightsOf(model)).toEqual(weightsOf(other));
  });

  it('tells the stages of transformGradients', async () => {
    const model = compiled(transformGradients(tf.train.sgd(0.1), scaled({factor: 2})));
    const events = watch(model);
    const {x, y} = samples(N);
    await model.fit(x as tf.Tensor, y as tf.Tensor, {...ARGS, epochs: 1, batchSize: N});
    const {arrays} = events.find((event) => event.type === 'capture')!;
    expect(Object.keys(arrays)).toEqual(['raw', 'scaled', 'way']);
    expect(arrays['scaled']!['norms']).toEqual(arrays['raw']!['norms']!.map((norm) => 2 * norm));
  });

  it('measures at updates only', async () => {
    const model = compiled(transformGradients(tf.train.sgd(0.1), accumulateGradients({steps: 2})));
    const events = watch(model);
    const {x, y} = samples(N);
    await model.fit(x as tf.Tensor, y as tf.Tensor, {...ARGS, batchSize: 2, epochs: 1});
    expect(typesOf(events)).toEqual([
      'runBegin',
      'epochBegin',
      'step',
      'step',
      'capture',
      'step',
      'step',
      'capture',
      'epochEnd',
      'runEnd',
    ]);
  });

  it('watches fitDataset too', async () => {
    const model = compiled();
    const events = watch(model);
    const {x, y} = samples(N);
    const dataset = tf.data.zip({xs: tf.data.array(rows(x)), ys: tf.data.array(rows(y))}).batch(4);
    await model.fitDataset(dataset as tf.data.Dataset<tf.TensorContainer>, {epochs: 1, verbose: 0});
    expect(typesOf(events)).toEqual([
      'runBegin',
      'epochBegin',
      'step',
      'capture',
      'step',
      'capture',
      'epochEnd',
      'runEnd',
    ]);
  });

  it('watches one run, calls your callbacks, and returns what fit returns', async () => {
    const model = compiled();
    const events = watch(model);
    const {x, y} = samples(N);
    const onEpochEnd = vi.fn<() => void>();
    const {history} = await model.fit(x as tf.Tensor, y as tf.Tensor, {...ARGS, callbacks: {onEpochEnd}});
    expect(history['loss']).toHaveLength(2);
    expect(onEpochEnd).toHaveBeenCalledTimes(2);
    const count = events.length;
    await model.fit(x as tf.Tensor, y as tf.Tensor, ARGS);
    expect(events).toHaveLength(count);
  });

  it('may be asked twice for one run', async () => {
    const model = compiled();
    const [first, second] = [watch(model), watch(model, [{...look, name: 'other', when: every(2)}])];
    const {x, y} = samples(N);
    await model.fit(x as tf.Tensor, y as tf.Tensor, ARGS);
    expect(captured(first).map(([name, step]) => [name, step])).toEqual(
      [0, 1, 2, 3].map((step) => ['look', step]),
    );
    expect(captured(second).map(([name, step]) => [name, step])).toEqual(
      [0, 2].map((step) => ['other', step]),
    );
    expect(Object.hasOwn(model, 'fit')).toBe(false);
  });

  it('completes, whether fit resolves or throws', async () => {
    for (const y of [tf.ones([N, 1]), tf.ones([N, 7])]) {
      const model = compiled();
      const complete = vi.fn<() => void>();
      const error = vi.fn<() => void>();
      captureFit(model, [look]).subscribe({complete, error});
      await model.fit(tf.ones([N, 3]), y, ARGS).catch(() => {});
      expect([complete.mock.calls.length, error.mock.calls.length]).toEqual([1, 0]);
    }
  });

  it('lets fit throw what it throws, says failed, and leaves the model as it was', async () => {
    const model = compiled();
    const events = watch(model);
    await expect(model.fit(tf.ones([N, 3]), tf.ones([N, 7]), ARGS)).rejects.toThrow('shape');
    expect(typesOf(events)).toEqual(['runBegin', 'runEnd']);
    expect(events.at(-1)).toMatchObject({reason: 'failed'});
    expect(['fit', 'fitDataset'].filter((key) => Object.hasOwn(model, key))).toEqual([]);
    expect(
      ['computeGradients', 'applyGradients'].filter((key) => Object.hasOwn(model.optimizer, key)),
    ).toEqual([]);
  });

  it('frees what a step holds when the optimizer throws in it', async () => {
    const throwing: GradientTransform = {
      ...scaled({factor: 1}),
      update: () => {
        throw new Error('no gradient today');
      },
    };
    const {x, y} = samples(N);
    const leftBehind = async (captures: readonly Capture[]): Promise<number> => {
      const model = compiled(transformGradients(tf.train.sgd(0.1), throwing));
      const before = tf.memory().numTensors;
      watch(model, captures);
      await expect(model.fit(x as tf.Tensor, y as tf.Tensor, ARGS)).rejects.toThrow('no gradient today');
      return tf.memory().numTensors - before;
    };
    // tfjs itself leaves some.
    expect(await leftBehind([{...look, activations: '**', activationGradients: '**'}])).toBe(
      await leftBehind([]),
    );
  });

  it('leaves no tensors behind', async () => {
    const model = compiled();
    const {x, y} = samples(N);
    const fit = (): Promise<unknown> => {
      watch(model, [{...look, activations: '**', activationGradients: '**'}]);
      return model.fit(x as tf.Tensor, y as tf.Tensor, ARGS);
    };
    await fit();
    await expectNoNewTensors(fit);
  });

  it('calls your callbacks as often as you yield', async () => {
    const model = compiled();
    watch(model);
    const {x, y} = samples(N);
    const onYield = vi.fn<() => void>();
    await model.fit(x as tf.Tensor, y as tf.Tensor, {...ARGS, yieldEvery: 'batch', callbacks: {onYield}});
    const never = model.fit(x as tf.Tensor, y as tf.Tensor, {
      ...ARGS,
      yieldEvery: 'never',
      callbacks: {onYield},
    });
    await expect(never).rejects.toThrow('yieldEvery');
  });

  it('lists metrics as a trainer does', async () => {
    const model = mlp();
    model.compile({loss: 'meanSquaredError', optimizer: 'sgd', metrics: ['mae']});
    const events = watch(model);
    const {x, y} = samples(N);
    await model.fit(x as tf.Tensor, y as tf.Tensor, {...ARGS, validationSplit: 0.5});
    expect(events[0]).toMatchObject({metrics: ['loss', 'mae', 'val_loss', 'val_mae']});
  });

  it('goes on when a capture fails, and says so', async () => {
    const model = compiled();
    const bad: Capture = {name: 'bad', when: every(1), measure: () => { throw new Error('cannot'); }}; // prettier-ignore
    const events = watch(model, [bad, look]);
    const {x, y} = samples(N);
    await model.fit(x as tf.Tensor, y as tf.Tensor, ARGS);
    expect(
      events.flatMap((event) => (event.type === 'captureFailed' ? [[event.step, event.disabled]] : [])),
    ).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    expect(captured(events)).toHaveLength(4);
  });

  it('rejects what a capture cannot measure before the first step', async () => {
    const model = compiled();
    const before = weightsOf(model);
    const events = watch(model, [{...look, activations: 'nowhere'}]);
    const {x, y} = samples(N);
    await expect(model.fit(x as tf.Tensor, y as tf.Tensor, ARGS)).rejects.toThrow(
      "capture 'look': the selector nowhere matches no layer.",
    );
    expect(events).toEqual([]);
    expect(weightsOf(model)).toEqual(before);
  });

  it.each<[string, () => unknown, string]>([
    ['a model that is not compiled', () => captureFit(mlp(), []), 'captureFit: model is not compiled; call model.compile first.'],
    ['no list', () => captureFit(compiled(), look as never), 'captureFit: captures must be a list, got'],
    ['a factory that was not called', () => captureFit(compiled(), [every as never]), 'captures must be captures, e.g. gradientStats({when: every(10)}), got the function every.'],
    ['two captures of one name', () => captureFit(compiled(), [look, look]), "captureFit: two captures are named 'look'"],
  ])('rejects %s', (_what, call, message) => {
    expect(call).toThrow(message);
  }); // prettier-ignore
});

function rows(tensor: unknown): tf.TensorContainer[] {
  return tf.unstack(tensor as tf.Tensor);
}
