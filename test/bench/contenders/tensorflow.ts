import {createRequire} from 'node:module';
import {join} from 'node:path';
import type {TensorFlow} from '../networks.js';

/**
 * TensorFlow.js with a backend set.
 *
 * @param how `native`, `cpu`, or wasm: as shipped, or `prepared, 2 threads`.
 * @param beside the folder that has tfjs-node-gpu.
 */
export async function tensorflow(how: string, beside: string): Promise<TensorFlow> {
  if (how === 'native') {
    return createRequire(join(beside, 'package.json'))('@tensorflow/tfjs-node-gpu') as TensorFlow;
  }
  const installed = await import('@tensorflow/tfjs');
  await import('@tensorflow/tfjs-backend-wasm');
  const threads = /prepared, (\d) thread/.exec(how)?.[1];
  if (threads !== undefined) {
    const {prepareWasm} = await import('@gradwire/wasm');
    await prepareWasm({threads: Number(threads)});
  }
  await installed.setBackend(how === 'cpu' ? 'cpu' : 'wasm');
  return installed;
}
