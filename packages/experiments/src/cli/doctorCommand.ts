import type {Command} from 'commander';
import {print, tell} from './context.js';
import {INTERRUPTED, listenForInterrupt} from './interrupt.js';

/** `gradwire doctor`. */
export function doctorCommand(program: Command, done: (code: number) => void): void {
  program
    .command('doctor')
    .description('measure the backends of TensorFlow.js that are installed here')
    .option('--json', 'print what was measured as JSON')
    .action(async ({json}: {readonly json?: boolean}) => {
      const {doctor, doctorTable} = await import('@gradwire/backend/node');
      const interrupt = listenForInterrupt(() => {});
      try {
        const report = await doctor({signal: interrupt.signal, onProgress: showProgress});
        print(json === true ? JSON.stringify(report, null, 2) : doctorTable(report));
        done(report.backends.some(({available}) => available) ? 0 : 1);
      } catch (error) {
        if (!interrupt.signal.aborted) throw error;
        tell('gradwire: interrupted.');
        done(INTERRUPTED);
      } finally {
        interrupt.dispose();
      }
    });
}

/** Replaces the line before; for people only. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
}
