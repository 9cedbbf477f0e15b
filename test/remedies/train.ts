import type {RemedyEvent, TrainingEvent} from '@gradwire/core';
import type {Pathology, Patient} from '@gradwire/testing/pathologies';
import {createTrainer, type FitOptions, type Trainer, type TrainerOptions} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';

/** What came of one training. */
export interface Course {
  /** Median over batches of the loss at the end, on the training data; infinite where it is not a number. */
  readonly loss: number;
  /** The same before the first step. */
  readonly start: number;
  /** On the validation data at the end, where the training has some. */
  readonly valLoss: number | undefined;
  readonly actions: readonly RemedyEvent[];
}

/** What is different about a training: options of the trainer, which may replace those of the patient, and of its `fit`. */
export type Change = (patient: Patient, seed: number) => Changed | Promise<Changed>;

type Changed = Partial<TrainerOptions> & {readonly fit?: Partial<FitOptions>};

/** How often as long as in the kit: a change needs time to show. */
export const STRETCH = 3;

/** Trains one pathology to the end, as it is or with a change. */
export async function train(
  pathology: Pathology,
  seed: number,
  change: Change = () => ({}),
  signal?: AbortSignal,
): Promise<Course> {
  const patient = pathology.create(seed);
  const {model, loss, optimizer, transforms = [], x, y, dispose, ...settings} = patient;
  const {validationData, validationSplit, batchSize, epochs} = settings;
  const {fit = {}, ...options} = await change(patient, seed);
  const trainer = createTrainer({model, loss, optimizer, transforms, seed, ...options});
  const actions: RemedyEvent[] = [];
  const failures: TrainingEvent[] = [];
  trainer.events$.subscribe((event) => {
    if (event.type === 'remedy') actions.push(event);
    if (event.type === 'captureFailed') failures.push(event);
  });
  const trained = x.shape[0]! - Math.floor(x.shape[0]! * (validationSplit ?? 0));
  try {
    const start = await medianLoss(trainer, x, y, trained, batchSize);
    await trainer.fit(
      {x, y},
      {...settings, epochs: STRETCH * epochs, ...(signal === undefined ? {} : {signal}), ...fit},
    );
    if (failures.length > 0) throw new Error(JSON.stringify(failures[0]));
    const held = validationData ?? (validationSplit === undefined ? undefined : rest(x, y, trained));
    const valLoss = held && (await trainer.evaluate(held))['loss'];
    if (held !== validationData) tf.dispose([held?.x ?? [], held?.y ?? []]);
    return {loss: await medianLoss(trainer, x, y, trained, batchSize), start, valLoss, actions};
  } finally {
    trainer.dispose();
    dispose();
  }
}

function rest(x: tf.Tensor, y: tf.Tensor, from: number): {x: tf.Tensor; y: tf.Tensor} {
  return {x: rows(x, from, x.shape[0]! - from), y: rows(y, from, y.shape[0]! - from)};
}

/** Robust against batches that are poisoned on purpose. */
async function medianLoss(
  trainer: Trainer,
  x: tf.Tensor,
  y: tf.Tensor,
  samples: number,
  batchSize: number,
): Promise<number> {
  const losses: number[] = [];
  for (let from = 0; from < samples; from += batchSize) {
    const size = Math.min(batchSize, samples - from);
    const batch = {x: rows(x, from, size), y: rows(y, from, size)};
    const {loss} = await trainer.evaluate(batch, {batchSize});
    losses.push(Number.isFinite(loss) ? loss! : Number.POSITIVE_INFINITY);
    tf.dispose([batch.x, batch.y]);
  }
  return losses.toSorted((a, b) => a - b)[losses.length >> 1]!;
}

function rows(tensor: tf.Tensor, from: number, size: number): tf.Tensor {
  return tf.slice(tensor, from, size);
}
