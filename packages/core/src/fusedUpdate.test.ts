import * as tf from '@tensorflow/tfjs';
import {beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {FusedUpdate} from './fusedUpdate.js';

type Make = () => tf.Optimizer;

const OPTIMIZERS: readonly [string, Make][] = [
  ['momentum', () => tf.train.momentum(0.1, 0.9)],
  ['nesterov', () => tf.train.momentum(0.1, 0.9, true)],
  ['adagrad', () => tf.train.adagrad(0.1)],
  ['adadelta', () => tf.train.adadelta(0.1)],
  ['adam', () => tf.train.adam(0.1)],
  ['adamax', () => tf.train.adamax(0.1)],
  ['rmsprop', () => tf.train.rmsprop(0.1, 0.9, 0.5)],
  ['centred rmsprop', () => tf.train.rmsprop(0.1, 0.9, 0.5, 1e-7, true)],
];

/** A matrix, a vector, a scalar, and a matrix too large to be fused. */
const SHAPES = [[3, 2], [5], [], [80, 80]];
let count = 0;

class House {
  readonly names: string[];
  readonly params: Record<string, tf.Variable>;

  constructor(readonly optimizer: tf.Optimizer) {
    const house = count++;
    this.names = SHAPES.map((_, i) => `house${house}/p${i}`);
    this.params = Object.fromEntries(
      SHAPES.map((shape, i) => [
        this.names[i]!,
        tf.variable(tf.randomNormal(shape, 0, 1, 'float32', i + 1), true, this.names[i]!),
      ]),
    );
  }

  /** The same gradients for every house, without those of the parameters in `holes`. */
  grads(step: number, holes: readonly number[] = []): Record<string, tf.Tensor> {
    return Object.fromEntries(
      SHAPES.flatMap((shape, i) =>
        holes.includes(i)
          ? []
          : [[this.names[i]!, tf.randomNormal(shape, 0, 1, 'float32', 1 + step * SHAPES.length + i)]],
      ),
    );
  }

  bareStep(step: number, holes: readonly number[] = []): void {
    tf.tidy(() => {
      const grads = this.grads(step, holes);
      this.optimizer.applyGradients(
        this.names.map((name) => ({name, tensor: grads[name] ?? (null as unknown as tf.Tensor)})),
      );
    });
  }

  fusedStep(update: FusedUpdate, step: number, holes: readonly number[] = []): void {
    tf.tidy(() => update.apply(this.names, this.grads(step, holes), this.params));
  }

  values(): number[][] {
    return this.names.map((name) => Array.from(this.params[name]!.dataSync()));
  }
}

/** The values in all lists of slots, field by field. */
function slots(optimizer: tf.Optimizer): number[][] {
  return Object.values(optimizer)
    .filter((value): value is {variable: tf.Variable}[] => Array.isArray(value))
    .flatMap((list) => list.map(({variable}) => Array.from(variable.dataSync())));
}

describe.each(OPTIMIZERS)('FusedUpdate around %s', (_name, make) => {
  let bare: House;
  let fused: House;
  let update: FusedUpdate;
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  beforeEach(() => {
    bare = new House(make());
    fused = new House(make());
    update = new FusedUpdate(fused.optimizer);
  });

  it('gives bit-identical weights and slots', () => {
    for (let step = 0; step < 8; step++) {
      bare.bareStep(step);
      fused.fusedStep(update, step);
    }
    expect(fused.values()).toEqual(bare.values());
    update.split();
    expect(slots(fused.optimizer)).toEqual(slots(bare.optimizer));
  });

  it('updates the small parameters as one, from the second step on', () => {
    const apply = vi.spyOn(fused.optimizer, 'applyGradients');
    for (let step = 0; step < 3; step++) fused.fusedStep(update, step);
    expect(apply.mock.calls.map(([list]) => (list as unknown[]).length)).toEqual([4, 2, 2]);
  });

  it('follows holes that come and go', () => {
    const holes = [[], [], [], [1], [1], [1], [0, 3], [], [], [2], [0, 1, 2, 3], []];
    holes.forEach((missing, step) => {
      bare.bareStep(step, missing);
      fused.fusedStep(update, step, missing);
    });
    expect(fused.values()).toEqual(bare.values());
  });

  it('sees weights that somebody else has set', () => {
    for (let step = 0; step < 6; step++) {
      if (step === 4) for (const house of [bare, fused]) house.params[house.names[1]!]!.assign(tf.ones([5]));
      bare.bareStep(step);
      fused.fusedStep(update, step);
    }
    expect(fused.values()).toEqual(bare.values());
  });

  it('goes on after the optimizer got its own slots back', () => {
    for (let step = 0; step < 6; step++) {
      bare.bareStep(step);
      fused.fusedStep(update, step);
      if (step % 2 === 1) update.split();
    }
    expect(fused.values()).toEqual(bare.values());
  });

  it('leaks nothing, fused or split', () => {
    for (let step = 0; step < 3; step++) fused.fusedStep(update, step);
    const before = tf.memory().numTensors;
    for (let step = 3; step < 20; step++) {
      if (step % 4 === 0) update.split();
      fused.fusedStep(update, step, step % 7 === 0 ? [1] : []);
    }
    fused.fusedStep(update, 20);
    fused.fusedStep(update, 21);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('FusedUpdate', () => {
  it('leaves optimizers alone whose update it does not know', () => {
    class Mine extends tf.AdamOptimizer {}
    const house = new House(new Mine(0.1, 0.9, 0.999));
    const apply = vi.spyOn(house.optimizer, 'applyGradients');
    const update = new FusedUpdate(house.optimizer);
    for (let step = 0; step < 4; step++) house.fusedStep(update, step);
    for (const [list] of apply.mock.calls) expect(list).toHaveLength(4);
  });
});
