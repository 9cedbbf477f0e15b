import {describe, expect, it} from 'vitest';
import {type Adapter, describeAdapter, requireAdapter, requireHardware} from './gpuAdapter.js';

const gpu = (adapter: Adapter | null) => ({requestAdapter: async () => adapter});
const hardware: Adapter = {info: {vendor: 'nvidia', architecture: 'hopper', isFallbackAdapter: false}};

describe('requireAdapter', () => {
  it('returns the adapter, software too', async () => {
    const adapter = {isFallbackAdapter: true};
    expect(await requireAdapter(gpu(adapter))).toBe(adapter);
  });

  it.each([
    ['no adapter', gpu(null)],
    ['no adapter: there is no WebGPU here', undefined],
  ])('says %s', async (message, without) => {
    await expect(requireAdapter(without)).rejects.toMatchObject({code: 'noAdapter', message});
  });
});

describe('requireHardware', () => {
  it.each<[string, Adapter]>([
    ['a GPU', hardware],
    ['a GPU in a browser that says nothing about it', {}],
  ])('lets pass %s', async (_, adapter) => {
    await expect(requireHardware(gpu(adapter))).resolves.toBeUndefined();
  });

  it.each<[string, Adapter]>([
    ['SwiftShader driver 5.0.0', {info: {isFallbackAdapter: true, description: 'SwiftShader driver 5.0.0'}}],
    ['llvmpipe (LLVM 15.0.6, 256 bits)', {info: {device: 'llvmpipe (LLVM 15.0.6, 256 bits)'}}],
    ['google swiftshader', {info: {vendor: 'google', architecture: 'swiftshader'}}],
    ['without a name', {isFallbackAdapter: true}],
  ])('does not take for one: %s', async (name, adapter) => {
    await expect(requireHardware(gpu(adapter))).rejects.toMatchObject({
      code: 'noAdapter',
      message: `no hardware adapter (${name})`,
    });
  });
});

it('describes an adapter by what it says of itself', () => {
  expect(describeAdapter(hardware)).toBe('nvidia hopper');
  expect(describeAdapter({info: {device: 'nvidia-h200', vendor: 'nvidia'}})).toBe('nvidia-h200');
});
