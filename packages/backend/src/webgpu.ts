import type {Candidate} from './candidate.js';
import {type Gpu, requireAdapter, requireHardware} from './gpuAdapter.js';
import {installGpu, type Undo} from './installGpu.js';
import {mayBeMissing} from './mayBeMissing.js';
import {NotAvailable} from './notAvailable.js';
import {whyNot} from './whyNot.js';

const backendPackage = '@tensorflow/tfjs-backend-webgpu';

/** As much of the npm package `webgpu` as it takes. */
interface Dawn {
  create(options: readonly string[]): Gpu;
  readonly globals: object;
}

async function load(): Promise<unknown> {
  // A `try`, as it does not come with `@tensorflow/tfjs`, and webpack overlooks a `.catch`.
  try {
    // @ts-expect-error: an optional peer, and not among the packages of this repository.
    return await import('@tensorflow/tfjs-backend-webgpu');
  } catch (error) {
    return mayBeMissing(error);
  }
}

/** WebGPU of the browser. */
export const webgpuInBrowsers: Candidate = {
  name: 'webgpu',
  backend: 'webgpu',
  packages: [backendPackage],
  check: () => requireHardware(gpuHere()),
  prepare: async () => {
    await requireAdapter(gpuHere());
    return undefined;
  },
  load,
};

/** WebGPU in Node: by the npm package `webgpu`, unless the application has set `navigator.gpu` by itself. */
export const webgpuInNode: Candidate = {
  name: 'webgpu',
  backend: 'webgpu',
  packages: ['webgpu', backendPackage],
  check: async () => requireHardware(gpuHere() ?? (await importDawn()).create([])),
  prepare: async (): Promise<Undo | undefined> => {
    const present = gpuHere();
    if (present !== undefined) {
      await requireAdapter(present);
      return undefined;
    }
    const {create, globals} = await importDawn();
    const gpu = create([]);
    await requireAdapter(gpu);
    // The backend looks for `navigator.gpu` when it is imported, and for the classes later.
    return installGpu(gpu, globals);
  },
  load,
};

/** Browsers without WebGPU have no such property, though its type says so; Node 20 has no `navigator`. */
function gpuHere(): Gpu | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.gpu;
}

async function importDawn(): Promise<Dawn> {
  try {
    return await importByName('webgpu');
  } catch (error) {
    // To say all at once. It must not be imported to find out, as it looks for `navigator.gpu` then.
    if (whyNot(error, webgpuInNode).code !== 'notInstalled' || !isMissing(backendPackage)) throw error;
    throw new NotAvailable('notInstalled', `not installed: webgpu and ${backendPackage}`);
  }
}

function isMissing(specifier: string): boolean {
  try {
    process
      .getBuiltinModule('module')
      .createRequire(import.meta.url)
      .resolve(specifier);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
  }
}

/** A parameter, which no bundler replaces by its value: none shall look for a package that is not there. */
function importByName(specifier: string): Promise<Dawn> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ specifier) as Promise<Dawn>;
}
