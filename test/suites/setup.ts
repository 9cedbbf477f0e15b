import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeEach, expect, inject} from 'vitest';
import {startBackend} from './support/startBackend.js';

expect.extend({toBeAllclose});
await startBackend(inject('backend'));

beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});
