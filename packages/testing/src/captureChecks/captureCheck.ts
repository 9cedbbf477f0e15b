import type {Capture, CaptureContext} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {CaptureBench} from './captureBench.js';

/** What is checked. */
export interface CaptureSubject {
  readonly name: string;
  readonly create: () => Capture;
  /** The transforms of the run that it is tried in. */
  readonly stages: readonly string[];
}

/** One promise of the contract. `run` throws where it is not kept. */
export interface CaptureCheck {
  /** Completes "the capture …". */
  readonly title: string;
  run(subject: CaptureSubject, bench: CaptureBench): void | Promise<void>;
}

/** Runs a check, and frees all that it made. */
export async function runCaptureCheck(check: CaptureCheck, subject: CaptureSubject): Promise<void> {
  tf.engine().startScope();
  try {
    await check.run(subject, new CaptureBench(subject.stages));
  } finally {
    tf.engine().endScope();
  }
}

/** Lets a capture measure as a trainer does. */
export function measureAsTrainer(capture: Capture, ctx: CaptureContext): ReturnType<Capture['measure']> {
  // It looks into any object for tensors, whatever its type says.
  const measure = capture.measure.bind(capture, ctx) as unknown as () => tf.TensorContainer;
  return tf.tidy(measure) as unknown as ReturnType<Capture['measure']>;
}
