import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {OURS} from '../ours.js';
import {physicalCores} from './physicalCores.js';
import {ThreadedBackend} from './threadedBackend.js';

type Factory = ReturnType<typeof tf.findBackendFactory>;

interface ThreadedFactory extends Factory {
  readonly [OURS]: {readonly threads: number; readonly shipped: Factory};
}
type Registered = Factory & Partial<ThreadedFactory>;

/** What the package of the backend has registered on its import, and does not export. */
const shippedFactory = shippedOf(registeredFactory());

/** Each needs a stack and a panel of its own. */
export const MOST_THREADS = 64;

/** As that package registers it. */
const WASM_PRIORITY = 2;

/** Changes under way: the next one has to see what the last one has left. */
let changes: Promise<void> = Promise.resolve();

/**
 * Makes 'wasm' a backend of so many threads; 1 is the plain one. Where it runs already, tensors move to the new one when
 * they are next used. Without a number, what has been chosen before stays; the default is one per physical core.
 */
export function useThreads(threads?: number): Promise<void> {
  const change = changes.then(() => changeThreads(threads));
  changes = change.catch(() => {});
  return change;
}

async function changeThreads(wanted?: number): Promise<void> {
  const registered = registeredFactory();
  const chosen = registered?.[OURS]?.threads;
  const threads = wanted ?? chosen ?? Math.min(physicalCores(), MOST_THREADS);
  if (threads === chosen) return;
  const shipped = shippedOf(registered) ?? shippedFactory;
  if (shipped === undefined) {
    throw new Error(
      "prepareWasm: the backend 'wasm' has been removed. Call prepareWasm before, or register it.",
    );
  }
  const inUse: string | null | undefined = tf.getBackend();
  // One that is starting would otherwise come too late.
  if (inUse === 'wasm') await tf.ready();

  const {registry} = tf.engine();
  const factory = factoryFor(threads, shipped);
  const old = registry['wasm'] as BackendWasm | undefined;
  const stays = threads === 1 && !(old instanceof ThreadedBackend);
  // Started before anything is swapped: a training may be going on.
  const next = old === undefined || stays ? old : await factory();
  // Without this, `removeBackend` would dispose it, and with it the tensors that live there.
  delete registry['wasm'];
  if (registered !== undefined) tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory, WASM_PRIORITY);
  if (next !== undefined) registry['wasm'] = next;
  const set = inUse === 'wasm' ? tf.setBackend('wasm') : undefined;
  if (old !== next && old instanceof ThreadedBackend) old.stopThreads();
  await set;
}

function factoryFor(threads: number, shipped: Factory): ThreadedFactory {
  const factory = async (): Promise<tf.KernelBackend> => {
    if (threads === 1) return shipped();
    try {
      return await ThreadedBackend.start(threads);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      console.warn(`prepareWasm: threads do not start here (${reason}); computing with one.`);
      return shipped();
    }
  };
  return Object.assign(factory, {[OURS]: {threads, shipped}}) as ThreadedFactory;
}

function registeredFactory(): Registered | undefined {
  return (tf.findBackendFactory('wasm') as ThreadedFactory | null) ?? undefined;
}

function shippedOf(factory: Registered | undefined): Factory | undefined {
  return factory?.[OURS]?.shipped ?? factory;
}
