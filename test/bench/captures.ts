import {installBeside} from '../beside/installBeside.js';
import {unpackInto} from '../beside/unpackInto.js';
import {completeNative} from '../native/nativeTensorflow.js';
import type {Comparison} from './harness.js';
import {withProcesses} from './inProcess.js';

/** Optimizer steps of one job. */
const STEPS = 10;
const NONE = 'no capture';

/** What captures add to the training of a trainer; every backend in a process of its own, which has all of them. */
export async function* captures(): AsyncGenerator<Comparison> {
  const installation = await installBeside({
    name: 'native',
    packages: {'@tensorflow/tfjs-node-gpu': '4.22.0'},
    complete: completeNative,
  });
  const {folder, remove} = await unpackInto(installation);
  try {
    yield* adds('wasm prepared, 2 threads');
    yield* adds('native', folder);
  } finally {
    await remove();
  }
}

async function* adds(how: string, beside = ''): AsyncGenerator<Comparison> {
  yield* withProcesses(async (start) => {
    const process = await start('captures', [how, beside]);
    const contenders = process.jobs.map((job) => [job, ofEpochs(process.contender(job, 1))] as const);
    return {
      name: `createTrainer, 784-512-512-256-256-128-10, batch 512, momentum (${how})`,
      rounds: 25,
      contenders: Object.fromEntries(contenders),
      aims: [
        {of: 'gradientStats at every step', to: NONE, atMost: 1.06},
        {of: 'gradientStats at every 10th', to: NONE, atMost: 1.01},
      ],
    };
  });
}

/** A job is an epoch. */
function ofEpochs<T>(contender: T): T & {readonly steps: number} {
  return {...contender, steps: STEPS};
}
