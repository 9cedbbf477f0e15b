import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {Candidate} from './candidate.js';
import {chooseBackend} from './chooseBackend.js';
import {NotAvailable} from './notAvailable.js';

type Factory = () => tf.KernelBackend | Promise<tf.KernelBackend>;

const works: Factory = tf.findBackendFactory('cpu');
const fails = (): never => {
  throw new Error('no\n  shader compiler.');
};

/** A package that registers its backend when it is imported. */
function installed(name: string, factory: Factory = works) {
  const load = vi.fn<() => Promise<boolean>>(async () => tf.registerBackend(name, factory));
  return {name, backend: name, packages: [`@tensorflow/${name}`], load};
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
      passedOver: [{name: 'a', code: 'notInstalled', reason: 'not installed'}],
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
    ['throws', fails],
    ['rejects', async () => fails()],
  ])('passes over a backend whose start %s, with what it said', async (_, factory) => {
    expect(await chooseBackend('auto', [installed('a', factory), installed('b')])).toEqual({
      backend: 'b',
      passedOver: [{name: 'a', code: 'failed', reason: 'no shader compiler'}],
    });
    expect(tf.getBackend()).toBe('b');
  });

  it('passes over what is not worth it, and does not start it', async () => {
    const a = {
      ...installed('a'),
      check: () => Promise.reject(new NotAvailable('noAdapter', 'no hardware adapter (SwiftShader)')),
    };
    expect(await chooseBackend('auto', [a, installed('b')])).toEqual({
      backend: 'b',
      passedOver: [{name: 'a', code: 'noAdapter', reason: 'no hardware adapter (SwiftShader)'}],
    });
    expect(a.load).not.toHaveBeenCalled();
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
      passedOver: [
        {
          name: 'a',
          code: 'notTried',
          reason:
            'not tried: own was in use already; call useBackend() before the first tensor or model, or name a backend to switch',
        },
      ],
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

  it('says what to install if there is none, and keeps the errors themselves as cause', async () => {
    const chosen = chooseBackend('auto', [missing('a'), broken('b', 'bad ELF header.')]);
    await expect(chosen).rejects.toThrow(
      `useBackend: no backend starts (a: not installed; b: bad ELF header). Try: npm install @tensorflow/a@${tf.version_core}`,
    );
    await expect(chosen).rejects.not.toThrow('@tensorflow/b');
    await expect(chosen).rejects.toMatchObject({
      cause: {errors: [expect.any(Error), new Error('bad ELF header.')]},
    });
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
      /^useBackend: 'b': no shader compiler\.$/,
    );
    expect(tf.getBackend()).toBe('a');
    expect(tf.backend()).toBeInstanceOf(tf.KernelBackend);
  });

  it('takes what auto would not', async () => {
    const a = {...installed('a'), check: () => Promise.reject(new Error('slow'))};
    expect(await chooseBackend('a', [a])).toEqual({backend: 'a', passedOver: []});
  });

  it('advises to install what is missing', async () => {
    await expect(chooseBackend('a', [missing('a')])).rejects.toThrow(
      `useBackend: 'a': not installed. Try: npm install @tensorflow/a@${tf.version_core}`,
    );
  });

  it('advises no package where there is no GPU', async () => {
    const a = {...installed('a'), prepare: () => Promise.reject(new NotAvailable('noAdapter', 'no adapter'))};
    await expect(chooseBackend('a', [a])).rejects.toThrow(/^useBackend: 'a': no adapter\.$/);
  });

  it('keeps the error itself as cause', async () => {
    const error = await chooseBackend('b', [installed('b', fails)]).catch((thrown: unknown) => thrown);
    expect((error as Error).cause).toEqual(new Error('no\n  shader compiler.'));
  });
});
