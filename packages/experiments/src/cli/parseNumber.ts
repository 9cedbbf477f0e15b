import {UserError} from '../userError.js';

/** Reads a whole number >= `min`. */
export function parseCount(flag: string, min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= min) return value;
    throw new UserError(`${flag} must be a whole number >= ${min}, got ${text}.`);
  };
}

/** Reads a number of seconds >= 0. */
export function parseSeconds(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
    throw new UserError(`${flag} must be a number of seconds >= 0, got ${text}.`);
  };
}
