import envPaths from 'env-paths';
import {assembleImageSet, type ImageSet} from '../assembleImageSet.js';
import type {NamedBytes} from '../labelledImages.js';
import {cachedFile} from './cachedFile.js';
import {givenFile} from './givenFile.js';
import {type MnistOptions, requireMnistOptions} from './mnistOptions.js';
import type {PublishedFile, Source} from './source.js';

/** Loads the files of an image set one after the other, and puts them together. */
export async function loadImageSet(caller: string, source: Source, options: MnistOptions): Promise<ImageSet> {
  requireMnistOptions(caller, options);
  const {directory, signal, cache = envPaths('gradwire', {suffix: ''}).cache} = options;
  const mirrors = (options.mirrors ?? source.mirrors).map((url) => (url.endsWith('/') ? url : `${url}/`));
  const load = (file: PublishedFile): Promise<NamedBytes> => {
    signal?.throwIfAborted();
    return directory === undefined
      ? cachedFile(caller, source, file, {...options, cache, mirrors})
      : givenFile(caller, directory, file, signal);
  };
  const {trainImages, trainLabels, testImages, testLabels} = source.files;
  return assembleImageSet(
    {
      trainImages: await load(trainImages),
      trainLabels: await load(trainLabels),
      testImages: await load(testImages),
      testLabels: await load(testLabels),
    },
    source.classes,
  );
}
