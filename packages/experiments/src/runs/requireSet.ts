import type {ImageSet} from '@gradwire/datasets/node';
import {UserError} from '../userError.js';
import type {ImagesName} from './imagesName.js';

/** How many of the 10,000 test images are of each class: all that tells the files of the two sets apart, which have the same names. */
const TEST_COUNTS: Readonly<Record<ImagesName, readonly number[]>> = {
  mnist: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  'fashion-mnist': Array.from({length: 10}, () => 1000),
};

/**
 * Checks that images given by the user are not those of the other set.
 *
 * @throws UserError that names both sets.
 */
export function requireSet(name: ImagesName, {test}: ImageSet, data: string): void {
  const counts = Array.from({length: 10}, () => 0);
  for (const label of test.labels) counts[label]!++;
  const sets = Object.keys(TEST_COUNTS) as ImagesName[];
  const found = sets.find((set) => counts.every((count, label) => count === TEST_COUNTS[set][label]));
  if (found === undefined || found === name) return;
  throw new UserError(`--data ${data} has the files of ${found}; this experiment learns from ${name}.`);
}
