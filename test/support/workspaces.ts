import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the tests read of a package.json. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly license?: string;
  readonly description?: string;
  readonly sideEffects?: boolean | readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, {readonly optional?: boolean}>>;
}

/** A package of this repository. */
export interface Workspace {
  /** Its folder under `packages`. */
  readonly room: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** All packages under `packages`, by name. */
export const workspaces: readonly Workspace[] = readdirSync(join(root, 'packages'))
  .map((room) => ({room, folder: join(root, 'packages', room)}))
  .filter(({folder}) => existsSync(join(folder, 'package.json')))
  .map((workspace) => ({...workspace, manifest: readJson<Manifest>(join(workspace.folder, 'package.json'))}));

/** The JSON in a file. */
export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
