import {describeValue} from '../describeValue.js';
import {requireKnownOptions} from '../requireKnownOptions.js';

/** How far the download of a file is. */
export interface DownloadProgress {
  /** The file's name, e.g. `train-images-idx3-ubyte.gz`. */
  readonly file: string;
  /** How many of its bytes are there, those of an earlier download included. */
  readonly received: number;
  /** Its size in bytes. */
  readonly total: number;
}

/** The options of {@link mnist} and {@link fashionMnist}. */
export interface MnistOptions {
  /**
   * Folder with the four files, as they are published (`.gz`) or decompressed; of a file that is there as both, the
   * decompressed one is read. Nothing is downloaded then, and the other options but `signal` have no effect. Default:
   * they are downloaded.
   */
  readonly directory?: string;
  /** Folder in which downloaded files are kept, in a folder for each image set. Default: the user's cache folder. */
  readonly cache?: string;
  /** Ends the loading: the promise is rejected with the signal's reason. What was received is kept for the next call. */
  readonly signal?: AbortSignal;
  /** Told at the beginning of each download, and whenever a piece has come. Not called for what is in the cache. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /**
   * Addresses of folders (http or https) from which the files are downloaded, tried in turn. They need not be trusted:
   * what they send is compared with the published checksum. Default: the public addresses.
   */
  readonly mirrors?: readonly string[];
}

/** @throws TypeError that names the option. */
export function requireMnistOptions(caller: string, options: MnistOptions): void {
  requireKnownOptions(caller, options, {
    directory: "'data'",
    cache: "'cache'",
    signal: 'AbortSignal.timeout(60000)',
    onProgress: 'console.log',
    mirrors: "['https://example.com/']",
  });
  const {directory, cache, signal, onProgress, mirrors} = options;
  const isFolder = (value: unknown): boolean => typeof value === 'string' && value !== '';
  requireIfGiven(caller, {directory}, 'be the path of a folder', isFolder);
  requireIfGiven(caller, {cache}, 'be the path of a folder', isFolder);
  requireIfGiven(caller, {signal}, 'be an AbortSignal', (value) => value instanceof AbortSignal);
  requireIfGiven(caller, {onProgress}, 'be a function', (value) => typeof value === 'function');
  requireIfGiven(caller, {mirrors}, 'be a list of one or more http or https addresses', (value) => {
    return Array.isArray(value) && value.length > 0 && value.every(isAddress);
  });
}

function requireIfGiven(
  caller: string,
  option: Readonly<Record<string, unknown>>,
  must: string,
  accepts: (value: unknown) => boolean,
): void {
  for (const [name, value] of Object.entries(option)) {
    if (value === undefined || accepts(value)) continue;
    throw new TypeError(`${caller}: ${name} must ${must}, got ${describeValue(value)}.`);
  }
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
