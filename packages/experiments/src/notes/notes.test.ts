import type {TrainingEvent} from '@gradwire/core';
import type {ImageSet, LabelledImages} from '@gradwire/datasets/node';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import type {Flag} from '../flag.js';
import type {Setting} from '../setting.js';
import {notes} from './notes.js';
import type {NotesOptions} from './notesOptions.js';

const defaults = Object.fromEntries(
  Object.entries(notes.flags).map(([name, flag]) => [name, (flag as Flag<unknown>).default]),
) as unknown as NotesOptions;

/** Images of 16 pixels; the class is where the bright ones begin. */
function drawImages(count: number): LabelledImages {
  const labels = Uint8Array.from({length: count}, (_, i) => (7 * i) % 10);
  const images = Uint8Array.from({length: 16 * count}, (_, i) =>
    i % 16 >= labels[Math.floor(i / 16)]! ? 255 - (i % 7) : i % 5,
  );
  return {count, images, labels};
}

const set: ImageSet = {rows: 4, columns: 4, classes: 10, train: drawImages(240), test: drawImages(50)};

function setting(seed = 1, events: TrainingEvent[] = [], images: ImageSet = set): Setting {
  return {
    seed,
    consumers: [(events$) => events$.subscribe((event) => events.push(event))],
    images: () => Promise.resolve(images),
  };
}

type Training = Awaited<ReturnType<typeof notes.compose>>;

const compose = (options: Partial<NotesOptions> = {}, given = setting()): Promise<Training> =>
  notes.compose({...defaults, ...options}, given);

const layersOf = (training: Training): string[] =>
  training.stages[0]!.model.layers.map((layer) => layer.getClassName());

async function fit(training: Training): ReturnType<Training['stages'][0]['trainer']['fit']> {
  const {trainer, data, options} = training.stages[0]!;
  return trainer.fit(data, options);
}

