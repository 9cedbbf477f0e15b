import {createReadStream} from 'node:fs';
import {parseEvent} from '@gradwire/core';
import type {TrainingEvent} from '@gradwire/trainer';
import {linesOf} from './linesOf.js';

const LONGEST_LINE = 64 * 2 ** 20;

/**
 * The events in a file of {@link jsonl}, in its order, also while it is being written: up to its present end.
 *
 * Lines that are no event are left out: the last one, of which only a part is there yet, one that a killed process left
 * torn, and lines of more than 64 MiB. No more than one line is held at a time.
 *
 * @param file path.
 * @returns the events, read as they are asked for. Asking throws what the file system throws, e.g. `ENOENT`.
 * @example
 * ```ts
 * import {writeFileSync} from 'node:fs';
 * import {readEvents} from '@gradwire/loggers';
 *
 * const event = {type: 'epochEnd', run: 'r', step: 9, epoch: 0, time: 0, logs: {loss: 0.5}, duration: 5};
 * writeFileSync('run.jsonl', `${JSON.stringify(event)}\n{"type":"epochBe`);
 * for await (const {type, step} of readEvents('run.jsonl')) console.log(type, step); // epochEnd 9
 * ```
 */
export async function* readEvents(file: string): AsyncGenerator<TrainingEvent, void, void> {
  for await (const line of linesOf(createReadStream(file), LONGEST_LINE)) {
    const event = eventIn(line);
    if (event !== undefined) yield event;
  }
}

function eventIn(line: string): TrainingEvent | undefined {
  try {
    return parseEvent(line);
  } catch {
    return undefined;
  }
}
