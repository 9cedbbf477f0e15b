import {describeValue} from '@gradwire/core';
import type {Remedy} from '@gradwire/trainer';
import type {Treatment} from './treatment.js';
import {initializeParameters} from './treatments/initializeParameters.js';
import {useTransform} from './treatments/useTransform.js';

/** What of a remedy can be done while a run goes on. */
const IN_FLIGHT: ReadonlySet<string> = new Set(['name', 'transforms', 'initialize']);

/** Treatments out of treatments, or of a remedy. */
export function requireTreatments(
  where: string,
  value: Treatment | readonly Treatment[] | Remedy,
): readonly Treatment[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const treatments = list.flatMap((item) => {
    if (isTreatment(item)) return [item];
    if (isRemedy(item) && !Array.isArray(value)) return treatmentsOf(where, item);
    const hint = typeof item === 'function' ? ' Was the factory not called?' : '';
    const got = isRemedy(item) ? `a list with the remedy '${item.name}'` : describeValue(item);
    throw new TypeError(
      `${where}: treatment must be a treatment, e.g. scaleRate({factor: 0.1}), a list of them, or a remedy, got ${got}.${hint}`,
    );
  });
  if (treatments.length === 0) throw new TypeError(`${where}: treatment has nothing to do.`);
  return treatments;
}

/** Whether something is a treatment, and not its factory. */
export function isTreatment(value: unknown): value is Treatment {
  const {name, begin} = (value ?? {}) as Partial<Treatment>;
  return typeof name === 'string' && typeof begin === 'function';
}

function isRemedy(value: unknown): value is Remedy {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Remedy>).name === 'string';
}

function treatmentsOf(where: string, remedy: Remedy): Treatment[] {
  const other = Object.entries(remedy).find(([part, value]) => !IN_FLIGHT.has(part) && !isEmpty(value));
  if (other !== undefined) {
    throw new TypeError(
      `${where}: the ${other[0]} of remedy '${remedy.name}' cannot join a run that goes on; its transforms and initialize can.`,
    );
  }
  const {transforms = [], initialize} = remedy;
  return [
    ...(initialize === undefined ? [] : [initializeParameters(initialize)]),
    ...transforms.map((transform) => useTransform(transform)),
  ];
}

function isEmpty(part: unknown): boolean {
  return part === undefined || (Array.isArray(part) && part.length === 0);
}
