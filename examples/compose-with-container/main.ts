import {circles} from '@gradwire/datasets';
import {gradientNoise} from '@gradwire/noise';
import {CLOCK, consumerModule, ofType, Trainer, trainerModule, transformModule} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {Container} from 'inversify';

await tf.setBackend('cpu');

const model = tf.sequential({
  layers: [
    tf.layers.dense({units: 8, activation: 'tanh', inputShape: [2]}),
    tf.layers.dense({units: 1, activation: 'sigmoid'}),
  ],
});

const container = new Container();
container.load(
  trainerModule({model, loss: 'binaryCrossentropy', optimizer: tf.train.adam(0.01), seed: 42}),
  // A part may be made out of the trainer's services: here the noise gets a seed next to the run's.
  transformModule(({seed}) => gradientNoise({eta: 0.01, seed: seed + 1})),
  consumerModule((events$) =>
    events$.pipe(ofType('epochEnd')).subscribe(({epoch, logs, time}) => {
      console.log(`t=${time} epoch ${epoch}: loss ${logs['loss']!.toFixed(4)}`);
    }),
  ),
);

// Every binding can be replaced before the trainer is made. This clock counts how often it is asked.
let ticks = 0;
container.rebind(CLOCK).toConstantValue({now: () => ticks++});

const trainer = container.get(Trainer);
await trainer.fit(circles({seed: 42}), {epochs: 3});
