type Method = (...args: never[]) => unknown;
type Patches<T> = {
  readonly [K in keyof T]?: T[K] extends Method ? (original: T[K]) => T[K] : never;
};

/**
 * Wraps methods of one object, and of no other of its class.
 *
 * @param target the object.
 * @param patches by method: from the method, bound to the object, to what takes its place.
 * @returns a function that puts everything back.
 */
export function patchMethods<T extends object>(target: T, patches: Patches<T>): () => void {
  const undo = Object.entries(patches).map(([key, patch]) => {
    const own = Object.getOwnPropertyDescriptor(target, key);
    const original = (target as Record<string, Method>)[key]!.bind(target);
    const value = (patch as (original: Method) => Method)(original);
    Object.defineProperty(target, key, {value, configurable: true, writable: true});
    return () => {
      if (own === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, own);
    };
  });
  return () => {
    for (const restore of undo) restore();
  };
}
