import type {TrainingEvent} from '@gradwire/trainer';
import {expect, it} from 'vitest';
import {thinned} from './thinned.js';

const EPOCHS = 40;
const STEPS = 32;

function* events(): Generator<TrainingEvent> {
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const at = {run: 'r', epoch, time: 0};
    yield {type: 'epochBegin', ...at, step: epoch * STEPS};
    for (let batch = 0; batch < STEPS; batch++) {
      const step = epoch * STEPS + batch;
      yield {type: 'step', ...at, step, batch, size: 1, learningRate: 1, duration: 1, loss: step};
    }
    yield {type: 'epochEnd', ...at, step: (epoch + 1) * STEPS, logs: {}, duration: 1};
  }
}

it('keeps the last step of every epoch, by which readers tell where the next begins', () => {
  const kept = thinned([...events()]);
  const steps = new Set(kept.flatMap((event) => (event.type === 'step' ? [event.step] : [])));
  const lasts = Array.from({length: EPOCHS}, (_, epoch) => (epoch + 1) * STEPS - 1);
  expect(lasts.filter((step) => !steps.has(step))).toEqual([]);
  expect(steps.size).toBeLessThan((EPOCHS * STEPS) / 2);
});

it('keeps every event that is neither a step nor a capture', () => {
  const all = [...events()];
  const others = (list: readonly TrainingEvent[]) => list.filter(({type}) => type !== 'step');
  expect(others(thinned(all))).toEqual(others(all));
});
