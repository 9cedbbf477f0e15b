import {stateless} from '@gradwire/core';
import {expectNoLeaks} from '@gradwire/testing';
import {createTrainer, defineRemedy, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {
  body,
  changed,
  head,
  normalizedBody,
  recorder,
  samples,
  trainableOf,
  training,
  useCpu,
  weightsOf,
} from '../fixtures/training.js';
import {type LayerwiseOptions, type Stage, replaceTop, trainLayerwise} from './index.js';

useCpu();

const setUp = (more: Partial<LayerwiseOptions> = {}): LayerwiseOptions => ({
  ...training,
  model: body(),
  head,
  data: samples(),
  ...more,
});

describe('trainLayerwise', () => {
  it('grows as the third source does: a block on frozen ones, then all together', async () => {
    const {stages, reason} = await trainLayerwise(setUp({model: body([4, 3, 2, 3])}));
    expect(stages.map(({name}) => name)).toEqual([
      'block 1',
      'blocks 1-2, 1 frozen',
      'blocks 1-2',
      'blocks 1-3, 1-2 frozen',
      'blocks 1-3',
      'blocks 1-4, 1-3 frozen',
      'blocks 1-4',
    ]);
    expect(reason).toBe('completed');
  });

  it('leaves frozen blocks as they are to the last bit, and changes all others of the sub-model', async () => {
    const model = body();
    const snapshots: Record<string, number[]>[] = [];
    const onStage = () => void snapshots.push(weightsOf(model));
    await trainLayerwise(setUp({model, onStage}));
    snapshots.push(weightsOf(model));
    const moved = snapshots.slice(1).map((after, i) => changed(snapshots[i]!, after).join(' '));
    const [a, b, c] = ['a/kernel a/bias', 'b/kernel b/bias', 'c/kernel c/bias'];
    expect(moved).toEqual([a, b, `${a} ${b}`, c, `${a} ${b} ${c}`]);
  });

  it('keeps the moving averages of frozen blocks', async () => {
    const model = normalizedBody();
    const snapshots: Record<string, number[]>[] = [];
    const onStage = () => void snapshots.push(weightsOf(model));
    await trainLayerwise(setUp({model, blocks: ['aNorm', 'cNorm'], onStage}));
    const moved = changed(snapshots[1]!, snapshots[2]!);
    expect(moved).toContain('bNorm/moving_mean');
    expect(moved.filter((name) => name.startsWith('a'))).toEqual([]);
  });

  it('trains with a new head and a new optimizer in every stage', async () => {
    const heads: tf.layers.Layer[] = [];
    const told: Stage[] = [];
    const {model} = await trainLayerwise(
      setUp({
        head: () => {
          heads.push(head());
          return heads.at(-1)!;
        },
        optimizer: (stage) => {
          told.push(stage);
          return tf.train.sgd(0.1);
        },
      }),
    );
    expect(new Set(heads).size).toBe(5);
    expect(model.layers.at(-1)).toBe(heads.at(-1));
    expect(told[1]).toEqual({name: 'blocks 1-2, 1 frozen', index: 1, count: 5});
  });

  it('sends the ordinary events of one run per stage, with what is trained in it', async () => {
    const {consumer, events} = recorder();
    await trainLayerwise(setUp({consumers: [consumer], epochs: 2}));
    const begins = events.filter((event) => event.type === 'runBegin');
    expect(begins.map(({parameters}) => parameters.length)).toEqual([4, 4, 6, 4, 8]);
    expect(new Set(begins.map(({run}) => run)).size).toBe(5);
    expect(events.filter(({type}) => type === 'epochEnd')).toHaveLength(10);
  });

  it('takes stages of your own, each with its epochs', async () => {
    const {stages} = await trainLayerwise(
      setUp({
        epochs: 3,
        stages: [
          {depth: 2, epochs: 1},
          {depth: 3, frozen: 3},
          {depth: 3, frozen: 1},
        ],
      }),
    );
    expect(stages.map(({name}) => name)).toEqual([
      'blocks 1-2',
      'blocks 1-3, 1-3 frozen',
      'blocks 1-3, 1 frozen',
    ]);
    expect(stages.map(({history}) => history['loss']!.length)).toEqual([1, 3, 3]);
  });

  it('takes models that branch, if it is told where blocks end', async () => {
    const input = tf.input({shape: [3]});
    const low = tf.layers.dense({units: 4, name: 'low'}).apply(input) as tf.SymbolicTensor;
    const side = tf.layers.dense({units: 4, name: 'side'}).apply(low) as tf.SymbolicTensor;
    const sum = tf.layers.add({name: 'sum'}).apply([low, side]) as tf.SymbolicTensor;
    const model = tf.model({inputs: input, outputs: sum});
    const {stages} = await trainLayerwise(setUp({model, blocks: ['low', 'sum']}));
    expect(stages).toHaveLength(3);
    await expect(trainLayerwise(setUp({model}))).rejects.toThrow(
      "trainLayerwise: the model branches at 'sum'; say with blocks which layer each block ends with.",
    );
  });

  it('makes a network learn whose gradients vanish on the way down', async () => {
    const angles = Array.from({length: 128}, (_, i) => 2.4 * i);
    const data = {
      x: tf.tensor2d(angles.map((angle) => [Math.cos(angle), Math.sin(angle)])),
      y: tf.tensor2d(angles.map((angle) => [Math.sin(angle) + Math.cos(angle) > 0 ? 1 : 0])),
    };
    const kernelInitializer = (seed: number) => tf.initializers.glorotUniform({seed});
    const sigmoids = () =>
      tf.sequential({
        layers: Array.from({length: 6}, (_, i) =>
          tf.layers.dense({
            units: 8,
            activation: 'sigmoid',
            kernelInitializer: kernelInitializer(10 + i),
            ...(i === 0 ? {inputShape: [2]} : {}),
          }),
        ),
      });
    const top = (seed: number) =>
      tf.layers.dense({units: 1, activation: 'sigmoid', kernelInitializer: kernelInitializer(seed)});
    const common = {loss: 'binaryCrossentropy', metrics: ['accuracy'], seed: 3};

    const {stages} = await trainLayerwise({
      ...common,
      model: sigmoids(),
      head: ({index}) => top(100 + index),
      data,
      optimizer: () => tf.train.sgd(1),
      epochs: 6,
      batchSize: 16,
    });
    const control = createTrainer({
      ...common,
      model: replaceTop(sigmoids(), {drop: 0, layers: [top(100)]}),
      optimizer: tf.train.sgd(1),
    });
    const {history} = await control.fit(data, {epochs: 6 * stages.length, batchSize: 16});
    expect(stages.at(-1)!.history['acc']!.at(-1)).toBeGreaterThan(0.9);
    expect(history['acc']!.at(-1)).toBeLessThan(0.65);
  });
});

describe('trainLayerwise ends early', () => {
  it('at the next step when the signal is aborted, with all as trainable as before', async () => {
    const model = body();
    model.layers[0]!.weights[1]!.trainable = false;
    const before = trainableOf(model);
    const controller = new AbortController();
    let runs = 0;
    const {
      stages,
      reason,
      model: grown,
    } = await trainLayerwise(
      setUp({
        model,
        signal: controller.signal,
        epochs: 5,
        onStage: () => void runs++,
        consumers: [
          (events$) =>
            events$.pipe(ofType('step')).subscribe(({step}) => {
              if (runs === 2 && step === 1) controller.abort();
            }),
        ],
      }),
    );
    expect(reason).toBe('stopped');
    expect(stages.map((stage) => [stage.reason, stage.epoch.length])).toEqual([
      ['completed', 5],
      ['stopped', 0],
    ]);
    expect(trainableOf(model)).toEqual(before);
    expect(grown.layers.map(({name}) => name)).toEqual([
      'a_input',
      'a',
      'b',
      expect.stringContaining('dense'),
    ]);
  });

  it('when a consumer stops a stage', async () => {
    const {stages, reason} = await trainLayerwise(
      setUp({
        consumers: [(events$, {stop}) => events$.pipe(ofType('step')).subscribe(() => stop())],
      }),
    );
    expect([stages.length, reason]).toEqual([1, 'stopped']);
  });

  it('goes on after a stage that stops early', async () => {
    const earlyStopping = {monitor: 'loss', minDelta: 100};
    const {stages, reason} = await trainLayerwise(setUp({earlyStopping, epochs: 9}));
    expect(stages.map((stage) => stage.reason)).toEqual(Array(5).fill('earlyStopped'));
    expect(reason).toBe('completed');
  });

  it('when the loss diverges', async () => {
    const {stages, reason} = await trainLayerwise(setUp({optimizer: () => tf.train.sgd(1e30), epochs: 9}));
    expect([stages.length, reason]).toEqual([1, 'diverged']);
  });
});

describe('trainLayerwise leaves nothing behind', () => {
  it('but the last head', async () => {
    const options = setUp();
    await expectNoLeaks(async () => {
      const {model} = await trainLayerwise(options);
      model.layers.at(-1)!.dispose();
    });
  });

  it('when a step throws in the middle: heads are freed, and all is trainable again', async () => {
    const options = setUp();
    const before = trainableOf(options.model);
    let stage = -1;
    const boom = stateless('boom', {}, (grads) => {
      if (stage === 3) throw new Error('boom');
      return grads;
    });
    await expectNoLeaks(async () => {
      const run = trainLayerwise({
        ...options,
        transforms: [boom],
        onStage: ({index}) => void (stage = index),
      });
      await expect(run).rejects.toThrow('boom');
    });
    expect(trainableOf(options.model)).toEqual(before);
  });

  it('when the loss does not fit', async () => {
    const options = setUp();
    await expectNoLeaks(async () => {
      await expect(trainLayerwise({...options, loss: 'nonsense'})).rejects.toThrow(
        'loss or metrics do not fit',
      );
    });
  });

  it('when the head does not fit', async () => {
    const options = setUp();
    const misfit = () => [head(), tf.layers.conv2d({filters: 1, kernelSize: 1})];
    await expectNoLeaks(async () => {
      await expect(trainLayerwise({...options, head: misfit})).rejects.toThrow(
        'expected ndim=4, found ndim=2',
      );
    });
  });

  it('and the model disposes as one', async () => {
    const data = samples();
    await expectNoLeaks(async () => {
      const {model} = await trainLayerwise({...training, model: body(), head, data});
      model.dispose();
    });
  });
});

describe('trainLayerwise rejects', () => {
  const optimizer = tf.train.sgd(0.1);
  const reused = head();
  it.each<[what: string, options: () => Partial<LayerwiseOptions>, message: string]>([
    [
      'an optimizer instead of a function',
      () => ({optimizer: optimizer as never}),
      'trainLayerwise: optimizer must be a function that makes one for each stage, e.g. () => tf.train.sgd(0.01), got a SGDOptimizer.',
    ],
    [
      'no model',
      () => ({model: 3 as never}),
      'trainLayerwise: model must be a tf.LayersModel, got the number 3.',
    ],
    ['an empty model', () => ({model: tf.sequential()}), 'trainLayerwise: model has no layers yet.'],
    [
      'no head',
      () => ({head: undefined as never}),
      'trainLayerwise: head must be a function that makes layers, e.g. () => tf.layers.dense({units: 10}), got undefined.',
    ],
    [
      'unknown layers',
      () => ({blocks: ['a', 'd']}),
      'trainLayerwise: the selector d matches no layer. Nearest of 3: a, b, c.',
    ],
    [
      'blocks in disorder',
      () => ({blocks: ['b', 'a', 'c']}),
      "trainLayerwise: block 'a' does not follow from 'b'; list blocks from the lowest on.",
    ],
    [
      'blocks that end below the top',
      () => ({blocks: ['a', 'b']}),
      "trainLayerwise: the last block must end with 'c', which gives the model's output, not with 'b'.",
    ],
    [
      'blocks that are no list',
      () => ({blocks: 'a' as never}),
      "trainLayerwise: blocks must list the last layer of each block, e.g. ['hidden1', 'hidden2'], got the string 'a'.",
    ],
    [
      'stages that are too deep',
      () => ({stages: [{depth: 4}]}),
      'trainLayerwise: stages: depth must be <= 3, the number of blocks, got 4.',
    ],
    [
      'more frozen than there is',
      () => ({stages: [{depth: 3, frozen: 4}]}),
      'trainLayerwise: stages: frozen must be <= depth, got 4 of 3.',
    ],
    [
      'stages that never get to the top',
      () => ({stages: [{depth: 1}]}),
      'trainLayerwise: stages: the last must have all 3 blocks, got depth 1.',
    ],
    ['unknown options', () => ({epoch: 3}) as never, "trainLayerwise: there is no option 'epoch'."],
    [
      'an onStage that is no function',
      () => ({onStage: 1 as never}),
      'trainLayerwise: onStage must be a function',
    ],
    [
      'a head that returns no layer',
      () => ({head: () => 5 as never}),
      'trainLayerwise: head must return layers, got the number 5.',
    ],
    [
      'remedies that set initial weights',
      () => ({remedies: [defineRemedy({name: 'reset', initialize: {'**': () => tf.scalar(0)}})]}),
      "trainLayerwise: remedy 'reset' sets initial weights, which would undo what earlier stages have learned.",
    ],
  ])('%s', async (_, options, message) => {
    await expect(trainLayerwise({...setUp(), ...options()})).rejects.toThrow(message);
  });

  it('an optimizer or head that is not new', async () => {
    let made: tf.Optimizer | undefined;
    await expect(trainLayerwise(setUp({optimizer: () => (made ??= tf.train.sgd(0.1))}))).rejects.toThrow(
      'trainLayerwise: optimizer must make a new optimizer at each call; it returned the one of an earlier stage.',
    );
    await expect(trainLayerwise(setUp({head: () => reused}))).rejects.toThrow(
      `trainLayerwise: head must make new layers; '${reused.name}' is in use already.`,
    );
  });
});
