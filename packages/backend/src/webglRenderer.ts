import {NotAvailable} from './notAvailable.js';
import {isSoftwareRenderer} from './softwareRenderer.js';

/** As much of a context as it takes. */
type Context = Pick<WebGLRenderingContext, 'RENDERER' | 'getExtension' | 'getParameter'>;

/** As much of a canvas as it takes. */
export interface Canvas {
  getContext(version: 'webgl2' | 'webgl'): unknown;
}

/** @throws NotAvailable if there is no WebGL, or one that the CPU plays: slower than wasm. */
export async function requireHardwareRenderer(canvas: Canvas | undefined = newCanvas()): Promise<void> {
  const context = (canvas?.getContext('webgl2') ?? canvas?.getContext('webgl') ?? null) as Context | null;
  if (context === null) throw new NotAvailable('noAdapter', 'no adapter');
  const name = rendererOf(context);
  // Browsers allow a few contexts only, and the backend is going to make its own.
  context.getExtension('WEBGL_lose_context')?.loseContext();
  if (isSoftwareRenderer(name)) throw new NotAvailable('noAdapter', `no hardware adapter (${name})`);
}

function rendererOf(context: Context): string {
  const info = context.getExtension('WEBGL_debug_renderer_info');
  return String(context.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
}

function newCanvas(): Canvas | undefined {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(1, 1);
  return typeof document === 'undefined' ? undefined : document.createElement('canvas');
}
