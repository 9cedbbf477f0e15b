import {createTrainer, type TrainingEvent} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {sigmoidRescue, type SigmoidRescueOptions} from './sigmoidRescue.js';

function deepSigmoids(): tf.Sequential {
  const layers = [64, 64, 1].map((units, i) =>
    tf.layers.dense({units, activation: 'sigmoid', ...(i === 0 ? {inputShape: [32]} : {})}),
  );
  return tf.sequential({layers});
}

async function train(model: tf.LayersModel, steps: number): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const trainer = createTrainer({
    model,
    loss: 'binaryCrossentropy',
    optimizer: tf.train.rmsprop(1e-3),
    remedies: [sigmoidRescue({steps: 4})],
    seed: 3,
  });
  trainer.events$.subscribe((event) => events.push(event));
  await trainer.fit({x: tf.ones([steps, 32]), y: tf.ones([steps, 1])}, {batchSize: 1});
  return events;
}

describe('sigmoidRescue', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('draws kernels with four times the deviation of LeCun, and leaves biases alone', async () => {
    const model = deepSigmoids();
    const [kernel, bias] = model.weights;
    const trainer = createTrainer({
      model,
      loss: 'binaryCrossentropy',
      optimizer: tf.train.sgd(0),
      remedies: [sigmoidRescue({steps: 1, peakRate: 1e-30, finalRate: 1e-30})],
    });
    await trainer.fit({x: tf.ones([1, 32]), y: tf.ones([1, 1])});
    const {mean, variance} = tf.moments(kernel!.read());
    expect(mean.dataSync()[0]).toBeCloseTo(0, 1);
    expect(Math.sqrt(variance.dataSync()[0]!)).toBeCloseTo(4 / Math.sqrt(32), 1);
    expect(tf.max(tf.abs(bias!.read())).dataSync()[0]).toBeLessThan(1e-20);
  });

  it('says what it has initialised', async () => {
    const model = deepSigmoids();
    const events = await train(model, 1);
    expect(events.find(({type}) => type === 'remedy')).toMatchObject({
      remedy: 'sigmoidRescue',
      action: 'initialized',
      parameters: model.trainableWeights.map(({name}) => name).filter((name) => name.endsWith('/kernel')),
    });
  });

  it('lets the learning rate fall as half a cosine from peak to final, and stay there', async () => {
    const events = await train(deepSigmoids(), 6);
    const rates = events.flatMap((event) => (event.type === 'step' ? [event.learningRate] : []));
    const expected = [
      0.01,
      0.001 + (0.009 * (1 + Math.SQRT1_2)) / 2,
      0.0055,
      0.001 + (0.009 * (1 - Math.SQRT1_2)) / 2,
    ];
    [...expected, 0.001, 0.001].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 10));
  });

  const CALL =
    'options must be an object, e.g. sigmoidRescue({steps: 1000, peakRate: 0.01, finalRate: 0.001}), got';

  it.each([
    [undefined, `${CALL} undefined.`],
    [1000, `${CALL} the number 1000.`],
    [{steps: 10, peak: 1}, "there is no option 'peak'. Options: steps, peakRate, finalRate."],
  ])('rejects the options %o', (options, message) => {
    expect(() => sigmoidRescue(options as unknown as SigmoidRescueOptions)).toThrow(
      new TypeError(`sigmoidRescue: ${message}`),
    );
  });

  it.each([
    [{steps: 0}, 'sigmoidRescue: steps must be a whole number >= 1, got 0.'],
    [{steps: 10, peakRate: 0}, 'sigmoidRescue: peakRate must be > 0, got 0.'],
    [{steps: 10, finalRate: -1}, 'sigmoidRescue: finalRate must be > 0, got -1.'],
  ])('names the option that it rejects: %o', (options, message) => {
    expect(() => sigmoidRescue(options)).toThrow(new RangeError(message));
  });
});
