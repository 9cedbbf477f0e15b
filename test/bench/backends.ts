import {installBeside} from '../beside/installBeside.js';
import {completeNative} from '../native/nativeTensorflow.js';
import type {Comparison} from './harness.js';
import {withProcesses} from './inProcess.js';

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
      [shipped]: (await start('tfjs', [shipped, 'mlp'])).contender('step', 2),
      [one]: (await start('tfjs', [one, 'mlp'])).contender('step', 10),
      [two]: (await start('tfjs', [two, 'mlp'])).contender('step', 10),
      'tfjs-node-gpu, native CPU': (await start('tfjs', ['native', 'mlp', beside])).contender('step', 10),
      'jax-js wasm, gradients only': (await start('jaxJs', ['mlp', beside])).contender('step', 10),
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
      cpu: (await start('tfjs', ['cpu', 'cnn'])).contender('step', 1),
      [one]: (await start('tfjs', [one, 'cnn'])).contender('step', 10),
      [two]: (await start('tfjs', [two, 'cnn'])).contender('step', 10),
      'tfjs-node-gpu, native CPU': (await start('tfjs', ['native', 'cnn', beside])).contender('step', 10),
    },
    aims: [
      {of: 'cpu', to: one, atLeast: 80},
      {of: 'cpu', to: two, atLeast: 100},
    ],
  }));
}
