import type {DecisionBoundary} from '@gradwire/report';
import type {FitOptions, Trainer, TrainingData} from '@gradwire/trainer';
import type * as tfl from '@tensorflow/tfjs-layers';

/** A composed training: one stage, or several, one after the other. Nothing has run. */
export interface Training {
  /** First to last. They may share layers: a stage begins with what the one before has left in them. */
  readonly stages: readonly Stage[];
  /** Figures of the outcome, asked for after the last stage: `test_acc`, … */
  evaluate(): Promise<Readonly<Record<string, number>>>;
  /** Which class the model gives to which point of the plane, where the data lie in one. */
  boundary?(): Promise<DecisionBoundary>;
  /** Frees trainers, models and data. */
  dispose(): void;
}

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
