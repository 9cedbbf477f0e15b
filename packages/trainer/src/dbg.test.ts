import * as tf from '@tensorflow/tfjs';
import {it} from 'vitest';
import {batchNormMlp, samples, useCpu} from '../fixtures/training.js';
import {createTrainer} from './index.js';
useCpu();
it.each([[false,2,false],[true,2,false],[false,2,true],[true,2,true],[true,8,true]])('v %s b %s s %s', async (v,b,s) => {
  const model = batchNormMlp();
  const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.adam(0.01)});
  const data = samples(8);
  await trainer.fit(data);
  for (let i = 0; i < 3; i++) {
    const before = tf.memory().numTensors;
    const run = trainer.fit(data, {epochs: s ? 1000 : 3, batchSize: b, ...(v ? {validationData: data} : {})});
    if (s) setTimeout(() => trainer.stop(), 20);
    await run;
    console.log(v, b, s, tf.memory().numTensors - before);
  }
});
