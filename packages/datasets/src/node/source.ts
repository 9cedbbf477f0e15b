import type {ImageSetFiles} from '../assembleImageSet.js';

/** A published file: how to know it. */
export interface PublishedFile {
  readonly name: string;
  /** Size as published, compressed with gzip. */
  readonly bytes: number;
  /** Checksum as published, in hex. */
  readonly sha256: string;
  /** Size after decompression. */
  readonly unpacked: number;
}

/** A published image set: what it consists of and where it is. */
export interface Source {
  /** Name of its folder in the cache. */
  readonly folder: string;
  /** Addresses of folders; each ends with a slash. */
  readonly mirrors: readonly string[];
  readonly classes: number;
  readonly files: ImageSetFiles<PublishedFile>;
}
