import {createWriteStream} from 'node:fs';
import {gradientStats} from '@gradwire/capture';
import {everyEpoch, formatEvent} from '@gradwire/core';
import {circles} from '@gradwire/datasets';
import {createTrainer, type EventConsumer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {bufferCount, map} from 'rxjs';

await tf.setBackend('cpu');

// 1. A consumer: any function from the stream to a subscription. This one writes every event as a line of JSON.
const jsonLines =
  (file: string): EventConsumer =>
  (events$) => {
    const out = createWriteStream(file);
    return events$.subscribe({
      next: (event) => out.write(`${formatEvent(event)}\n`),
      complete: () => out.end(),
    });
  };

const model = tf.sequential({
  layers: [
    tf.layers.dense({units: 8, activation: 'tanh', inputShape: [2], name: 'hidden'}),
    tf.layers.dense({units: 1, activation: 'sigmoid', name: 'out'}),
  ],
});
const trainer = createTrainer({
  model,
  loss: 'binaryCrossentropy',
  optimizer: tf.train.adam(0.01),
  captures: [gradientStats({when: everyEpoch()})],
  consumers: [jsonLines(process.argv[2] ?? 'run.jsonl')],
});

// 2. RxJS: the loss, averaged over ten steps; the gradient of one layer.
trainer.events$
  .pipe(
    ofType('step'),
    map(({loss}) => loss ?? NaN),
    bufferCount(10),
  )
  .subscribe((losses) => {
    console.log(
      `mean loss of 10 steps: ${(losses.reduce((sum, loss) => sum + loss) / losses.length).toFixed(4)}`,
    );
  });
trainer.events$.pipe(ofType('capture')).subscribe(({epoch, values}) => {
  console.log(
    `epoch ${epoch}: gradient of hidden/kernel has deviation ${values['hidden/kernel']!['std']!.toFixed(4)}`,
  );
});

// 3. for await: run() trains and yields the events of this run; leaving the loop would stop it.
for await (const event of trainer.run(circles({seed: 42}), {epochs: 3})) {
  if (event.type === 'epochEnd')
    console.log(`epoch ${event.epoch} done, loss ${event.logs['loss']!.toFixed(4)}`);
}
trainer.dispose();
