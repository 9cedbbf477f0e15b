import type {LayerSpec} from './layerSpec.js';

/** What every event carries. */
export interface EventPosition {
  /** Id of the run, unique among all runs. */
  readonly run: string;
  /** Optimizer updates before this event's step, from 0. */
  readonly step: number;
  /** The epoch, from 0. */
  readonly epoch: number;
  /** Wall time in milliseconds since 1970. */
  readonly time: number;
}

/** A run begins. */
export interface RunBeginEvent extends EventPosition {
  readonly type: 'runBegin';
  readonly epochs: number;
  /** Batches per epoch, where the data tell before they are read. */
  readonly stepsPerEpoch?: number;
  readonly parameters: readonly {readonly name: string; readonly shape: readonly number[]}[];
  /** The layers, from inputs to outputs, where the model has layers. */
  readonly layers?: readonly LayerSpec[];
  readonly transforms: readonly string[];
  /** Keys of the `logs` of every `epochEnd`. */
  readonly metrics: readonly string[];
  readonly optimizer: string;
  readonly backend: string;
  /** Missing where the run has none: a plain `model.fit` cannot be seeded. */
  readonly seed?: number;
}

/** An epoch begins. */
export interface EpochBeginEvent extends EventPosition {
  readonly type: 'epochBegin';
}

/** One batch has been trained on: mostly, one optimizer update is done. */
export interface StepEvent extends EventPosition {
  readonly type: 'step';
  /** The batch within the epoch, from 0. */
  readonly batch: number;
  /** Samples in the batch. */
  readonly size: number;
  readonly learningRate: number;
  /** Milliseconds from batch to updated weights. */
  readonly duration: number;
  /** Loss of the batch before the update, at the steps where it is read. */
  readonly loss?: number;
  /** There where the transforms made no update of this batch: they wait for more of them, or skip it. */
  readonly skipped?: true;
}

/** A capture has measured. */
export interface CaptureEvent extends EventPosition {
  readonly type: 'capture';
  /** Name of the capture. */
  readonly capture: string;
  /** Scalars by subject (mostly a parameter) and quantity. */
  readonly values: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Larger tensors by subject and quantity, row by row. */
  readonly arrays: Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;
}

/** A capture could not measure. The training goes on. */
export interface CaptureFailedEvent extends EventPosition {
  readonly type: 'captureFailed';
  /** Name of the capture. */
  readonly capture: string;
  readonly error: {readonly name: string; readonly message: string};
  /** Whether it is left out from now on: it has failed three times in a row. */
  readonly disabled: boolean;
}

/** Something that this project offers against an illness. */
export interface RemedyOffer {
  /** The export, e.g. `clipByGlobalNorm`. */
  readonly name: string;
  /** The package that has it. */
  readonly package: string;
  /** Where it is explained. */
  readonly doc: string;
}

/** Something that a person should know. */
export interface Alert {
  /** What was recognised, e.g. `vanishingGradients`. */
  readonly rule: string;
  /** `info`: worth a look; `warning`: the training suffers; `error`: it is lost, or about to be. */
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  /** The layers that it is about; parameters, where the model is a function. */
  readonly layers?: readonly string[];
  /** What the judgement rests on. */
  readonly evidence?: AlertEvidence;
  /** What may help. */
  readonly remedies?: readonly RemedyOffer[];
}

/** The numbers behind an alert. */
export interface AlertEvidence {
  /** What was compared, e.g. `‖g first‖ / ‖g last‖`. */
  readonly quantity: string;
  /** With what. */
  readonly threshold: number;
  /** The window of values that it rests on, oldest first. */
  readonly values: readonly number[];
  /** The steps of these. */
  readonly steps: readonly number[];
}

/** {@link Alert} as an event. */
export interface AlertEvent extends EventPosition, Alert {
  readonly type: 'alert';
}

/** What a remedy did. */
export interface RemedyAction {
  readonly remedy: string;
  /**
   * `initialized` parameters before the first step; `applied` a change to a running training; then, after some steps, `kept` it,
   * or has `undone` it because it made things worse; `failed` to apply it.
   */
  readonly action: 'initialized' | 'applied' | 'kept' | 'undone' | 'failed';
  /** Names of the parameters to which it gave new values. */
  readonly parameters: readonly string[];
  /** What was changed, or what went wrong, in words. */
  readonly change?: string;
  /** Why: what the alert said that it answers. */
  readonly reason?: string;
  /** What came of it. */
  readonly effect?: RemedyEffect;
}

/** The training before a remedy acted and since. */
export interface RemedyEffect {
  /** Steps since it acted. */
  readonly steps: number;
  /** Whether the loss got worse, or is no number any more. */
  readonly isWorse: boolean;
  /** Mean loss of as many steps before it acted; missing where none was finite. */
  readonly before?: number;
  /** Mean loss of the later half of the steps since; missing where one was not finite. */
  readonly after?: number;
}

/** {@link RemedyAction} as an event. */
export interface RemedyEvent extends EventPosition, RemedyAction {
  readonly type: 'remedy';
}

/** An epoch is complete, validation included. */
export interface EpochEndEvent extends EventPosition {
  readonly type: 'epochEnd';
  /** By Keras names: `loss`, `acc`, `val_loss`, … */
  readonly logs: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly duration: number;
}

/** Why a run ended. */
export type RunEndReason = 'completed' | 'stopped' | 'earlyStopped' | 'diverged' | 'failed';

/** A run has ended. Of its run, only alerts may follow: loggers that could not write all. */
export interface RunEndEvent extends EventPosition {
  readonly type: 'runEnd';
  readonly reason: RunEndReason;
  /** What was thrown, if `reason` is `failed`. */
  readonly error?: {readonly name: string; readonly message: string};
  /** Milliseconds. */
  readonly duration: number;
}

/**
 * Everything that a training tells, as frozen plain data: it survives `postMessage` and any delay.
 *
 * Order within a run: `runBegin`, then per epoch `epochBegin`, per update `step` and the `capture`s (or `captureFailed`) due at it,
 * `epochEnd`; last `runEnd`. `alert` and `remedy` come where they happen; an `alert` may follow the end.
 */
export type TrainingEvent =
  | RunBeginEvent
  | EpochBeginEvent
  | StepEvent
  | CaptureEvent
  | CaptureFailedEvent
  | AlertEvent
  | RemedyEvent
  | EpochEndEvent
  | RunEndEvent;
