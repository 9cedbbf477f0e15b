/** Gives `node:util` back what Node 23 has dropped, and native TensorFlow.js 4.22 still calls. */
export function restoreIsNullOrUndefined(util: object = process.getBuiltinModule('util')): void {
  if ('isNullOrUndefined' in util) return;
  Object.assign(util, {isNullOrUndefined: (value: unknown) => value === null || value === undefined});
}
