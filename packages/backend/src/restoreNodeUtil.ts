/** All that tfjs-node 4.22 takes from `node:util` and that Node drops: the first since Node 23, the other is deprecated. */
const dropped = {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
};

/** Gives `node:util` back what native TensorFlow.js 4.22 still calls. */
export function restoreNodeUtil(util: object = process.getBuiltinModule('util')): void {
  for (const [name, check] of Object.entries(dropped)) {
    if (!(name in util)) Object.assign(util, {[name]: check});
  }
}
