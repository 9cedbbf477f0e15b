import {afterEach, describe, expect, it, vi} from 'vitest';
import {type Canvas, requireHardwareRenderer} from './webglRenderer.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** One that has the given version of WebGL, and tells its renderer in an extension or, as Firefox does, without. */
function fakeCanvas(renderer: string, {version = 'webgl2', extension = true} = {}) {
  const loseContext = vi.fn<() => void>();
  const extensions: Record<string, object> = {WEBGL_lose_context: {loseContext}};
  if (extension) extensions['WEBGL_debug_renderer_info'] = {UNMASKED_RENDERER_WEBGL: 1};
  const context = {
    RENDERER: 0,
    getExtension: (name: string) => extensions[name] ?? null,
    getParameter: (parameter: number) => (parameter === (extension ? 1 : 0) ? renderer : 'WebKit WebGL'),
  };
  const canvas: Canvas = {getContext: (name) => (name === version ? context : null)};
  return {canvas, loseContext};
}

const nvidia = 'ANGLE (NVIDIA, NVIDIA H200, OpenGL 4.6)';

describe.each([{}, {version: 'webgl'}, {extension: false}])('on a context with %j', (options) => {
  it('lets pass a GPU', async () => {
    const {canvas, loseContext} = fakeCanvas(nvidia, options);
    await expect(requireHardwareRenderer(canvas)).resolves.toBeUndefined();
    expect(loseContext).toHaveBeenCalledTimes(1);
  });

  it.each([
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)',
    'llvmpipe (LLVM 15.0.6, 256 bits)',
    'Apple Software Renderer',
  ])('does not take for one: %s', async (name) => {
    const {canvas, loseContext} = fakeCanvas(name, options);
    await expect(requireHardwareRenderer(canvas)).rejects.toMatchObject({
      code: 'noAdapter',
      message: `no hardware adapter (${name})`,
    });
    expect(loseContext).toHaveBeenCalledTimes(1);
  });
});

it('says where there is no context, or no canvas', async () => {
  const none = {code: 'noAdapter', message: 'no adapter'};
  await expect(requireHardwareRenderer({getContext: () => null})).rejects.toMatchObject(none);
  await expect(requireHardwareRenderer()).rejects.toMatchObject(none);
});

it('makes a canvas in a worker, and in a page without OffscreenCanvas', async () => {
  const {canvas, loseContext} = fakeCanvas(nvidia);
  vi.stubGlobal('document', {createElement: () => canvas});
  await requireHardwareRenderer();
  vi.stubGlobal('document', undefined);
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      readonly getContext = canvas.getContext;
    },
  );
  await requireHardwareRenderer();
  expect(loseContext).toHaveBeenCalledTimes(2);
});
