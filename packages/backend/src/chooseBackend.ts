import * as tf from '@tensorflow/tfjs-core';
import type {BackendChoice, PassedOver} from './backendChoice.js';
import {backendInUse} from './backendInUse.js';
import type {Candidate} from './candidate.js';
import {startBackend} from './startBackend.js';
import {adviceFor, whyNot} from './whyNot.js';

/** Takes what is in use, or the first of the candidates that starts; or the preferred one and no other. */
export async function chooseBackend(
  preference: string,
  candidates: readonly Candidate[],
): Promise<BackendChoice> {
  const inUse = await backendInUse();
  if (preference !== 'auto') return startPreferred(preference, candidates, inUse);
  if (inUse !== undefined) return {backend: inUse, passedOver: notTried(candidates, inUse)};
  const passedOver: PassedOver[] = [];
  const errors: unknown[] = [];
  for (const candidate of candidates) {
    try {
      await candidate.check?.();
      await startBackend(candidate);
      return {backend: candidate.backend, passedOver};
    } catch (error) {
      errors.push(error);
      passedOver.push({name: candidate.name, ...whyNot(error, candidate)});
    }
  }
  const reasons = passedOver.map(({name, reason}) => `${name}: ${reason}`).join('; ');
  const advice = adviceFor(candidates.filter((_, i) => passedOver[i]?.code === 'notInstalled'));
  throw new Error(`useBackend: no backend starts (${reasons}).${advice}`, {
    cause: new AggregateError(errors, reasons),
  });
}

async function startPreferred(
  preference: string,
  candidates: readonly Candidate[],
  inUse: string | undefined,
): Promise<BackendChoice> {
  const preferred = candidates.find(({name}) => name === preference);
  if (preferred === undefined) {
    const names = ['auto', ...candidates.map(({name}) => name)].map((name) => `'${name}'`).join(', ');
    // TensorFlow.js's name for it.
    const meant = candidates.find(({backend}) => backend === preference);
    const hint = meant === undefined ? '' : ` Did you mean '${meant.name}'?`;
    throw new RangeError(`useBackend: preference must be one of ${names} here, got '${preference}'.${hint}`);
  }
  try {
    await startBackend(preferred);
    return {backend: preferred.backend, passedOver: []};
  } catch (error) {
    if (inUse !== undefined) await tf.setBackend(inUse);
    const {code, reason} = whyNot(error, preferred);
    const advice = code === 'notInstalled' ? adviceFor([preferred]) : '';
    throw new Error(`useBackend: '${preference}': ${reason}.${advice}`, {cause: error});
  }
}

function notTried(candidates: readonly Candidate[], inUse: string): PassedOver[] {
  const better = candidates.findIndex(({backend}) => backend === inUse);
  const reason = `not tried: ${inUse} was in use already; call useBackend() before the first tensor or model, or name a backend to switch`;
  return candidates
    .slice(0, better === -1 ? undefined : better)
    .map(({name}) => ({name, code: 'notTried', reason}));
}
