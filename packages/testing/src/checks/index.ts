import type {Check} from '../check.js';
import {formChecks} from './form.js';
import {functionChecks} from './function.js';
import {numberChecks} from './numbers.js';
import {tensorChecks} from './tensors.js';
import {trainingChecks} from './training.js';

/** The whole contract of a `GradientTransform`. */
export const checks: readonly Check[] = [
  ...formChecks,
  ...tensorChecks,
  ...numberChecks,
  ...functionChecks,
  ...trainingChecks,
];
