import {diagnose, diagnosisCaptures} from '@gradwire/capture';
import {every} from '@gradwire/core';
import {circles} from '@gradwire/datasets';
import {captureFit, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu');

// An existing project: eight sigmoids, which hardly learn.
const hidden = Array.from({length: 8}, (_, i) =>
  tf.layers.dense({
    units: 8,
    activation: 'sigmoid',
    name: `hidden_${i}`,
    kernelInitializer: tf.initializers.glorotUniform({seed: i + 1}),
    ...(i === 0 ? {inputShape: [2]} : {}),
  }),
);
const model = tf.sequential({
  layers: [...hidden, tf.layers.dense({units: 1, activation: 'sigmoid', name: 'out'})],
});
model.compile({loss: 'binaryCrossentropy', optimizer: tf.train.adam(1e-3)});

// New: watch the next fit.
const events$ = captureFit(model, diagnosisCaptures({when: every(4)}));

// 1. What a capture has measured, layer by layer: here the last one of each epoch.
events$.pipe(ofType('capture')).subscribe(({capture, step, values}) => {
  if (capture !== 'backwardStats' || step % 32 !== 28) return;
  const deviations = Object.values(values).map(({std}) => std!.toExponential(0));
  console.log(`step ${step}, gradients that reach each layer: ${deviations.join(' ')}`);
});
// 2. What that means.
const alerts = (async () => {
  for await (const {step, rule, message, remedies = []} of diagnose(events$)) {
    console.log(`step ${step}: ${rule}. ${message} Try ${remedies.map(({name}) => name).join(', ')}.`);
  }
})();

// Unchanged.
const {x, y} = circles({seed: 42});
await model.fit(x, y, {epochs: 3, verbose: 0});
await alerts;
