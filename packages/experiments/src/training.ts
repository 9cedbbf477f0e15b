import type {DecisionBoundary} from '@gradwire/report';
import type {FitOptions, Trainer, TrainingData} from '@gradwire/trainer';
import type * as tfl from '@tensorflow/tfjs-layers';

/** A composed training: one stage, or several, one after the other. Nothing has run. */
export interface Training {
  /** First to last. They may share layers: a stage begins with what the one before has left in them. */
  readonly stages: readonly Stage[];
  /**
   * Figures of the outcome, asked for after the last stage: `test_acc`, …
   *
   * @param logs what the last epoch of each stage has logged, first to last. A training that was resumed has not seen the events of
   *   what an earlier process has trained: figures of the training come from here, all others from the models.
   */
  evaluate(logs?: readonly EpochLogs[]): Promise<Readonly<Record<string, number>>>;
  /** Which class the model gives to which point of the plane, where the data lie in one. */
  boundary?(): Promise<DecisionBoundary>;
  /** Frees trainers, models and data. */
  dispose(): void;
}

/** Values of an epoch by Keras names: `loss`, `acc`, `val_loss`, … */
export type EpochLogs = Readonly<Record<string, number>>;

/** One call of `fit`. */
export interface Stage {
  /** Told apart by it where there are several. */
  readonly name?: string;
  /** Its weights are saved with every checkpoint. */
  readonly model: tfl.LayersModel;
  readonly trainer: Trainer;
  readonly data: TrainingData;
  readonly options: FitOptions & {readonly epochs: number};
}
