import {arch, availableParallelism, cpus, platform, release, totalmem} from 'node:os';
import type {BackendChoice} from '@gradwire/backend';
import * as tf from '@tensorflow/tfjs-core';
import {gradwireVersion} from './gradwireVersion.js';

/** Where a run was trained. */
export interface RunEnvironment {
  readonly version: 1;
  readonly node: string;
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly backend: string;
  /** What would have come before this backend, and why it did not. */
  readonly passedOver: Readonly<Record<string, string>>;
  readonly gradwire: string;
  readonly tfjs: string;
}

/** The environment of this process, with the backend in use. */
export async function runEnvironment({backend, passedOver}: BackendChoice): Promise<RunEnvironment> {
  return {
    version: 1,
    node: process.version,
    os: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    backend,
    passedOver: Object.fromEntries(passedOver.map(({name, reason}) => [name, reason])),
    gradwire: await gradwireVersion(),
    tfjs: tf.version_core,
  };
}
