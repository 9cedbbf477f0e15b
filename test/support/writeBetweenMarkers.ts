import {readFileSync, writeFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs';

/**
 * Puts measurements between the markers of a page in docs, below the versions that they were made with.
 *
 * @param page file name within docs.
 * @param marker the page has `<!-- marker:begin -->` and `<!-- marker:end -->`.
 */
export function writeBetweenMarkers(page: string, marker: string, settings: string, text: string): void {
  const file = new URL(`../../docs/${page}`, import.meta.url);
  const [begin, end] = [`<!-- ${marker}:begin -->`, `<!-- ${marker}:end -->`];
  const old = readFileSync(file, 'utf8');
  const [from, to] = [old.indexOf(begin), old.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/${page} has no ${begin} … ${end}.`);
  const versions = `Gradwire ${gradwire()}, tfjs ${tf.version.tfjs}, Node ${process.version.split('.')[0]}`;
  const body = `${begin}\n\n${versions}; backend ${tf.getBackend()}, ${settings}.\n\n${text}\n\n`;
  writeFileSync(file, old.slice(0, from) + body + old.slice(to));
  console.log(`\nWritten to docs/${page}.`);
}

function gradwire(): string {
  const file = new URL('../../packages/core/package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as {version: string}).version;
}
