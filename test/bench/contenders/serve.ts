/**
 * Of a child process: does so many steps whenever the parent asks for them, and says how long they took. One step before
 * these is not counted: others have had the caches since the last time.
 */
export function serve(step: () => Promise<void>, versions: Readonly<Record<string, string>>): void {
  process.on('message', (steps: number) => {
    void (async () => {
      await step();
      const began = performance.now();
      for (let i = 0; i < steps; i++) await step();
      process.send!({taken: performance.now() - began});
    })();
  });
  process.send!({versions});
}
