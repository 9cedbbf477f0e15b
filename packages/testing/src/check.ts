import type {GradientTransform} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {Bench} from './bench.js';

/** What is checked: how to make the transform, and again from its saved configuration. */
export interface Subject {
  readonly name: string;
  readonly create: () => GradientTransform;
  readonly factory?: (config: Readonly<Record<string, unknown>>) => GradientTransform;
}

/** One promise of the contract. `run` throws where it is not kept. */
export interface Check {
  /** Completes "the transform …". */
  readonly title: string;
  /** Says nothing about a transform whose factory is unknown. */
  readonly needsFactory?: boolean;
  run(subject: Subject, bench: Bench): void | Promise<void>;
}

/** Runs a check with parameters of its own and without a word about the chain, and frees all that it made. */
export async function runCheck(check: Check, subject: Subject): Promise<void> {
  const bench = new Bench();
  const lints = tf.env().getBool('GRADWIRE_LINT');
  tf.env().set('GRADWIRE_LINT', false);
  tf.engine().startScope();
  try {
    await check.run(subject, bench);
  } finally {
    tf.env().set('GRADWIRE_LINT', lints);
    tf.engine().endScope();
    bench.dispose();
  }
}
