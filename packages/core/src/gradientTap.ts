import type {NamedTensors} from './namedTensors.js';

/**
 * Told of the gradients on their way: first `raw`, then once per transform, by the transform's name. Where transforms change
 * updates, it is told of these in the same way: first `updates`, then by name.
 */
export type GradientTap = (stage: string, tensors: NamedTensors, on: 'gradients' | 'updates') => void;
