import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {createTrainer} from '../packages/trainer/dist/index.js';
import {circles} from '../packages/datasets/dist/index.js';
import {sigmoidRescue} from '../packages/remedies/dist/index.js';
import {circlesNetwork} from '../packages/experiments/dist/circlesNetwork.js';
await tf.setBackend('wasm'); await tf.ready();
const data=circles({samples:1000,factor:0.5,noise:0.1,seed:42});
const {name,initialize,transforms,schedule}=sigmoidRescue({steps:3200});
const v={none:{name},schedule:{name,schedule},initialize:{name,initialize},transforms:{name,transforms},'schedule+initialize':{name,schedule,initialize},'schedule+transforms':{name,schedule,transforms},all:{name,initialize,transforms,schedule}};
for (const [k,r] of Object.entries(v)) { const accs=[]; for (let seed=1;seed<=10;seed++){ const m=circlesNetwork('sigmoid',seed); const tr=createTrainer({model:m,loss:'binaryCrossentropy',optimizer:tf.train.rmsprop(1e-3),metrics:['accuracy'],seed,remedies:[r]}); await tr.fit(data,{epochs:100}); accs.push((await tr.evaluate(data)).acc); tr.dispose(); m.dispose(); } accs.sort(); console.log(k, accs.map(a=>a.toFixed(2)).join(' ')); }
