import {createRequire} from 'node:module';
import {join} from 'node:path';

/**
 * One of our packages, with the TensorFlow.js that the backend belongs to.
 *
 * @param how as for `tensorflow`.
 * @param beside the folder that has tfjs-node-gpu.
 */
export async function ours<T>(name: string, how: string, beside: string): Promise<T> {
  if (how === 'native') return createRequire(join(beside, 'package.json'))(`@gradwire/${name}`) as T;
  return (await import(`@gradwire/${name}`)) as T;
}
