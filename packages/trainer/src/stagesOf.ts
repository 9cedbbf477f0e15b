import type {GradientTransform} from '@gradwire/core';
import {stageNames} from './stepRecord.js';

/** The names that captures know the stages of the gradients by. */
export function stagesOf(transforms: readonly GradientTransform[]): string[] {
  const on = (which: 'gradients' | 'updates'): string[] =>
    transforms.filter((transform) => (transform.on ?? 'gradients') === which).map(({name}) => name);
  const updates = on('updates');
  return ['raw', ...on('gradients'), ...(updates.length === 0 ? [] : ['updates', ...updates])].map(
    stageNames(),
  );
}
