import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {imageTensors} from './imageTensors.js';

describe('imageTensors', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const part = {count: 2, images: Uint8Array.of(0, 51, 255, 102, 0, 0), labels: Uint8Array.of(3, 0)};

  it('divides pixels by 255, one image a row', () => {
    const {x} = imageTensors(part);
    expect([x.shape, x.dtype]).toEqual([[2, 3], 'float32']);
    expect([...x.dataSync()]).toEqual([0, 0.2, 1, 0.4, 0, 0].map(Math.fround));
  });

  it('turns labels into ones at their place', () => {
    const {y} = imageTensors(part);
    expect(y.arraySync()).toEqual([
      [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]);
  });
});
