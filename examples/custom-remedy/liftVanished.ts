import {
  type Capture,
  every,
  type GradientTransform,
  globalNorm,
  mapTensors,
  requirePositive,
  stateless,
} from '@gradwire/core';
import {defineRemedy, type EventConsumer, ofType, type Remedy} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';

export interface LiftVanishedOptions {
  /** Smallest L2 norm that a gradient is left with; > 0. */
  readonly minNorm: number;
}

/** A transform: clipping upside down. g ← g · max(1, minNorm / ‖g‖); gradients of zeros stay zero. */
export function liftByNorm({minNorm}: LiftVanishedOptions): GradientTransform<undefined> {
  requirePositive('liftByNorm', {minNorm});
  return stateless('liftByNorm', {minNorm}, (grads) =>
    mapTensors(grads, (g) => {
      const norm = globalNorm({g});
      return tf.where(tf.greater(norm, 0), tf.mul(g, tf.maximum(1, tf.div(minNorm, norm))), g);
    }),
  );
}

/** A capture: the norm of every gradient before anything has changed it. */
const rawNorms: Capture = {
  name: 'rawNorms',
  when: every(100),
  measure: ({rawGradients}) =>
    Object.fromEntries(Object.entries(rawGradients).map(([name, g]) => [name, {norm: globalNorm({g})}])),
};

/** A consumer: says how many parameters the transform had to lift. */
function reportLifted({minNorm}: LiftVanishedOptions): EventConsumer {
  return (events$) =>
    events$.pipe(ofType('capture')).subscribe(({capture, step, values}) => {
      if (capture !== rawNorms.name) return;
      const norms = Object.values(values).map(({norm}) => norm!);
      const lifted = norms.filter((norm) => norm < minNorm).length;
      console.log(`step ${step}: ${lifted} of ${norms.length} gradients lifted to norm ${minNorm}`);
    });
}

/** The remedy: the three under one name, ready for `createTrainer({remedies: [liftVanished({minNorm: 0.1})]})`. */
export function liftVanished(options: LiftVanishedOptions): Remedy {
  return defineRemedy({
    name: 'liftVanished',
    transforms: [liftByNorm(options)],
    captures: [rawNorms],
    consumers: [reportLifted(options)],
  });
}
