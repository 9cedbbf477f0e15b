import {spawn, type SpawnOptions} from 'node:child_process';

/**
 * Runs a program with this one's output, and passes on what would end this one.
 *
 * @returns its exit status, or 1 if a signal has ended it.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<number> {
  const child = spawn(command, args, {stdio: 'inherit', ...options});
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, passOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve(status ?? 1));
    });
  } finally {
    for (const signal of signals) process.off(signal, passOn);
  }
}

/** Runs a program that has to succeed. */
export async function execute(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<void> {
  const status = await run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}.`);
}
