import type {Capture, GradientTransform, LearningRateSchedule} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs';
import type {Container} from 'inversify';
import type {Observable, Subscription} from 'rxjs';
import {expectTypeOf} from 'vitest';
import {
  type AlertEvent,
  CAPTURE,
  type CaptureEvent,
  type CaptureFailedEvent,
  CLOCK,
  type Clock,
  CONSUMER,
  createTrainer,
  defineRemedy,
  type EpochBeginEvent,
  type EpochEndEvent,
  EVENTS,
  type EventConsumer,
  type EventPosition,
  LOSS,
  type LossSpec,
  MODEL,
  ofType,
  OPTIMIZER,
  REMEDY,
  type Remedy,
  type RemedyEvent,
  type RunBeginEvent,
  type RunEndEvent,
  SCHEDULE,
  SEED,
  SERVICES,
  SETTINGS,
  type StepEvent,
  type TrainableModel,
  Trainer,
  type TrainerServices,
  type TrainerSettings,
  type TrainingEvent,
  type TrainingHistory,
  TRANSFORM,
  transformModule,
} from './index.js';

declare const model: tf.Sequential;
declare const optimizer: tf.Optimizer;
declare const trainer: Trainer;
declare const container: Container;
declare const events$: Observable<TrainingEvent>;
declare const x: tf.Tensor2D;
declare const transform: GradientTransform<undefined>;
declare const withState: GradientTransform<{readonly m: Readonly<Record<string, tf.Tensor>>}>;
declare const capture: Capture;

// ofType narrows.
expectTypeOf(events$.pipe(ofType('step'))).toEqualTypeOf<Observable<StepEvent>>();
expectTypeOf(events$.pipe(ofType('step', 'alert'))).toEqualTypeOf<Observable<StepEvent | AlertEvent>>();
events$
  .pipe(ofType('epochEnd'))
  .subscribe(({logs}) => expectTypeOf(logs['loss']).toEqualTypeOf<number | undefined>());
// @ts-expect-error: no event has this type.
ofType('steps');
// @ts-expect-error: an alert has no learning rate.
events$.pipe(ofType('alert')).subscribe(({learningRate}) => learningRate);

// The union is complete: every type is one of these.
export function describeEvent(event: TrainingEvent): string {
  switch (event.type) {
    case 'runBegin':
    case 'epochBegin':
    case 'step':
    case 'capture':
    case 'captureFailed':
    case 'alert':
    case 'remedy':
    case 'epochEnd':
    case 'runEnd':
      return event.run;
    default:
      expectTypeOf(event).toEqualTypeOf<never>();
      return '';
  }
}
expectTypeOf<TrainingEvent>().toEqualTypeOf<
  | RunBeginEvent
  | EpochBeginEvent
  | StepEvent
  | CaptureEvent
  | CaptureFailedEvent
  | AlertEvent
  | RemedyEvent
  | EpochEndEvent
  | RunEndEvent
>();
expectTypeOf<TrainingEvent>().toExtend<EventPosition>();
expectTypeOf<StepEvent>().toEqualTypeOf<Readonly<StepEvent>>();
expectTypeOf<StepEvent['loss']>().toEqualTypeOf<number | undefined>();
expectTypeOf<RunEndEvent['reason']>().toEqualTypeOf<
  'completed' | 'stopped' | 'earlyStopped' | 'diverged' | 'failed'
>();

// Tokens carry the type of what they stand for.
expectTypeOf(container.get(MODEL)).toEqualTypeOf<TrainableModel>();
expectTypeOf(container.get(LOSS)).toEqualTypeOf<LossSpec>();
expectTypeOf(container.get(OPTIMIZER)).toEqualTypeOf<tf.Optimizer>();
expectTypeOf(container.get(CLOCK)).toEqualTypeOf<Clock>();
expectTypeOf(container.get(SEED)).toEqualTypeOf<number>();
expectTypeOf(container.get(SETTINGS)).toEqualTypeOf<TrainerSettings>();
expectTypeOf(container.get(SCHEDULE)).toEqualTypeOf<LearningRateSchedule>();
expectTypeOf(container.get(EVENTS)).toEqualTypeOf<Observable<TrainingEvent>>();
expectTypeOf(container.get(SERVICES)).toEqualTypeOf<TrainerServices>();
expectTypeOf(container.getAll(TRANSFORM)).toEqualTypeOf<GradientTransform[]>();
expectTypeOf(container.getAll(CAPTURE)).toEqualTypeOf<Capture[]>();
expectTypeOf(container.getAll(CONSUMER)).toEqualTypeOf<EventConsumer[]>();
expectTypeOf(container.getAll(REMEDY)).toEqualTypeOf<Remedy[]>();
expectTypeOf(container.get(Trainer)).toEqualTypeOf<Trainer>();
// @ts-expect-error: a seed is a number.
container.rebind(SEED).toConstantValue('42');
// @ts-expect-error: a clock is no function.
container.rebind(CLOCK).toConstantValue(Date.now);

