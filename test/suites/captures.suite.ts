import {chainNorms, gradientStats, weightStats} from '@gradwire/capture';
import {type Capture, type CaptureContext, every, type NamedTensors} from '@gradwire/core';
import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {normOf, valuesOf} from './support/values.js';

const when = every(1);
const gradients = {
  kernel: [
    [3, -4, 0.5],
    [0, 0, 1e-3],
  ],
  bias: [-2],
  huge: [1e30, -1e30],
  tiny: [1e-30],
};
const weights = {
  kernel: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  bias: [0],
  huge: [7, 7],
  tiny: [-1e-30],
};
const clipped = {
  kernel: [
    [0.3, -0.4, 0],
    [0, 0, 0],
  ],
  bias: [-0.2],
};

describe('captures measure what plain arithmetic gives:', () => {
  it.each<[Capture, Readonly<Record<string, readonly unknown[]>>]>([
    [gradientStats({when}), gradients],
    [weightStats({when}), weights],
  ])('$name', async (capture, measuredOf) => {
    const measured = await measure(capture);
    expect(Object.keys(measured)).toEqual(Object.keys(measuredOf));
    for (const [name, nested] of Object.entries(measuredOf)) {
      const expected = statsOf(nested.flat() as number[]);
      expect(Object.keys(measured[name]!).sort()).toEqual(Object.keys(expected).sort());
      for (const [quantity, value] of Object.entries(expected)) {
        // Zero stands for what cancels: it is as exact as the largest entry is.
        const atol = 1e-6 * Math.max(Math.abs(expected['max']!), Math.abs(expected['min']!));
        expect(measured[name]![quantity], `${quantity} of ${name}`).toBeAllclose(value, {rtol: 1e-5, atol});
      }
    }
  });

  it('chainNorms', async () => {
    const {raw, clip} = await measure(chainNorms({when}));
    expect(raw!['norm']! / normOf(Object.values(gradients).flat(2))).toBeCloseTo(1, 5);
    expect(clip!['norm']).toBeCloseTo(normOf(Object.values(clipped).flat(2)), 5);
  });

  it.each([gradientStats({when}), weightStats({when}), chainNorms({when})])(
    '$name leaks nothing',
    (capture) =>
      expectNoLeaks(() => {
        const ctx = context();
        tf.tidy(() => void capture.measure(ctx));
        tf.dispose([...Object.values(ctx.rawGradients), ...Object.values(ctx.gradients)]);
        tf.dispose([...Object.values(ctx.weightsBefore), ctx.loss]);
      }),
  );
});

/** The slow twin. */
function statsOf(values: readonly number[]): Readonly<Record<string, number>> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean,
    std: normOf(values.map((value) => value - mean)) / Math.sqrt(values.length),
    norm: normOf(values),
    min: Math.min(...values),
    max: Math.max(...values),
    zeros: values.filter((value) => value === 0).length / values.length,
  };
}

function context(): CaptureContext {
  const tensors = (named: Readonly<Record<string, tf.TensorLike>>): NamedTensors =>
    Object.fromEntries(Object.entries(named).map(([name, values]) => [name, tf.tensor(values)]));
  const [raw, clip, weightsNow] = [tensors(gradients), tensors(clipped), tensors(weights)];
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    stages: [
      {name: 'raw', gradients: raw},
      {name: 'clip', gradients: clip},
    ],
    rawGradients: raw,
    gradients: clip,
    weightsBefore: weightsNow,
    weightsAfter: weightsNow,
    loss: tf.scalar(1),
  };
}

async function measure(capture: Capture): Promise<Record<string, Record<string, number>>> {
  const read = async (quantities: NamedTensors): Promise<Record<string, number>> => {
    const entries = Object.entries(quantities).map(async ([name, tensor]) => [
      name,
      (await valuesOf(tensor))[0]!,
    ]);
    return Object.fromEntries(await Promise.all(entries)) as Record<string, number>;
  };
  const measured = capture.measure(context());
  const entries = Object.entries(measured).map(async ([name, quantities]) => [name, await read(quantities)]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, Record<string, number>>;
}
