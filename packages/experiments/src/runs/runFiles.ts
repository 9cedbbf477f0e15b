/** What lies in the folder of a run. */
export const runFiles = {
  config: 'config.json',
  environment: 'environment.json',
  events: 'events.jsonl',
  checkpoint: 'checkpoint.json',
  result: 'result.json',
  /** There while a process trains. */
  lock: 'running.json',
  report: 'report.html',
  tensorBoard: 'tensorboard',
} as const;
