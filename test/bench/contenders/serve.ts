/** Of a child process: does so many steps whenever the parent asks for them, and says when it is ready and done. */
export function serve(step: () => Promise<void>, versions: Readonly<Record<string, string>>): void {
  process.on('message', (steps: number) => {
    void (async () => {
      for (let i = 0; i < steps; i++) await step();
      process.send!({done: steps});
    })();
  });
  process.send!({versions});
}
