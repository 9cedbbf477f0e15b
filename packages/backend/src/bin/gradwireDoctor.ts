#!/usr/bin/env node
import {parseArgs} from 'node:util';
import {doctor} from '../doctor/doctor.js';
import {doctorTable} from '../doctor/doctorTable.js';

const HELP = `gradwire-doctor [--json]

Measures every TensorFlow.js backend that is installed here, each in a process
of its own, for some seconds, and says why the others are not available.

  --json   print the report as JSON
  --help   print this

Exit code: 0 if a backend is available, 1 if none is, 2 if the command line is
not understood, 130 if interrupted.
`;

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const command = parsed(args);
  if ('problem' in command) {
    process.stderr.write(`gradwire-doctor: ${command.problem}\n\n${HELP}`);
    return 2;
  }
  if (command.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  try {
    const report = await doctor({signal: interrupt.signal, onProgress: showProgress});
    process.stdout.write(`${command.json ? JSON.stringify(report, null, 2) : doctorTable(report)}\n`);
    return report.backends.some(({available}) => available) ? 0 : 1;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write('gradwire-doctor: interrupted.\n');
    return 130;
  }
}

interface Command {
  readonly help: boolean;
  readonly json: boolean;
}

function parsed(args: readonly string[]): Command | {readonly problem: string} {
  try {
    const {values} = parseArgs({
      args: [...args],
      options: {help: {type: 'boolean', short: 'h', default: false}, json: {type: 'boolean', default: false}},
    });
    return values;
  } catch (error) {
    // Further sentences are about positional arguments, which there are none of.
    const [sentence = ''] = (error as Error).message.split(/\.(?:\s|$)/);
    return {problem: `${sentence}.`};
  }
}

/** Replaces the line before; for people only. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
}
