#!/usr/bin/env node
import {fileURLToPath} from 'node:url';
import {main} from '../cli/main.js';

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2), {
  experiments: async () => (await import('../cli/experiments.js')).EXPERIMENTS,
  worker: fileURLToPath(new URL('./trainCell.js', import.meta.url)),
});
