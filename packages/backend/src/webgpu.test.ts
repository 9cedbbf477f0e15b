import {afterEach, describe, expect, it, vi} from 'vitest';
import type {Adapter} from './gpuAdapter.js';
import {webgpuInBrowsers, webgpuInNode} from './webgpu.js';
import {whyNot} from './whyNot.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

const present = (adapter: Adapter | null) =>
  vi.stubGlobal('navigator', {gpu: {requestAdapter: async () => adapter}});

describe.each([
  ['browsers', webgpuInBrowsers],
  ['Node', webgpuInNode],
])('in %s, with navigator.gpu', (_, candidate) => {
  it('takes hardware of its own accord', async () => {
    present({info: {vendor: 'amd'}});
    await expect(candidate.check?.()).resolves.toBeUndefined();
  });

  it('takes software on request only', async () => {
    present({info: {architecture: 'swiftshader'}});
    await expect(candidate.check?.()).rejects.toThrow('no hardware adapter (swiftshader)');
    await expect(candidate.prepare?.()).resolves.toBeUndefined();
  });

  it('has no adapter', async () => {
    present(null);
    await expect(candidate.prepare?.()).rejects.toMatchObject({code: 'noAdapter', message: 'no adapter'});
  });

  it('says that its package is missing', async () => {
    const error: unknown = await candidate.load?.().catch((thrown: unknown) => thrown);
    expect(whyNot(error, candidate)).toMatchObject({code: 'notInstalled'});
  });
});

it('has no adapter in a browser without WebGPU', async () => {
  vi.stubGlobal('navigator', {});
  await expect(webgpuInBrowsers.check?.()).rejects.toMatchObject({code: 'noAdapter'});
});

it('wants both packages in Node, and leaves the globals alone without them', async () => {
  vi.stubGlobal('navigator', undefined);
  const before = Reflect.ownKeys(globalThis);
  const error: unknown = await webgpuInNode.prepare?.().catch((thrown: unknown) => thrown);
  expect(whyNot(error, webgpuInNode)).toEqual({
    code: 'notInstalled',
    reason: 'not installed: webgpu and @tensorflow/tfjs-backend-webgpu',
  });
  expect(Reflect.ownKeys(globalThis)).toEqual(before);
});
