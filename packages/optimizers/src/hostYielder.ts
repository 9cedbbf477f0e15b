/** A function to await between steps: it gives timers and signals their turn where 25 ms have passed since the last time. */
export function hostYielder(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < 25) return undefined;
    return new Promise<void>((resolve) => setTimeout(resolve)).then(() => {
      last = performance.now();
    });
  };
}
