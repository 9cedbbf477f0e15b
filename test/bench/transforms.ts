import {installBeside} from '../beside/installBeside.js';
import {unpackInto} from '../beside/unpackInto.js';
import {completeNative} from '../native/nativeTensorflow.js';
import type {Comparison} from './harness.js';
import {withProcesses} from './inProcess.js';

const CHAIN = 'clipByGlobalNorm, gradientNoise';
const STATEFUL = ['clipSpikes', 'autoClip', 'clipUpdates', 'skipNonFinite'];
const GENERATORS = ['gradientNoise, generator', 'tf.randomNormal'];

/** What transforms add to a training step; every backend in a process of its own, which has all of them. */
export async function* transforms(): AsyncGenerator<Comparison> {
  const installation = await installBeside({
    name: 'native',
    packages: {'@tensorflow/tfjs-node-gpu': '4.22.0'},
    complete: completeNative,
  });
  const {folder, remove} = await unpackInto(installation);
  const wasm = 'wasm prepared, 2 threads';
  try {
    yield* adds(wasm, 'mlp', 'momentum', {chain: 1.08, single: 1.03});
    yield* adds('native', 'mlp', 'momentum', {chain: 1.12, single: 1.03}, folder);
    for (const optimizer of ['sgd', 'rmsprop']) {
      yield* adds(wasm, 'circles', optimizer, {chain: 1.35});
      yield* adds('cpu', 'circles', optimizer, {chain: 1.35});
      yield* adds('native', 'circles', optimizer, {chain: 1.35}, folder);
    }
  } finally {
    await remove();
  }
}

/** A network's step with every transform, against the step of the bare optimizer. */
async function* adds(
  how: string,
  network: 'mlp' | 'circles',
  optimizer: string,
  atMost: {readonly chain: number; readonly single?: number},
  beside = '',
): AsyncGenerator<Comparison> {
  const large = network === 'mlp';
  yield* withProcesses(async (start) => {
    const process = await start('transforms', [how, network, optimizer, beside]);
    const {jobs} = process;
    const measured = large ? jobs : ['none', CHAIN];
    const stateless = measured.filter((job) => ![CHAIN, 'none', ...STATEFUL, ...GENERATORS].includes(job));
    const [generator, random] = GENERATORS as [string, string];
    return {
      name: `${large ? '784-512-512-256-256-128-10, batch 512' : '2-5-5-5-5-1, batch 32'}, ${optimizer} (${how})`,
      rounds: large ? 15 : 25,
      contenders: Object.fromEntries(measured.map((job) => [job, process.contender(job, large ? 4 : 100)])),
      aims: [
        {of: CHAIN, to: 'none', atMost: atMost.chain},
        ...stateless.map((job) => ({of: job, to: 'none', atMost: atMost.single ?? Infinity})),
        ...(large ? [{of: random, to: generator, atLeast: 8}] : []),
      ],
    };
  });
}
