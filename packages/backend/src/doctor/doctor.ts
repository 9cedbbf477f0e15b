import {availableParallelism, cpus} from 'node:os';
import {fileURLToPath} from 'node:url';
import type {Diagnosis, Report} from './diagnosis.js';
import {namesHere} from './measureBackend.js';
import {measureInChild} from './measureInChild.js';

/** Options of {@link doctor}. */
export interface DoctorOptions {
  /** Ends what is being measured, and rejects; default: nothing does. */
  readonly signal?: AbortSignal;
  /** Told in a few words which backend is being measured; with '' when none is any more. */
  readonly onProgress?: (text: string) => void;
}

/**
 * Measures every backend that is installed here, in Node, for some seconds, each in a process of its own; of the others
 * it says why they are not to be had.
 *
 * @param options signal and progress.
 * @returns what {@link doctorTable} prints.
 * @throws DOMException named `AbortError` if the signal is aborted.
 * @example
 * ```ts
 * import {doctor} from '@gradwire/backend/node';
 *
 * try {
 *   const {backends} = await doctor({signal: AbortSignal.timeout(100)});
 *   console.log(backends.filter(({available}) => available));
 * } catch {
 *   console.log('It takes some seconds.');
 * }
 * ```
 */
export async function doctor({
  signal = new AbortController().signal,
  onProgress = () => {},
}: DoctorOptions = {}): Promise<Report> {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: availableParallelism(),
    backends: await measureAll(signal, onProgress),
  };
}

/** One after the other: together they would slow each other down. */
async function measureAll(signal: AbortSignal, onProgress: (text: string) => void): Promise<Diagnosis[]> {
  const program = fileURLToPath(new URL('../bin/measureBackend.js', import.meta.url));
  const names = namesHere();
  const diagnoses: Diagnosis[] = [];
  for (const [i, name] of names.entries()) {
    onProgress(`${i + 1}/${names.length} ${name} …`);
    try {
      diagnoses.push(await measureInChild(name, {program, signal}));
    } finally {
      onProgress('');
    }
  }
  return diagnoses;
}
