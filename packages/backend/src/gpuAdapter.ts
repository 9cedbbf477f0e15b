import {NotAvailable} from './notAvailable.js';
import {isSoftwareRenderer} from './softwareRenderer.js';

/** What browsers and Dawn say about an adapter; older ones say less. */
export interface Adapter {
  readonly info?: Partial<GPUAdapterInfo>;
  readonly isFallbackAdapter?: boolean;
}

/** As much of `navigator.gpu` as it takes. */
export interface Gpu {
  requestAdapter(options: {powerPreference: 'high-performance'}): Promise<Adapter | null>;
}

/**
 * The adapter that the webgpu backend is going to take.
 *
 * @throws NotAvailable if there is none.
 */
export async function requireAdapter(gpu: Gpu | undefined): Promise<Adapter> {
  if (gpu === undefined) throw new NotAvailable('noAdapter', 'no adapter: there is no WebGPU here');
  const adapter = await gpu.requestAdapter({powerPreference: 'high-performance'});
  if (adapter === null) throw new NotAvailable('noAdapter', 'no adapter');
  return adapter;
}

/** @throws NotAvailable if there is no adapter, or one that the CPU plays: slower than wasm. */
export async function requireHardware(gpu: Gpu | undefined): Promise<void> {
  const adapter = await requireAdapter(gpu);
  if (isSoftware(adapter)) {
    throw new NotAvailable('noAdapter', `no hardware adapter (${describeAdapter(adapter)})`);
  }
}

/** The adapter's name for people. */
export function describeAdapter({info = {}}: Adapter): string {
  const {description, device, vendor, architecture} = info;
  const name = description || device || [vendor, architecture].filter(Boolean).join(' ');
  return name || 'without a name';
}

function isSoftware({info = {}, isFallbackAdapter}: Adapter): boolean {
  if (info.isFallbackAdapter === true || isFallbackAdapter === true) return true;
  return isSoftwareRenderer([info.vendor, info.architecture, info.device, info.description].join(' '));
}
