/** What the parent asks for. */
export interface Request {
  readonly job: string;
  readonly steps: number;
}

/**
 * Of a child process: does so many steps of a job whenever the parent asks for them, and says how long they took. One step
 * before these is not counted: others have had the caches since the last time.
 */
export function serve(
  jobs: Readonly<Record<string, () => Promise<void>>>,
  versions: Readonly<Record<string, string>>,
): void {
  process.on('message', ({job, steps}: Request) => {
    void (async () => {
      const step = jobs[job]!;
      await step();
      const began = performance.now();
      for (let i = 0; i < steps; i++) await step();
      process.send!({taken: performance.now() - began});
    })();
  });
  process.send!({versions, jobs: Object.keys(jobs)});
}
