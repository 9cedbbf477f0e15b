import {availableParallelism} from 'node:os';
import {expect, it} from 'vitest';
import {physicalCores} from './physicalCores.js';

it('is at least one, and no more than the process may use', () => {
  const cores = physicalCores();
  expect(Number.isInteger(cores)).toBe(true);
  expect(cores).toBeGreaterThanOrEqual(1);
  expect(cores).toBeLessThanOrEqual(availableParallelism());
});
