import {shadeOf, type Theme} from './palette.js';

/** A copy of an option with the names of colours replaced by the shades of a theme. */
export function paint<T>(option: T, theme: Theme): T {
  return JSON.parse(JSON.stringify(option), (_key, value: unknown) =>
    typeof value === 'string' ? (shadeOf(value, theme) ?? value) : value,
  ) as T;
}

/** The names of colours that occur in a JSON text. */
export function colorsIn(json: string): readonly string[] {
  return [...new Set(Array.from(json.matchAll(/"(color:[a-z/0-9]+)"/g), ([, name]) => name!))];
}
