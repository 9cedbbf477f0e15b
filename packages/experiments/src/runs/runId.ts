import type {Experiment} from '../experiment.js';
import type {Flag} from '../flag.js';
import {UserError} from '../userError.js';

const LONGEST = 100;

/** A name for a run: the experiment, what is special about its variant, the minute. `annealed-noise-tanh-noise-20260131-0915` */
export function runId(
  {name, flags}: Pick<Experiment<object>, 'name' | 'flags'>,
  options: Readonly<Record<string, unknown>>,
  now: Date,
): string {
  const words = Object.entries(flags as Readonly<Record<string, Flag<unknown>>>).flatMap(([key, flag]) => {
    const value = options[key];
    if (value === flag.default) return [];
    if (value === true) return [flag.long ?? key];
    return typeof value === 'string' ? [value] : [];
  });
  const variant = [name, ...words].map(safe).filter((word) => word !== '');
  return `${variant.join('-').slice(0, LONGEST - 20)}-${timestamp(now)}`;
}

/** Refuses a name that is no plain name of a folder. */
export function requireRunName(where: string, name: string): string {
  if (/^[a-z0-9][\w.-]*$/i.test(name) && name.length <= LONGEST) return name;
  throw new UserError(
    `${where} must be 1 to ${LONGEST} letters, digits, '.', '_' and '-', the first a letter or digit; got '${name}'.`,
  );
}

/** `20260131-0915`, local time. */
export function timestamp(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}`;
}

function safe(word: string): string {
  return word
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