describe('notes', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('has the published set-up as defaults', () => {
    expect(defaults).toEqual({
      activation: 'leaky_relu',
      init: 'xavier_uniform',
      batchNorm: false,
      dropout: false,
      optimizer: 'sgd',
      rate: 0.01,
      decay: false,
      clip: false,
      epochs: 20,
      batches: 100,
    });
  });

  it('builds 784-300-100-10 for MNIST', async () => {
    const blank = (count: number): LabelledImages => ({
      count,
      images: new Uint8Array(784 * count),
      labels: new Uint8Array(count),
    });
    const mnist: ImageSet = {rows: 28, columns: 28, classes: 10, train: blank(12), test: blank(1)};
    const training = await compose({}, setting(1, [], mnist));
    const {model} = training.stages[0]!;
    expect(model.countParams()).toBe(784 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10);
    const limit = Math.sqrt(6 / (784 + 300));
    const largest = tf.tidy(() => tf.max(tf.abs(model.getWeights()[0]!)).dataSync()[0]!);
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(0.99 * limit);
    training.dispose();
  });

  it('has a slope of 0.01 on the left of leaky ReLU', async () => {
    const training = await compose();
    const leaky = training.stages[0]!.model.layers.find((layer) => layer.getClassName() === 'LeakyReLU')!;
    const values = tf.tidy(() => (leaky.apply(tf.tensor2d([[-100, 3]])) as tf.Tensor).dataSync());
    expect([...values].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([-1, 3]);
    training.dispose();
  });

  it('gives batches of 100 as tensors, the same for the same epoch', async () => {
    const training = await compose({batches: 2});
    const epochOf = training.stages[0]!.data as (epoch: number) => Iterable<{xs: tf.Tensor; ys: tf.Tensor}>;
    const epochs = [1, 0, 1].map((epoch) => [...epochOf(epoch)]);
    const [first, other, again] = epochs.map((batches) => batches.map(({xs}) => [...xs.dataSync()]));
    expect(epochs[0]!.map(({xs, ys}) => [xs.shape, ys.shape])).toEqual([
      [
        [100, 16],
        [100, 10],
      ],
      [
        [100, 16],
        [100, 10],
      ],
    ]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    tf.dispose(epochs as unknown as tf.TensorContainer);
    training.dispose();
  });

  it('leaves the first twelfth of the images aside', async () => {
    const train = drawImages(120);
    train.images.fill(99, 0, 10 * 16);
    const training = await compose({batches: 3}, setting(1, [], {...set, train}));
    const epochOf = training.stages[0]!.data as (epoch: number) => Iterable<{xs: tf.Tensor; ys: tf.Tensor}>;
    const validation = [...epochOf(0)].flatMap(({xs, ys}) => {
      const values = [...xs.dataSync()];
      tf.dispose([xs, ys]);
      return values.filter((value) => value === Math.fround(99 / 255));
    });
    expect(validation).toEqual([]);
    training.dispose();
  });

  describe('a training of 2 epochs', () => {
    const events: TrainingEvent[] = [];
    let figures: Readonly<Record<string, number>>;
    let history: Awaited<ReturnType<typeof fit>>['history'];
    let leaked: number;
    beforeAll(async () => {
      const before = tf.memory().numTensors;
      const training = await compose({epochs: 2, batches: 25, rate: 0.1}, setting(1, events));
      ({history} = await fit(training));
      figures = await training.evaluate();
      training.dispose();
      leaked = tf.memory().numTensors - before;
    });

    it('tests after every epoch', () => {
      expect(history['val_acc']).toHaveLength(2);
      expect(figures['test_acc']).toBeCloseTo(history['val_acc']![1]!, 6);
    });

    it('learns', () => {
      expect(figures['test_acc']).toBeGreaterThan(0.5);
    });

    it('takes as many batches in an epoch as it was told', () => {
      expect(events.filter(({type}) => type === 'step')).toHaveLength(50);
    });

    it('gives the accuracy on the last batch of 100 too', () => {
      expect(figures['last_batch_acc']! * 100).toBeCloseTo(Math.round(figures['last_batch_acc']! * 100), 4);
    });

    it('leaves no tensors behind', () => {
      expect(leaked).toBe(0);
    });

    it('fails no capture', () => {
      expect(events.filter(({type}) => type === 'captureFailed')).toEqual([]);
    });
  });

  it('goes on with the very batches where a training is resumed', async () => {
    const options = {epochs: 2, batches: 3};
    const whole = await compose(options);
    await fit(whole);

    const first = await compose({...options, epochs: 1});
    await fit(first);
    const second = await compose(options);
    second.stages[0]!.model.setWeights(first.stages[0]!.model.getWeights());
    const {trainer, data, options: fitOptions} = second.stages[0]!;
    await trainer.fit(data, {...fitOptions, initialEpoch: 1});

    const weights = [whole, second].map(({stages}) =>
      stages[0]!.model.getWeights().map((weight) => weight.dataSync()),
    );
    expect(weights[1]).toEqual(weights[0]);
    for (const training of [whole, first, second]) training.dispose();
  });

  it.each([
    ['leaky_relu', 'LeakyReLU'],
    ['relu', 'ReLU'],
    ['elu', 'ELU'],
    ['rrelu', 'gradwire>RandomizedLeakyReLU'],
    ['prelu', 'PReLU'],
    ['logistic', 'Activation'],
  ] as const)('trains with %s after both hidden layers', async (activation, layer) => {
    const training = await compose({activation, epochs: 1, batches: 2});
    expect(layersOf(training).filter((name) => name === layer)).toHaveLength(2);
    expect((await fit(training)).reason).toBe('completed');
    training.dispose();
  });

  it.each([
    ['xavier_uniform', 2 / 400],
    ['xavier_normal', 2 / 400],
    ['he_uniform', 2 / 300],
    ['he_normal', 2 / 300],
    ['lecun_uniform', 1 / 300],
    ['lecun_normal', 1 / 300],
    ['normal', 1],
  ] as const)('draws the kernels of %s with their variance', async (init, variance) => {
    const training = await compose({init});
    const kernel = training.stages[0]!.model.getWeights()[2]!;
    const found = tf.tidy(() => tf.moments(kernel).variance.dataSync()[0]!);
    expect(kernel.shape).toEqual([300, 100]);
    expect(found / variance).toBeGreaterThan(0.95);
    expect(found / variance).toBeLessThan(1.05);
    training.dispose();
  });

  it.each(['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam'] as const)(
    'trains with %s',
    async (optimizer) => {
      const training = await compose({optimizer, epochs: 1, batches: 2, rate: 0.001});
      const {model} = training.stages[0]!;
      const before = model.getWeights()[0]!.dataSync();
      expect((await fit(training)).reason).toBe('completed');
      expect(model.getWeights()[0]!.dataSync()).not.toEqual(before);
      training.dispose();
    },
  );

  it('normalises batches before the activations', async () => {
    const training = await compose({batchNorm: true, epochs: 1, batches: 2});
    expect(layersOf(training)).toEqual([
      'InputLayer',
      'Dense',
      'BatchNormalization',
      'LeakyReLU',
      'Dense',
      'BatchNormalization',
      'LeakyReLU',
      'Dense',
    ]);
    expect((await fit(training)).reason).toBe('completed');
    training.dispose();
  });

  it('drops half of the inputs and of both hidden layers', async () => {
    const training = await compose({dropout: true, epochs: 1, batches: 2});
    expect(layersOf(training)).toEqual([
      'InputLayer',
      'Dropout',
      'Dense',
      'LeakyReLU',
      'Dropout',
      'Dense',
      'LeakyReLU',
      'Dropout',
      'Dense',
    ]);
    expect((await fit(training)).reason).toBe('completed');
    training.dispose();
  });

  it('clips the entries of the gradients to ±1', async () => {
    const training = await compose({clip: true});
    expect(training.stages[0]!.trainer.optimizer.transforms.map(({name, config}) => [name, config])).toEqual([
      ['clipByValue', {value: 1}],
    ]);
    training.dispose();
  });

  it('lets the rate fall to a tenth in 10,000 updates', async () => {
    const events: TrainingEvent[] = [];
    const training = await compose({decay: true, rate: 0.1, epochs: 1, batches: 3}, setting(1, events));
    await fit(training);
    const rates = events.flatMap((event) => (event.type === 'step' ? [event.learningRate] : []));
    [0, 1, 2].forEach((step) => expect(rates[step]).toBeCloseTo(0.1 * 0.1 ** (step / 10_000), 9));
    training.dispose();
  });

  it.each([
    ['activation', 'tanh'],
    ['init', 'zeros'],
    ['optimizer', 'lion'],
    ['rate', '0'],
    ['epochs', '-1'],
    ['batches', 'all'],
  ] as const)('names the flag --%s when it cannot be read', (option, value) => {
    expect(() => notes.flags[option].read(value, `--${option}`)).toThrow(`--${option} must be `);
  });
});
