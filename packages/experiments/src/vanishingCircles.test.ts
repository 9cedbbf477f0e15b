import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {circlesFindings, circlesTable} from './circlesTable.js';
import {type CirclesResult, vanishingCircles} from './vanishingCircles.js';

async function collect(options: Parameters<typeof vanishingCircles>[0]): Promise<CirclesResult[]> {
  const results: CirclesResult[] = [];
  for await (const result of vanishingCircles(options)) results.push(result);
  return results;
}

describe('vanishingCircles', () => {
  let results: CirclesResult[];
  let leaked: number;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    results = await collect({epochs: 6});
    leaked = tf.memory().numTensors - before;
  });

  it('trains the four networks in turn', () => {
    expect(results.map(({network}) => network)).toEqual(['sigmoid', 'tanh', 'relu', 'sigmoid+remedy']);
    expect(results.map(({gradientStd}) => gradientStd.length)).toEqual([5, 5, 5, 5]);
  });

  it('shows the gradient vanish towards the first layer with sigmoid, and only there', () => {
    const [sigmoid, tanh, relu] = results.map(({gradientStd}) => gradientStd[0]! / gradientStd[4]!);
    expect(sigmoid).toBeLessThan(0.05);
    expect(tanh).toBeGreaterThan(0.1);
    expect(relu).toBeGreaterThan(0.1);
  });

  it('begins from the same weights with and without the remedy, but for what the remedy initialises', () => {
    expect(results[0]!.before).toEqual(results[3]!.before);
  });

  it('leaks no tensors', () => {
    expect(leaked).toBe(0);
  });

  it('gives the same results for the same seed, and others for another', async () => {
    const [again] = await collect({epochs: 1});
    const [once] = await collect({epochs: 1});
    const [other] = await collect({epochs: 1, seed: 2});
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('begins nothing when the signal is aborted', async () => {
    expect(await collect({epochs: 1, signal: AbortSignal.abort()})).toEqual([]);
  });

  it('drops the training that is aborted', async () => {
    const abort = new AbortController();
    const stopped = await collect({
      epochs: 50,
      signal: abort.signal,
      watch: () => (events$) =>
        events$.subscribe(({type}) => {
          if (type === 'epochEnd') abort.abort();
        }),
    });
    expect(stopped).toEqual([]);
  });
});

describe('circlesTable', () => {
  const result: CirclesResult = {
    network: 'sigmoid+remedy',
    before: {loss: 0.7234, acc: 0.5},
    after: {loss: 0.0123, acc: 0.995},
    gradientStd: [1e-4, 1e-3, 1e-2, 1e-1, 1],
  };

  it('fits 80 columns', () => {
    const lines = circlesTable([result, {...result, network: 'tanh'}]).split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
  });

  it('shows values before and after, and deviations as numbers and bars', () => {
    const table = circlesTable([result]);
    expect(table).toContain('0.50 → 0.99');
    expect(table).toContain('0.72 → 0.01');
    expect(table).toContain('1.0e-4 1.0e-3 1.0e-2 1.0e-1 1.0e+0 ▁▃▅▆█');
  });

  it('says how the first layer compares with the last', () => {
    expect(circlesFindings([result, {...result, network: 'flat', gradientStd: [2, 1]}])).toBe(
      'sigmoid+remedy: the gradient of layer 1 is 1.0e+4 times smaller than that of layer 5\n' +
        'flat: the gradient of layer 1 is 2.0 times larger than that of layer 2\n\n' +
        'remedy: sigmoidRescue (kernels of N(0, 16/fanIn), unit gradients, falling rate)',
    );
  });
});