// createTrainer.
const parts = {model, loss: 'meanSquaredError', optimizer} as const;
expectTypeOf(
  createTrainer({
    ...parts,
    seed: 1,
    metrics: ['accuracy'],
    transforms: [transform, withState, ({seed}) => (seed > 0 ? transform : withState)],
    captures: [capture, () => capture],
    consumers: [(stream$) => stream$.subscribe()],
    remedies: [{name: 'r', transforms: [withState]}, ({stop}) => ({name: stop.name})],
    schedule: (step, {epoch}) => 0.1 / (1 + step + epoch),
    readLoss: (step) => step % 2 === 0,
    onDivergence: 'continue',
    inferenceMode: true,
    transformOrder: ['a'],
  }),
).toEqualTypeOf<Trainer>();
createTrainer({...parts, model: (input, {training}) => (training ? input : input), variables: []});
// @ts-expect-error: a model is missing.
createTrainer({loss: 'meanSquaredError', optimizer});
// @ts-expect-error: a loss is missing.
createTrainer({model, optimizer});
// @ts-expect-error: an optimizer is missing.
createTrainer({model, loss: 'meanSquaredError'});
// @ts-expect-error: the name of an optimizer is none.
createTrainer({...parts, optimizer: 'adam'});
// @ts-expect-error: one transform is no list.
createTrainer({...parts, transforms: transform});
// @ts-expect-error: a capture is no transform.
createTrainer({...parts, transforms: [capture]});
// @ts-expect-error: a consumer returns its subscription.
createTrainer({...parts, consumers: [() => {}]});
// @ts-expect-error: no such option.
createTrainer({...parts, optimiser: optimizer});
// @ts-expect-error: no such way.
createTrainer({...parts, onDivergence: 'ignore'});
// @ts-expect-error: a remedy has a name.
defineRemedy({transforms: [transform]});
// @ts-expect-error: a capture is no transform.
transformModule(capture);
expectTypeOf<ReturnType<EventConsumer>>().toEqualTypeOf<Subscription>();

// fit, run and evaluate.
expectTypeOf(trainer.fit({x, y: x})).resolves.toEqualTypeOf<TrainingHistory>();
expectTypeOf(trainer.fit({x: [x], y: {out: x}}, {epochs: 1, signal: new AbortController().signal})).toExtend<
  Promise<TrainingHistory>
>();
expectTypeOf(trainer.fit).toBeCallableWith([{xs: x, ys: x}]);
expectTypeOf(trainer.fit).toBeCallableWith(function* batches() {
  yield {xs: x, ys: x};
});
expectTypeOf(trainer.fit).toBeCallableWith(async function* batches() {
  yield {xs: [x], ys: {out: x}};
});
declare const dataset: tf.data.Dataset<tf.TensorContainer>;
expectTypeOf(trainer.fit).toBeCallableWith(dataset, {validationData: dataset});
expectTypeOf(trainer.run({x, y: x})).toExtend<AsyncIterable<TrainingEvent>>();
expectTypeOf(trainer.evaluate([{xs: x, ys: x}])).resolves.toEqualTypeOf<Record<string, number>>();
expectTypeOf<TrainingHistory['reason']>().toEqualTypeOf<
  'completed' | 'stopped' | 'earlyStopped' | 'diverged'
>();
// @ts-expect-error: fit takes one argument for the data.
trainer.fit(x, x);
// @ts-expect-error: labels are missing.
trainer.fit({x});
// @ts-expect-error: no such option.
trainer.fit({x, y: x}, {epoch: 3});
// @ts-expect-error: neither smaller nor larger.
trainer.fit({x, y: x}, {earlyStopping: {mode: 'auto'}});
