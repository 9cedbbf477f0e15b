import {describeValue} from './describeValue.js';

const MEMBERS = {name: 'string', init: 'function', update: 'function'};

/**
 * Checks that an argument is a transform.
 *
 * @param where the function that has been called.
 * @param argument which of its arguments it is.
 * @param hint what to do where it is none.
 * @throws TypeError that names function, argument and value.
 */
export function requireTransform(where: string, argument: string, value: unknown, hint: string): void {
  const members = (value ?? {}) as Readonly<Record<string, unknown>>;
  const missing = Object.entries(MEMBERS).filter(([member, type]) => typeof members[member] !== type);
  if (missing.length === 0) {
    const {on} = members;
    if (on === undefined || on === 'gradients' || on === 'updates') return;
    throw new TypeError(
      `${where}: ${argument} must be on 'gradients' or 'updates', but '${String(members['name'])}' is on ${describeValue(on)}.`,
    );
  }
  let reason = hint;
  if (typeof value === 'function') reason = 'Was the factory not called?';
  else if (typeof value === 'object' && value !== null && missing.length < 3) {
    reason = `It lacks ${missing.map(([member]) => member).join(' and ')}.`;
  }
  throw new TypeError(
    `${where}: ${argument} must be a GradientTransform, got ${describeValue(value)}. ${reason}`,
  );
}

/** Checks the transforms that `where` takes, as a list or as its last arguments. */
export function requireTransforms(where: string, transforms: unknown): void {
  if (!Array.isArray(transforms)) {
    throw new TypeError(
      `${where}: transforms must be a list of GradientTransforms, got ${describeValue(transforms)}.`,
    );
  }
  transforms.forEach((transform: unknown, i) => {
    const hint = Array.isArray(transform)
      ? 'Spread it: ...transforms.'
      : 'Use a factory, e.g. clipByGlobalNorm({maxNorm: 1}).';
    requireTransform(where, `transform ${i}`, transform, hint);
  });
}
