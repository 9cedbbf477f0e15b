import type {CaptureEvent, EpochEndEvent, TrainingEvent} from '@gradwire/trainer';
import {type Bins, histogram, scalar, sessionStart, summary, text} from './tensorBoardEvent.js';

const VALIDATION = 'val_';

/** What TensorBoard is told of a training: for each event the messages, by the run that they belong to. */
export class TensorBoardRecords {
  #learningRate: number | undefined;
  /** Whether validation goes on where an earlier attempt may have passed. */
  #isResumed = false;

  of(event: TrainingEvent): (readonly [run: 'train' | 'validation', message: Uint8Array])[] {
    const {step, time} = event;
    const seconds = time / 1000;
    switch (event.type) {
      case 'runBegin':
        this.#learningRate = undefined;
        this.#isResumed = step !== 0;
        return step === 0 ? [] : [['train', sessionStart(seconds, step)]];
      case 'step':
        this.#learningRate = event.learningRate;
        if (event.loss === undefined) return [];
        return [['train', summary(seconds, step, [scalar('batch_loss', event.loss)])]];
      case 'epochEnd':
        return this.#epoch(event);
      case 'capture': {
        const values = captured(event);
        return values.length === 0 ? [] : [['train', summary(seconds, step, values)]];
      }
      case 'alert': {
        const {rule, severity, message} = event;
        const value = text('alerts', `**${rule}** (${severity}): ${message}`);
        return [['train', summary(seconds, step, [value])]];
      }
      default:
        return [];
    }
  }

  #epoch({logs, epoch, time}: EpochEndEvent): (readonly ['train' | 'validation', Uint8Array])[] {
    const rate = this.#learningRate;
    const of = (isValidation: boolean) =>
      Object.entries(logs)
        .filter(([name]) => name.startsWith(VALIDATION) === isValidation)
        .map(([name, value]) =>
          scalar(`epoch_${isValidation ? name.slice(VALIDATION.length) : name}`, value),
        );
    const train = [...of(false), ...(rate === undefined ? [] : [scalar('epoch_learning_rate', rate)])];
    const validation = of(true);
    const seconds = time / 1000;
    const records: (readonly ['train' | 'validation', Uint8Array])[] = [
      ['train', summary(seconds, epoch, train)],
    ];
    if (validation.length === 0) return records;
    // Its steps are epochs, so that it is voided apart; not at `runBegin`, which cannot tell whether there is validation.
    if (this.#isResumed) records.push(['validation', sessionStart(seconds, epoch)]);
    this.#isResumed = false;
    return [...records, ['validation', summary(seconds, epoch, validation)]];
  }
}

function captured({capture, values, arrays}: CaptureEvent): ReturnType<typeof scalar>[] {
  const scalars = Object.entries(values).flatMap(([subject, quantities]) =>
    Object.entries(quantities).map(([name, value]) => scalar(`${capture}/${subject}/${name}`, value)),
  );
  const histograms = Object.entries(arrays).flatMap(([subject, quantities]) =>
    isHistogram(quantities) ? [histogram(`${capture}/${subject}`, quantities)] : [],
  );
  return [...scalars, ...histograms];
}

function isHistogram(
  arrays: Readonly<Record<string, ArrayLike<number>>>,
): arrays is Readonly<Record<string, ArrayLike<number>>> & Bins {
  const {counts, edges} = arrays;
  return counts !== undefined && edges !== undefined && edges.length === counts.length + 1;
}
