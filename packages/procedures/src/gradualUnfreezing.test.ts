import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {body, changed, samples, training, useCpu, weightsOf} from '../fixtures/training.js';
import {gradualUnfreezing, type GradualUnfreezingOptions} from './index.js';

useCpu();

/** Layers that have changed in each epoch or step. */
async function movesOf(
  options: GradualUnfreezingOptions,
  every: 'epochEnd' | 'step' = 'epochEnd',
): Promise<string[]> {
  const model = body([2, 2, 1]);
  const trainer = createTrainer({
    model,
    loss: training.loss,
    optimizer: tf.train.adam(0.05),
    transforms: [gradualUnfreezing(options)],
  });
  let before = weightsOf(model);
  const moves: string[] = [];
  trainer.events$.pipe(ofType(every)).subscribe(() => {
    const after = weightsOf(model);
    moves.push([...new Set(changed(before, after).map((name) => name.split('/')[0]))].join(' '));
    before = after;
  });
  await trainer.fit(samples(), {epochs: 5, batchSize: 16});
  trainer.dispose();
  return moves;
}

describe('gradualUnfreezing', () => {
  it('thaws a group each epoch, from the top', async () => {
    expect(await movesOf({groups: ['c/**', 'b/**', 'a/**']})).toEqual([
      'c',
      'b c',
      'a b c',
      'a b c',
      'a b c',
    ]);
  });

  it('takes its time', async () => {
    expect(await movesOf({groups: ['c/**', 'b/**', 'a/**'], every: 2})).toEqual([
      'c',
      'c',
      'b c',
      'b c',
      'a b c',
    ]);
  });

  it('counts steps on request', async () => {
    expect(await movesOf({groups: ['c/**', '**'], every: 3, unit: 'step'}, 'step')).toEqual([
      'c',
      'c',
      'c',
      'a b c',
      'a b c',
    ]);
  });

  it('gives a parameter to the first group that matches it', async () => {
    expect((await movesOf({groups: [/^c/, '**']})).slice(0, 2)).toEqual(['c', 'a b c']);
  });

  it('is a frozen literal, named as its factory, and made again from its config', () => {
    const transform = gradualUnfreezing({groups: ['c/**', '**'], every: 2});
    expect(Object.isFrozen(transform)).toBe(true);
    expect(transform.name).toBe('gradualUnfreezing');
    const config = JSON.parse(JSON.stringify(transform.config)) as GradualUnfreezingOptions;
    expect(config).toEqual({groups: ['c/**', '**'], every: 2, unit: 'epoch'});
    expect(gradualUnfreezing(config).config).toEqual(transform.config);
  });
});

describe('gradualUnfreezing rejects', () => {
  it.each<[options: unknown, message: string]>([
    [
      {groups: ['a']},
      'gradualUnfreezing: groups must be a list of at least two selectors, the top of the network first, got a list of 1.',
    ],
    [
      {groups: ['a', 3]},
      'gradualUnfreezing: groups[1] must be a glob, a RegExp or a function, got the number 3.',
    ],
    [{groups: ['a', 'b'], every: 0}, 'gradualUnfreezing: every must be a whole number >= 1, got 0.'],
    [{groups: ['a', 'b'], unit: 3}, "gradualUnfreezing: unit must be 'epoch' or 'step', got the number 3."],
    [{selectors: []}, "gradualUnfreezing: there is no option 'selectors'."],
  ])('%j', (options, message) => {
    expect(() => gradualUnfreezing(options as GradualUnfreezingOptions)).toThrow(message);
  });

  it('parameters without a group, and groups without a parameter, before the first step', async () => {
    await expect(movesOf({groups: ['c/**', 'b/**']})).rejects.toThrow(
      /^gradualUnfreezing: in no group: a\/kernel\w*, a\/bias\w*\. A last group '\*\*' takes all that the others leave\.$/,
    );
    await expect(movesOf({groups: ['**', 'b/**']})).rejects.toThrow(
      'gradualUnfreezing: the selector b/** matches no parameter.',
    );
  });
});
