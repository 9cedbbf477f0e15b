import type {StepContext} from '@gradwire/core';
import {describeValue} from '@gradwire/core';

/** What a schedule counts. */
export type Unit = 'epoch' | 'step';

/** Rejects what is neither. */
export function requireUnit(where: string, unit: unknown): void {
  if (unit === 'epoch' || unit === 'step') return;
  throw new RangeError(`${where}: unit must be 'epoch' or 'step', got ${describeValue(unit)}.`);
}

/** Where a training stands, in epochs or steps. */
export function positionOf(where: string, unit: Unit, {step, epoch}: StepContext): number {
  if (unit === 'step') return step;
  if (epoch !== undefined) return epoch;
  throw new Error(
    `${where}: nobody tells which epoch this is; train with @gradwire/trainer, or count steps: unit: 'step'.`,
  );
}
