import type {TrainingEvent} from '@gradwire/trainer';

type Cell = number | '';

/** A row per epoch. */
export class EpochTable {
  #metrics: readonly string[] | undefined;
  #learningRate: Cell = '';

  get columns(): readonly string[] {
    return ['epoch', ...(this.#metrics ?? []), 'learning_rate', 'duration_s'];
  }

  row(event: TrainingEvent): readonly Cell[] | undefined {
    if (event.type === 'runBegin') {
      this.#metrics = event.metrics;
      this.#learningRate = '';
    }
    if (event.type === 'step') this.#learningRate = event.learningRate;
    if (event.type !== 'epochEnd') return undefined;
    const {epoch, logs, duration} = event;
    // Of a run that was joined midway, nobody has told the metrics.
    this.#metrics ??= Object.keys(logs);
    return [epoch, ...this.#metrics.map((name) => logs[name] ?? ''), this.#learningRate, duration / 1000];
  }
}

/** A row per step. */
export class StepTable {
  readonly columns = ['step', 'epoch', 'batch', 'size', 'loss', 'learning_rate', 'duration_ms'];

  row(event: TrainingEvent): readonly Cell[] | undefined {
    if (event.type !== 'step') return undefined;
    const {step, epoch, batch, size, loss = '', learningRate, duration} = event;
    return [step, epoch, batch, size, loss, learningRate, duration];
  }
}
