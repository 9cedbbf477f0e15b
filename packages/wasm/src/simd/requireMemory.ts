/** What every Emscripten module has, and the types leave out. */
export interface Heap {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/**
 * Makes the backend throw where its memory is used up. TensorFlow.js takes the 0 that `malloc` gives then for an address, and
 * writes over whatever begins there.
 */
export function requireMemory(heap: Heap): void {
  const {_malloc: allocate} = heap;
  heap._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) {
      throw new RangeError(
        `The wasm backend has no memory left for ${bytes} bytes; it can have 4 GiB at most.`,
      );
    }
    return address;
  };
}
