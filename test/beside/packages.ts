import {mkdir, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {root, workspaces} from '../support/workspaces.js';
import {execute} from './execute.js';

/** Packs all packages, as they would be published now; the paths of the tarballs. */
export async function packAll(folder: string): Promise<string[]> {
  await mkdir(folder, {recursive: true});
  const rooms = workspaces.map(({room}) => `./packages/${room}`);
  await execute('npm', ['pack', '--silent', '--pack-destination', folder, ...rooms], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return (await readdir(folder)).map((file) => join(folder, file));
}

/** Unpacks them into a `node_modules`, each as npm would. */
export async function unpackAll(tarballs: readonly string[], modules: string): Promise<void> {
  for (const {room, manifest} of workspaces) {
    const target = join(modules, manifest.name);
    const tarball = tarballs.find((path) => path.includes(`gradwire-${room}-${manifest.version}.tgz`));
    if (tarball === undefined) throw new Error(`There is no tarball of ${manifest.name}.`);
    await mkdir(target, {recursive: true});
    await execute('tar', ['xzf', tarball, '-C', target, '--strip-components=1']);
  }
}
