import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

/** A module of a bundle, as far as the tests need it. */
export interface ModuleInfo {
  readonly id: string;
  readonly importers: readonly string[];
  readonly dynamicImporters: readonly string[];
}

interface Graph {
  getModuleIds(): Iterable<string>;
  getModuleInfo(id: string): ModuleInfo | null;
}

interface Vite {
  readonly defaultClientConditions: readonly string[];
  build(config: object): Promise<unknown>;
}

/** Vite, which comes with vitest, in the version that vitest wants. */
export async function loadVite(): Promise<Vite> {
  const viteOfVitest = createRequire(import.meta.resolve('vitest')).resolve('vite');
  return (await import(pathToFileURL(viteOfVitest).href)) as Vite;
}

/** A plugin that puts every module of a bundle into `modules`. */
export function collectInto(modules: ModuleInfo[]): object {
  return {
    name: 'collect',
    buildEnd(this: Graph) {
      for (const id of this.getModuleIds()) modules.push(this.getModuleInfo(id)!);
    },
  };
}

/** Who imports from Node, tfjs aside. */
export function importersOfNode(modules: readonly ModuleInfo[]): string[] {
  const importers = modules.filter(isOfNode).flatMap((node) => [...node.importers, ...node.dynamicImporters]);
  return importers.filter((id) => !isOfTfjs(id));
}

/** Vite's own name for what a browser does not have: modules of Node, and what a package keeps out of browsers. */
const isOfNode = ({id}: ModuleInfo) => id.includes('__vite-browser-external');
/** tfjs keeps its Node platform and its seeds out of browsers by itself, with the field `browser`. */
const isOfTfjs = (id: string) => /[/]node_modules[/](@tensorflow|seedrandom)[/]/.test(id);
