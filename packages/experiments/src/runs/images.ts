import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type DownloadProgress, fashionMnist, type ImageSet, mnist} from '@gradwire/datasets/node';
import type {ImagesName} from './imagesName.js';
import {requireSet} from './requireSet.js';

interface ImagesOptions {
  /** Folder with the files, or with a folder of the set's name; default: downloaded, and kept in the user's cache. */
  readonly data?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** The image set of this name. */
export async function loadImages(name: ImagesName, {data, ...options}: ImagesOptions): Promise<ImageSet> {
  const load = name === 'mnist' ? mnist : fashionMnist;
  if (data === undefined) return load(options);
  const below = join(data, name);
  const set = await load({...options, directory: existsSync(below) ? below : data});
  requireSet(name, set, data);
  return set;
}
