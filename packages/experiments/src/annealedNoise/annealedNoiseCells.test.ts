import {describe, expect, it} from 'vitest';
import torch from '../../fixtures/annealedNoise.json' with {type: 'json'};
import {withDefaults} from '../../fixtures/compose.js';
import {annealedNoise} from './annealedNoise.js';
import {annealedNoiseCells} from './annealedNoiseCells.js';

const whole = (name: string) => {
  const cell = annealedNoiseCells.find((one) => one.name === name)!;
  return {...cell, options: withDefaults(annealedNoise, cell.options)};
};

describe('annealedNoiseCells', () => {
  it('has the whole table, each cell under a name of its own', () => {
    expect(new Set(annealedNoiseCells.map(({name}) => name)).size).toBe(30);
  });

  it('takes logits with 2 layers, and a second softmax with 5', () => {
    expect(whole('2 layers, swish, noise')).toMatchObject({
      published: 0.9092,
      options: {neurons: [512, 512], batchSize: 1024, doubleSoftmax: false, noise: true, batchNorm: false},
    });
    expect(whole('5 layers, swish, noise, batch norm')).toMatchObject({
      published: 0.9165,
      options: {
        neurons: [512, 512, 256, 256, 128],
        batchSize: 512,
        doubleSoftmax: true,
        noise: true,
        batchNorm: true,
        batchNormMode: 'inference',
      },
    });
  });

  it('trains for 100 epochs', () => {
    for (const {name} of annealedNoiseCells) expect(whole(name).options.epochs).toBe(100);
  });

  it('has short forms for what PyTorch has trained, and its range', () => {
    const quick = Object.fromEntries(
      annealedNoiseCells.flatMap(({name, quick: form}) =>
        form === undefined ? [] : [[name, [form.rerun?.low, form.rerun?.high]]],
      ),
    );
    expect(quick).toEqual(
      Object.fromEntries(Object.entries(torch.cells).map(([name, {range}]) => [name, range])),
    );
  });

  it.each(Object.entries(torch.cells))('has trained %s by the same options', (name, {options}) => {
    const cell = annealedNoiseCells.find((one) => one.name === name)!;
    const camelCase = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const trained = Object.fromEntries(
      Object.entries(options).map(([key, value]) => [camelCase(key), value]),
    );
    expect(withDefaults(annealedNoise, {...cell.options, ...cell.quick!.options})).toEqual(
      withDefaults(annealedNoise, trained),
    );
  });
});
