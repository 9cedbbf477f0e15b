import {clipByGlobalNorm} from '@gradwire/clipping';
import {type GradientOptimizer, transformGradients} from '@gradwire/core';
import {adamW, averageWeights, lion, sgd, withAveragedWeights} from '@gradwire/optimizers';
import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {denseTask} from '../suites/support/models.js';
import {weightsOf} from '../suites/support/values.js';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const order = {batchSize: 4, shuffle: false, epochs: 3};
const groups = [{select: '**/bias', learningRate: 0.02, weightDecay: 0}];
const optimizers: readonly (readonly [name: string, make: () => GradientOptimizer])[] = [
  ['adamW with groups', () => adamW({learningRate: 0.01, groups})],
  ['sgd with Nesterov', () => sgd({learningRate: 0.01, momentum: 0.9, nesterov: true})],
  ['lion', () => lion({learningRate: 0.005})],
];

/** The weights after fit of tfjs. */
async function fitted(optimizer: tf.Optimizer): Promise<number[]> {
  const model = denseTask.model();
  const {x, y} = denseTask.data();
  model.compile({loss: denseTask.loss, optimizer});
  await model.fit(x, y, {...order, verbose: 0});
  return weightsOf(model);
}

describe.each(optimizers)('%s in the trainer', (_name, make) => {
  it('ends at the weights of fit', async () => {
    const model = denseTask.model();
    await createTrainer({model, loss: denseTask.loss, optimizer: make()}).fit(denseTask.data(), order);
    expect(await weightsOf(model)).toEqual(await fitted(make()));
  });

  it('gets what the transforms of the trainer make of the gradients', async () => {
    const model = denseTask.model();
    const clip = clipByGlobalNorm({maxNorm: 0.01});
    await createTrainer({model, loss: denseTask.loss, optimizer: make(), transforms: [clip]}).fit(
      denseTask.data(),
      order,
    );
    expect(await weightsOf(model)).toEqual(await fitted(transformGradients(make(), clip)));
  });

  it('follows the schedule of the trainer', async () => {
    const schedule = (step: number): number => 0.01 / (1 + step);
    const trainer = createTrainer({
      model: denseTask.model(),
      loss: denseTask.loss,
      optimizer: make(),
      schedule,
    });
    const rates: number[] = [];
    trainer.events$.pipe(ofType('step')).subscribe(({learningRate}) => rates.push(learningRate));
    await trainer.fit(denseTask.data(), order);
    expect(rates).toEqual(rates.map((_, step) => schedule(step)));
  });

  it('has its weights averaged', async () => {
    const model = denseTask.model();
    const optimizer = transformGradients(make(), averageWeights({decay: 0.5}));
    await createTrainer({model, loss: denseTask.loss, optimizer}).fit(denseTask.data(), order);
    const own = await weightsOf(model);
    const averaged = await withAveragedWeights(optimizer, () => weightsOf(model));
    expect(averaged).not.toEqual(own);
    expect(own).toEqual(await fitted(make()));
  });
});
