import {accumulateGradients, stateless, transformGradients} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {lastValueFrom, toArray} from 'rxjs';
import {beforeAll, describe, expect, it, vi} from 'vitest';
import {fitEvents} from './fitEvents.js';
import type {TrainingEvent} from '@gradwire/core';

function model(optimizer: tf.Optimizer = tf.train.sgd(0.1)): tf.Sequential {
  const net = tf.sequential({
    layers: [tf.layers.dense({units: 1, inputShape: [2], kernelInitializer: 'ones'})],
  });
  net.compile({loss: 'meanSquaredError', optimizer, metrics: ['mae']});
  return net;
}

const x = (): tf.Tensor => tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [5, 2]);
const y = (): tf.Tensor => tf.ones([5, 1]);
const types = (events: readonly TrainingEvent[]): string => events.map(({type}) => type).join(' ');

describe('fitEvents', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('sends the events of a trainer, in their order', async () => {
    const events = await lastValueFrom(
      fitEvents(model(), x(), y(), {epochs: 2, batchSize: 3, validationData: [x(), y()]}).pipe(toArray()),
    );
    expect(types(events)).toBe('runBegin epochBegin step step epochEnd epochBegin step step epochEnd runEnd');
    expect(
      events.flatMap((event) => (event.type === 'step' ? [[event.step, event.epoch, event.size]] : [])),
    ).toEqual([
      [0, 0, 3],
      [1, 0, 2],
      [2, 1, 3],
      [3, 1, 2],
    ]);
    const [begin] = events;
    const end = events.at(-2);
    expect(end?.type === 'epochEnd' && Object.keys(end.logs).sort()).toEqual(
      begin?.type === 'runBegin' && [...begin.metrics].sort(),
    );
    expect(events.at(-1)).toMatchObject({reason: 'completed'});
  });

  it('tells which batches made no update, and counts updates as steps', async () => {
    const wrapped = transformGradients(tf.train.sgd(0.1), accumulateGradients({steps: 2}));
    const events = await lastValueFrom(
      fitEvents(model(wrapped), x(), y(), {epochs: 2, batchSize: 2}).pipe(toArray()),
    );
    expect(
      events.flatMap((event) => (event.type === 'step' ? [[event.step, event.batch, event.skipped]] : [])),
    ).toEqual([
      [0, 0, true],
      [0, 1, undefined],
      [1, 2, true],
      [1, 0, undefined],
      [2, 1, true],
      [2, 2, undefined],
    ]);
  });

  it('tells the numbers of model.fit itself', async () => {
    const args = {epochs: 3, batchSize: 2, shuffle: false};
    const {history} = await model().fit(x(), y(), {...args, verbose: 0});
    const events = await lastValueFrom(fitEvents(model(), x(), y(), args).pipe(toArray()));
    const logs = events.flatMap((event) => (event.type === 'epochEnd' ? [event.logs] : []));
    for (const key of ['loss', 'mae']) expect(logs.map((log) => log[key])).toEqual(history[key]);
  });

  it('names the transforms and the inner optimizer', async () => {
    const wrapped = transformGradients(
      tf.train.adam(0.5),
      stateless('same', {}, (grads) => grads),
    );
    const [begin, , step] = await lastValueFrom(fitEvents(model(wrapped), x(), y()).pipe(toArray()));
    expect(begin).toMatchObject({transforms: ['same'], optimizer: 'Adam'});
    expect(step).toMatchObject({learningRate: 0.5});
  });

  it('calls your own callbacks, literals and objects', async () => {
    const literal = vi.fn<() => void>();
    const object = vi.fn<() => void>();
    await lastValueFrom(
      fitEvents(model(), x(), y(), {
        epochs: 2,
        callbacks: [
          {onEpochEnd: literal},
          new tf.CustomCallback({onEpochEnd: object}),
        ] as tf.CustomCallbackArgs[],
      }),
    );
    expect(literal).toHaveBeenCalledTimes(2);
    expect(object).toHaveBeenCalledTimes(2);
  });

  it('goes on when everybody has unsubscribed, or nobody ever subscribed', async () => {
    const net = model();
    const before = net.getWeights()[0]!.dataSync()[0];
    fitEvents(net, x(), y(), {epochs: 3});
    const events$ = fitEvents(model(), x(), y());
    events$.subscribe().unsubscribe();
    await lastValueFrom(events$);
    await vi.waitFor(() => expect(net.optimizer.iterations).toBe(3));
    expect(net.getWeights()[0]!.dataSync()[0]).not.toBe(before);
  });

  it('says stopped when training was stopped', async () => {
    const net = model();
    const events$ = fitEvents(net, x(), y(), {epochs: 9});
    events$.subscribe(({type}) => {
      if (type === 'epochEnd') net.stopTraining = true;
    });
    expect(await lastValueFrom(events$)).toMatchObject({type: 'runEnd', reason: 'stopped'});
  });

  it('reports a loss that is not finite once', async () => {
    const events = await lastValueFrom(
      fitEvents(model(), x(), tf.fill([5, 1], NaN), {epochs: 3}).pipe(toArray()),
    );
    expect(events.filter(({type}) => type === 'alert')).toMatchObject([{rule: 'nonFiniteLoss'}]);
  });

  it('ends with runEnd and the error when fit throws', async () => {
    const events: TrainingEvent[] = [];
    const events$ = fitEvents(model(), x(), tf.ones([5, 7]));
    events$.subscribe({next: (event) => events.push(event), error: () => {}});
    await expect(lastValueFrom(events$)).rejects.toThrow('shape');
    expect(events.at(-1)).toMatchObject({type: 'runEnd', reason: 'failed'});
  });

  it('asks for a compiled model', async () => {
    const net = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
    await expect(lastValueFrom(fitEvents(net, x(), y()))).rejects.toThrow('fitEvents: model is not compiled');
  });
});
