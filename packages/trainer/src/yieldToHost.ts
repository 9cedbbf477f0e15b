const LONGEST_BLOCK_MS = 25;

/**
 * A function to await between steps: it returns at once unless 25 ms have passed since the host last had its turn
 * (timers, signals, rendering), and then gives it one.
 */
export function hostYielder(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < LONGEST_BLOCK_MS) return undefined;
    return macrotask().then(() => {
      last = performance.now();
    });
  };
}

/** Not `requestAnimationFrame`, which stands still in a hidden tab, nor `setTimeout`, which waits. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const {setImmediate} = globalThis as {setImmediate?: (callback: () => void) => void};
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
