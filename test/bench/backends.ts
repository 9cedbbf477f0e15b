import {installBeside} from '../beside/installBeside.js';
import {completeNative} from '../native/nativeTensorflow.js';
import type {Comparison} from './harness.js';
import {inProcess, type ProcessContender} from './inProcess.js';

/** One training step on every backend, and on jax-js, each in a process of its own. */
export async function* backends(): AsyncGenerator<Comparison> {
  const beside = await installBeside({
    name: 'bench',
    packages: {'@tensorflow/tfjs-node-gpu': '4.22.0', '@jax-js/jax': '0.1.25'},
    complete: completeNative,
  });
  const shipped = 'wasm, as shipped';
  const [one, two] = ['wasm prepared, 1 thread', 'wasm prepared, 2 threads'];

  yield* withProcesses(async (start) => ({
    name: 'MLP 784-512-512-256-256-128-10, tanh, batch 512, momentum',
    rounds: 9,
    contenders: {
      [shipped]: await start('tfjs', [shipped, 'mlp'], 2),
      [one]: await start('tfjs', [one, 'mlp'], 10),
      [two]: await start('tfjs', [two, 'mlp'], 10),
      'tfjs-node-gpu, native CPU': await start('tfjs', ['native', 'mlp', beside], 10),
      'jax-js wasm, gradients only': await start('jaxJs', ['mlp', beside], 10),
    },
    aims: [
      {of: shipped, to: one, atLeast: 9},
      {of: shipped, to: two, atLeast: 18},
      {of: two, to: 'tfjs-node-gpu, native CPU', atMost: 2},
      {of: two, to: 'jax-js wasm, gradients only', atMost: 1},
    ],
  }));
  yield* withProcesses(async (start) => ({
    name: 'CNN 28x28, conv 8, pool, conv 16, pool, dense 10, batch 128, momentum',
    rounds: 5,
    contenders: {
      cpu: await start('tfjs', ['cpu', 'cnn'], 1),
      [one]: await start('tfjs', [one, 'cnn'], 10),
      [two]: await start('tfjs', [two, 'cnn'], 10),
      'tfjs-node-gpu, native CPU': await start('tfjs', ['native', 'cnn', beside], 10),
    },
    aims: [
      {of: 'cpu', to: one, atLeast: 80},
      {of: 'cpu', to: two, atLeast: 100},
    ],
  }));
}

/** Ends the processes when the comparison is over. */
async function* withProcesses(
  comparison: (start: typeof inProcess) => Promise<Comparison>,
): AsyncGenerator<Comparison> {
  const started: ProcessContender[] = [];
  try {
    yield await comparison(async (...args) => {
      const contender = await inProcess(...args);
      started.push(contender);
      return contender;
    });
  } finally {
    for (const contender of started) contender.end();
  }
}
