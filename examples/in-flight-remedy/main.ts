import {every} from '@gradwire/core';
import {circles} from '@gradwire/datasets';
import {defaultRemedies, defineTreatment, onAlert} from '@gradwire/remedies';
import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu');

// Ten sigmoids on top of each other: as they are, they never learn to tell the circles apart.
const hidden = Array.from({length: 10}, (_, i) =>
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

// A treatment of one's own, beside the shipped ones: anything that may be changed between two steps.
const breathe = defineTreatment('breathe', (training) => {
  training.scaleLearningRate(0.5);
  return {change: `learning rate ${training.optimizer.learningRate}, from step ${training.step} on`};
});

const trainer = createTrainer({
  model,
  loss: 'binaryCrossentropy',
  optimizer: tf.train.sgd(0.1),
  metrics: ['accuracy'],
  seed: 42,
  remedies: [
    ...defaultRemedies({when: every(5)}),
    onAlert('oscillation', breathe, {undo: true, name: 'breathe'}),
  ],
});

trainer.events$.pipe(ofType('remedy')).subscribe(({step, remedy, action, change, reason, effect}) => {
  console.log(`step ${step}: ${remedy} ${action}${change === undefined ? '' : `: ${change}`}`);
  if (action === 'applied') console.log(`  because: ${reason}`);
  const {before, after} = effect ?? {};
  if (before !== undefined && after !== undefined)
    console.log(`  loss ${before.toFixed(3)} → ${after.toFixed(3)}`);
});

const {history} = await trainer.fit(circles({seed: 42}), {epochs: 20});
console.log(`accuracy ${history.acc!.at(-1)!.toFixed(3)}`);
trainer.dispose();
