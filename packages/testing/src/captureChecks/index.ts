import type {CaptureCheck} from './captureCheck.js';
import {formChecks} from './form.js';
import {stepChecks} from './steps.js';
import {tensorChecks} from './tensors.js';

/** The whole contract of a `Capture`. */
export const captureChecks: readonly CaptureCheck[] = [...formChecks, ...tensorChecks, ...stepChecks];
