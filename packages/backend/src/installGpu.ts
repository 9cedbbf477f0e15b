/** Takes back what was done. */
export type Undo = () => void;

/** Where globals live; Node has a `navigator` since version 21. */
interface Globals {
  readonly navigator?: object;
}

/**
 * Makes WebGPU known where browsers have it: its classes among the globals, the GPU as `navigator.gpu`.
 *
 * @returns what puts back everything that was there.
 */
export function installGpu(gpu: object, classes: object, target: Globals = globalThis): Undo {
  const undos = Object.entries(classes).map(([name, value]) => put(target, name, value));
  const {navigator} = target;
  undos.push(navigator === undefined ? put(target, 'navigator', {gpu}) : put(navigator, 'gpu', gpu));
  return () => {
    for (const undo of undos) undo();
  };
}

function put(target: object, name: string, value: unknown): Undo {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {value, configurable: true, writable: true, enumerable: false});
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}
