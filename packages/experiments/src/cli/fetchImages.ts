import {taskProgress, type TaskProgress} from '@gradwire/loggers';
import type {ImageSet} from '@gradwire/datasets/node';
import type {Experiment} from '../experiment.js';
import {loadImages} from '../runs/images.js';
import {UserError} from '../userError.js';

interface FetchOptions {
  readonly data: string | undefined;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
}

/** The images of an experiment; shows how their download comes along, if there is one. */
export async function fetchImages(
  {name, images}: Pick<Experiment<object>, 'name' | 'images'>,
  {data, signal, quiet}: FetchOptions,
): Promise<ImageSet> {
  if (images === undefined) throw new Error(`${name} asks for images and names no image set.`);
  let bar: TaskProgress | undefined;
  try {
    return await loadImages(images, {
      data,
      signal,
      onProgress: ({file, received, total}) => {
        if (quiet) return;
        bar ??= taskProgress({total: 1, label: `downloading ${images}`});
        bar.update(images, {
          fraction: received / total,
          text: `${file} ${megabytes(received)}/${megabytes(total)} MB`,
        });
      },
    });
  } catch (error) {
    if (signal.aborted || error instanceof UserError) throw error;
    const {message} = error as Error;
    throw new UserError(data === undefined ? message : `--data: ${message}`);
  } finally {
    bar?.close();
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
