import {createHash} from 'node:crypto';
import {createReadStream, createWriteStream} from 'node:fs';
import {copyFile, mkdir, rm, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {createBrotliDecompress} from 'node:zlib';
import {cachedFolder} from '../beside/cacheFolder.js';
import {execute} from '../beside/execute.js';

/** A real build of tfjs-node for Linux x86-64, native TensorFlow 1.15 included, inside of a registry tarball. */
const release = 'tfjs-node-lambda-releases@1.6.1';
const sha256 = 'b7c30d059063526e0adb372652870685c573dacf04107ee57abe37c8d8b6d011';
const build = 'package/nodejs12.x-tf2.7.0.br';
const library = 'node_modules/@tensorflow/tfjs-node/deps/lib';
const binding = 'node_modules/@tensorflow/tfjs-node/lib/napi-v6/tfjs_binding.node';

/** Why there is no native TensorFlow for this machine; undefined if there is. */
export function missingHere(): string | undefined {
  const machine = `${process.platform} ${process.arch}`;
  return machine === 'linux x64'
    ? undefined
    : `the native TensorFlow is built for linux x64, this is ${machine}`;
}

/** The folder that has it; downloads it if there is none yet. */
export function nativeTensorflow(): Promise<string> {
  return cachedFolder('tensorflow', '1.15', download);
}

/**
 * Gives an installed `@tensorflow/tfjs-node-gpu` 4.22 this native TensorFlow (CPU), in place of the one that its install
 * script downloads from a host that is not to be reached everywhere.
 */
export async function completeNative(modules: string): Promise<void> {
  const native = await nativeTensorflow();
  const target = join(modules, '@tensorflow/tfjs-node-gpu');
  const napi = join(target, `lib/napi-v${Math.min(8, Number(process.versions['napi']))}`);
  await mkdir(join(target, 'deps'), {recursive: true});
  await mkdir(napi, {recursive: true});
  await symlink(join(native, library), join(target, 'deps/lib'));
  await copyFile(join(native, binding), join(napi, 'tfjs_binding.node'));
}

async function download(folder: string): Promise<void> {
  console.log(`Downloading native TensorFlow, once: ${release} out of the npm registry, 195 MB …`);
  await execute('npm', ['pack', '--silent', release], {cwd: folder});
  const tarball = join(folder, `${release.replace('@', '-')}.tgz`);
  await requireChecksum(tarball);
  console.log('Unpacking it, 250 MB …');
  await execute('tar', ['xzf', tarball, '-C', folder, build]);
  const tar = join(folder, 'build.tar');
  await pipeline(createReadStream(join(folder, build)), createBrotliDecompress(), createWriteStream(tar));
  await execute('tar', ['xf', tar, '-C', folder, library, binding]);
  for (const leftover of [tarball, tar, join(folder, 'package')]) await rm(leftover, {recursive: true});
}

async function requireChecksum(file: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== sha256) throw new Error(`${release}: SHA-256 is ${actual}, not ${sha256}.`);
}
