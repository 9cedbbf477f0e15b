import {type GradientTransform, stateless, transformGradients} from '@gradwire/core';
import {expectNoLeaks} from '@gradwire/testing';
import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {body, changed, samples, training, useCpu, weightsOf} from '../fixtures/training.js';
import {freeze, type FreezeOptions} from './index.js';

useCpu();

/** Names of the weights that have changed, by epoch (or step). */
async function movesOf(
  options: FreezeOptions,
  {epochs = 4, every = 'epochEnd'}: {epochs?: number; every?: 'epochEnd' | 'step'} = {},
): Promise<string[]> {
  const model = body([2, 1]);
  const trainer = createTrainer({
    model,
    loss: training.loss,
    optimizer: tf.train.adam(0.05),
    transforms: [freeze(options)],
  });
  let before = weightsOf(model);
  const moves: string[] = [];
  trainer.events$.pipe(ofType(every)).subscribe(() => {
    const after = weightsOf(model);
    moves.push(changed(before, after).join(' '));
    before = after;
  });
  await trainer.fit(samples(), {epochs, batchSize: 8});
  trainer.dispose();
  return moves;
}

const upper = 'b/kernel b/bias';
const all = `a/kernel a/bias ${upper}`;

describe('freeze', () => {
  it('keeps the selected parameters to the last bit until their epoch', async () => {
    expect(await movesOf({select: 'a/**', until: 2})).toEqual([upper, upper, all, all]);
  });

  it('keeps them from an epoch on, and between two', async () => {
    expect(await movesOf({select: 'a/**', from: 3})).toEqual([all, all, all, upper]);
    expect(await movesOf({select: 'a/**', from: 1, until: 3})).toEqual([all, upper, upper, all]);
  });

  it('keeps them for ever by default', async () => {
    expect(await movesOf({select: 'a/**'})).toEqual([upper, upper, upper, upper]);
  });

  it('counts steps on request', async () => {
    const moves = await movesOf({select: 'a/**', until: 3, unit: 'step'}, {epochs: 2, every: 'step'});
    expect(moves).toEqual([upper, upper, upper, all]);
  });

  it('selects by expression and by function', async () => {
    expect(await movesOf({select: /kernel/}, {epochs: 1})).toEqual(['a/bias b/bias']);
    expect(await movesOf({select: ({shape}) => shape.length === 1}, {epochs: 1})).toEqual([
      'a/kernel b/kernel',
    ]);
  });

  it("leaves the optimizer's moments of frozen parameters alone", async () => {
    const whole = {batchSize: 16, shuffle: false};
    const fit = async (model: tf.LayersModel, optimizer: tf.Optimizer, epochs: number, until: number) => {
      const transforms = until === 0 ? [] : [freeze({select: 'a/bias', until})];
      const trainer = createTrainer({model, loss: training.loss, optimizer, transforms});
      await trainer.fit(samples(), {...whole, epochs});
      trainer.dispose();
      return weightsOf(model)['a/bias']!;
    };
    const [once, twice] = [body([2, 1]), body([2, 1])];
    const thawed = await fit(once, training.optimizer(), 3, 2);
    await fit(twice, training.optimizer(), 2, 2);
    // The first step of momentum, from moments that are still 0, is one of plain gradient descent.
    const plain = await fit(twice, tf.train.sgd(0.1), 1, 0);
    expect(thawed).not.toEqual(weightsOf(body([2, 1]))['a/bias']);
    thawed.forEach((value, i) => expect(value).toBeCloseTo(plain[i]!, 6));
  });

  it('works in a plain fit where it counts steps, and says why it cannot count epochs there', async () => {
    const model = body([2, 1]);
    const {x, y} = samples();
    const compile = (options: FreezeOptions) =>
      model.compile({loss: training.loss, optimizer: transformGradients(tf.train.sgd(0.1), freeze(options))});
    const before = weightsOf(model);
    compile({select: 'a/**', until: 9, unit: 'step'});
    await model.fit(x, y, {batchSize: 8, verbose: 0});
    expect(changed(before, weightsOf(model)).join(' ')).toBe(upper);
    compile({select: 'a/**', until: 9});
    await expect(model.fit(x, y, {verbose: 0})).rejects.toThrow(
      "freeze: nobody tells which epoch this is; train with @gradwire/trainer, or count steps: unit: 'step'.",
    );
  });

  it('is a frozen literal, named as its factory, and made again from its config', () => {
    const transform = freeze({select: '**/bias', until: 3, unit: 'step'});
    expect(Object.isFrozen(transform)).toBe(true);
    expect(transform.name).toBe('freeze');
    const config = JSON.parse(JSON.stringify(transform.config)) as FreezeOptions;
    expect(config).toEqual({select: '**/bias', from: 0, until: 3, unit: 'step'});
    expect(freeze(config).config).toEqual(transform.config);
  });

  it('passes on a step in which there is no gradient', () => {
    const params = {a: tf.variable(tf.scalar(1)), b: tf.variable(tf.scalar(1))};
    const ctx = {step: 0, params, keys: {}, seed: 0};
    expect(freeze({select: 'a'}).update({}, undefined, ctx)[0]).toEqual({});
  });

  it('leaks nothing', async () => {
    const model = body([2, 1]);
    const data = samples();
    await expectNoLeaks(async () => {
      const trainer = createTrainer({
        model,
        loss: training.loss,
        optimizer: tf.train.adam(),
        transforms: [freeze({select: 'a/**', until: 1})],
      });
      await trainer.fit(data, {epochs: 3});
      trainer.dispose();
    });
  });
});

