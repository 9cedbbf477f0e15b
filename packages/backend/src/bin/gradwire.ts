#!/usr/bin/env node
import {availableParallelism, cpus} from 'node:os';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import type {Diagnosis, Report} from '../doctor/diagnosis.js';
import {doctorTable} from '../doctor/doctorTable.js';
import {namesHere} from '../doctor/measureBackend.js';
import {measureInChild} from '../doctor/measureInChild.js';

const HELP = `gradwire doctor [--json]

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
    process.stderr.write(`gradwire: ${command.problem}\n\n${HELP}`);
    return 2;
  }
  if (command.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  try {
    const backends = await measureAll(interrupt.signal);
    const report: Report = {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
      cores: availableParallelism(),
      backends,
    };
    process.stdout.write(`${command.json ? JSON.stringify(report, null, 2) : doctorTable(report)}\n`);
    return backends.some(({available}) => available) ? 0 : 1;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write('gradwire: interrupted.\n');
    return 130;
  }
}

interface Command {
  readonly help: boolean;
  readonly json: boolean;
}

function parsed(args: readonly string[]): Command | {readonly problem: string} {
  try {
    const {values, positionals} = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {help: {type: 'boolean', short: 'h', default: false}, json: {type: 'boolean', default: false}},
    });
    if (values.help || (positionals.length === 1 && positionals[0] === 'doctor')) return values;
    return {
      problem:
        positionals.length === 0 ? 'a command is missing.' : `unknown command '${positionals.join(' ')}'.`,
    };
  } catch (error) {
    // Further sentences are about positional arguments, which there are none of.
    const [sentence = ''] = (error as Error).message.split(/\.(?:\s|$)/);
    return {problem: `${sentence}.`};
  }
}

/** One after the other: together they would slow each other down. */
async function measureAll(signal: AbortSignal): Promise<Diagnosis[]> {
  const program = fileURLToPath(new URL('./measureBackend.js', import.meta.url));
  const names = namesHere();
  const diagnoses: Diagnosis[] = [];
  for (const [i, name] of names.entries()) {
    showProgress(`${i + 1}/${names.length} ${name} …`);
    try {
      diagnoses.push(await measureInChild(name, {program, signal}));
    } finally {
      showProgress('');
    }
  }
  return diagnoses;
}

/** Replaces the line before; for people only. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
}
