import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {Candidate} from './candidates.js';
import {chooseBackend} from './chooseBackend.js';

type Factory = () => tf.KernelBackend | Promise<tf.KernelBackend>;

const works: Factory = tf.findBackendFactory('cpu');
const fails = (): never => {
  throw new Error('no\n  shader compiler.');
};

/** A package that registers its backend when it is imported. */
function installed(name: string, factory: Factory = works) {
  const load = vi.fn<() => Promise<boolean>>(async () => tf.registerBackend(name, factory));
  return {name, backend: name, package: `@tensorflow/${name}`, load};
}

function broken(name: string, message: string): Candidate {
  return {...installed(name), load: () => Promise.reject(new Error(message))};
}

const missing = (name: string) =>
  broken(
    name,
    `Cannot find package '@tensorflow/${name}' imported from /app/node_modules/@gradwire/backend/x.js`,
  );

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  tf.removeBackend('cpu');
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const name of tf.engine().backendNames()) tf.removeBackend(name);
  tf.registerBackend('cpu', works);
});

describe('auto', () => {
  it('takes the first that there is, and looks no further', async () => {
    const [a, b, c] = [missing('a'), installed('b'), installed('c')];
    expect(await chooseBackend('auto', [a, b, c])).toEqual({
      backend: 'b',
      passedOver: [{name: 'a', reason: 'not installed'}],
    });
    expect(tf.getBackend()).toBe('b');
    expect(c.load).not.toHaveBeenCalled();
  });

  it('waits until it is ready', async () => {
    const slow = installed('slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return works();
    });
    await chooseBackend('auto', [slow]);
    expect(tf.backend()).toBeInstanceOf(tf.KernelBackend);
  });

  it.each([
    [
      "The native addon can not be found at path: /x.\nPlease run 'npm rebuild'.",
      "The native addon can not be found at path: /x. Please run 'npm rebuild'",
    ],
    [
      "Cannot find module '@mapbox/node-pre-gyp'\nRequire stack:",
      "Cannot find module '@mapbox/node-pre-gyp' Require stack:",
    ],
    [
      "Cannot find package '/app/node_modules/@tensorflow/a/dist/index.js'",
      "Cannot find package '/app/node_modules/@tensorflow/a/dist/index.js'",
    ],
  ])('tells a broken installation from none: %j', async (message, reason) => {
    const {passedOver} = await chooseBackend('auto', [broken('a', message), installed('b')]);
    expect(passedOver).toEqual([{name: 'a', reason}]);
  });

  it.each([
    ['throws', fails],
    ['rejects', async () => fails()],
  ])('passes over a backend whose start %s, with what it said', async (_, factory) => {
    expect(await chooseBackend('auto', [installed('a', factory), installed('b')])).toEqual({
      backend: 'b',
      passedOver: [{name: 'a', reason: 'no shader compiler'}],
    });
    expect(tf.getBackend()).toBe('b');
  });

  it('does not import what is registered', async () => {
    const a = installed('a');
    tf.registerBackend('a', works);
    expect(await chooseBackend('auto', [a])).toEqual({backend: 'a', passedOver: []});
    expect(a.load).not.toHaveBeenCalled();
  });

  it('keeps a backend that is not among the candidates', async () => {
    tf.registerBackend('own', works);
    await tf.setBackend('own');
    expect(await chooseBackend('auto', [installed('a')])).toEqual({
      backend: 'own',
      passedOver: [{name: 'a', reason: 'not tried: own was in use already'}],
    });
  });

  it('keeps a backend that is just starting', async () => {
    tf.registerBackend('own', async () => works());
    const set = tf.setBackend('own');
    expect((await chooseBackend('auto', [installed('a')])).backend).toBe('own');
    expect(await set).toBe(true);
  });

  it('is not held up by a backend that was set and failed', async () => {
    tf.registerBackend('own', fails);
    await tf.setBackend('own');
    expect((await chooseBackend('auto', [installed('a')])).backend).toBe('a');
  });

  it('says what to install if there is none', async () => {
    await expect(chooseBackend('auto', [missing('a'), broken('b', 'bad ELF header.')])).rejects.toThrow(
      `useBackend: no backend starts (a: not installed; b: bad ELF header). Try: npm install @tensorflow/a@${tf.version_core} @tensorflow/b@${tf.version_core}`,
    );
  });
});

describe('a preference', () => {
  it('replaces what is in use, and takes the tensors along', async () => {
    await chooseBackend('auto', [installed('a')]);
    const x = tf.scalar(7);
    expect(await chooseBackend('b', [missing('a'), installed('b')])).toEqual({backend: 'b', passedOver: []});
    expect(tf.getBackend()).toBe('b');
    expect(x.dataSync()[0]).toBe(7);
    x.dispose();
  });

  it('leaves what is in use if it does not start', async () => {
    await chooseBackend('auto', [installed('a')]);
    await expect(chooseBackend('b', [installed('b', fails)])).rejects.toThrow(
      `useBackend: 'b': no shader compiler. Try: npm install @tensorflow/b@${tf.version_core}`,
    );
    expect(tf.getBackend()).toBe('a');
    expect(tf.backend()).toBeInstanceOf(tf.KernelBackend);
  });

  it('keeps the error itself as cause', async () => {
    const error = await chooseBackend('b', [installed('b', fails)]).catch((thrown: unknown) => thrown);
    expect((error as Error).cause).toEqual(new Error('no\n  shader compiler.'));
  });
});