describe('freeze refuses to freeze everything', () => {
  const run = (transforms: GradientTransform[]) => {
    const model = body([2, 1]);
    const trainer = createTrainer({model, loss: training.loss, optimizer: tf.train.sgd(0.1), transforms});
    return {model, result: trainer.fit(samples(), {epochs: 3, batchSize: 16})};
  };

  it('before the first step, however late it would be', async () => {
    await expect(run([freeze({select: '**', from: 2})]).result).rejects.toThrow(
      'freeze: the selector ** matches all 4 parameters; nothing would be trained.',
    );
  });

  it('together with another one, before that step changes anything', async () => {
    const {model, result} = run([freeze({select: 'a/**'}), freeze({select: 'b/**'})]);
    const before = weightsOf(model);
    await expect(result).rejects.toThrow(
      /^freeze: every parameter that has a gradient is frozen, so nothing would be trained: b\/kernel\w*, b\/bias\w*\.$/,
    );
    expect(changed(before, weightsOf(model))).toEqual([]);
  });

  it('but lets other transforms skip steps', async () => {
    const skip = stateless('skip', {}, (grads, {step}) => (step < 0 ? grads : {}));
    expect((await run([freeze({select: 'a/**'}), skip]).result).reason).toBe('completed');
  });
});

describe('freeze rejects', () => {
  it.each<[options: unknown, message: string]>([
    [
      undefined,
      "freeze: options must be an object, e.g. freeze({select: 'lower/**', from: 0, until: 5, unit: 'epoch'}), got undefined.",
    ],
    [{}, 'freeze: select must be a glob, a RegExp or a function, got undefined.'],
    [{select: 'a', from: -1}, 'freeze: from must be a whole number >= 0, got -1.'],
    [{select: 'a', from: 2, until: 2}, 'freeze: until must be a whole number >= 3, got 2.'],
    [{select: 'a', unit: 'batch'}, "freeze: unit must be 'epoch' or 'step', got the string 'batch'."],
    [{select: 'a', to: 1}, "freeze: there is no option 'to'. Options: select, from, until, unit."],
  ])('%j', (options, message) => {
    expect(() => freeze(options as FreezeOptions)).toThrow(message);
  });

  it('a selector that matches nothing, before the first step', async () => {
    const trainer = createTrainer({
      model: body([2, 1]),
      loss: training.loss,
      optimizer: tf.train.sgd(0.1),
      transforms: [freeze({select: 'd/*'})],
    });
    await expect(trainer.fit(samples())).rejects.toThrow('freeze: the selector d/* matches no parameter.');
  });
});
