import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {ThreadedBackend} from './threadedBackend.js';

type Factory = ReturnType<typeof tf.findBackendFactory>;

/** Says of a backend factory that it is ours, also to another copy of this package. */
const OURS = Symbol.for('@gradwire/wasm');
interface ThreadedFactory extends Factory {
  readonly [OURS]: {readonly threads: number; readonly shipped: Factory};
}

/** What the package of the backend has registered on its import, and does not export. */
const shippedFactory = shippedOf(registeredFactory());

/** As that package registers it. */
const WASM_PRIORITY = 2;

/** Changes under way: the next one has to see what the last one has left. */
let changes: Promise<void> = Promise.resolve();

/**
 * Makes 'wasm' a backend of so many threads; 1 is the plain one. Where it runs already, tensors move to the new one when
 * they are next used.
 */
export function useThreads(threads: number): Promise<void> {
  const change = changes.then(() => changeThreads(threads));
  changes = change.catch(() => {});
  return change;
}

async function changeThreads(threads: number): Promise<void> {
  const registered = registeredFactory();
  if (registered !== undefined && (registered[OURS]?.threads ?? 1) === threads) return;
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
  const old = registry['wasm'] as BackendWasm | undefined;
  // Without this, `removeBackend` would dispose it, and with it the tensors that live there.
  delete registry['wasm'];
  if (registered !== undefined) tf.removeBackend('wasm');
  tf.registerBackend('wasm', threads === 1 ? shipped : threaded(threads, shipped), WASM_PRIORITY);
  if (old instanceof ThreadedBackend) old.stopThreads();
  if (inUse === 'wasm') await tf.setBackend('wasm');
}

function threaded(threads: number, shipped: Factory): ThreadedFactory {
  const factory = async (): Promise<tf.KernelBackend> => {
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

function registeredFactory(): (Factory & Partial<ThreadedFactory>) | undefined {
  return (tf.findBackendFactory('wasm') as ThreadedFactory | null) ?? undefined;
}

function shippedOf(factory: (Factory & Partial<ThreadedFactory>) | undefined): Factory | undefined {
  return factory?.[OURS]?.shipped ?? factory;
}
