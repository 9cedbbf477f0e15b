import {compileLayerSelector} from '@gradwire/core';
import {expect} from 'vitest';
import {readMeasurements} from '../readMeasurements.js';
import {type CaptureCheck, measureAsTrainer} from './captureCheck.js';

/** What a capture looks like, and what it returns. */
export const formChecks: readonly CaptureCheck[] = [
  {
    title: 'is a frozen literal, or an object of a class, with a name',
    run({create}) {
      const capture = create();
      const isLiteral = Object.getPrototypeOf(capture) === Object.prototype;
      expect(!isLiteral || Object.isFrozen(capture), 'Object.isFrozen(capture)').toBe(true);
      expect(capture.name, 'name').toEqual(expect.stringMatching(/./));
    },
  },
  {
    title: 'has a schedule, a measure, and selectors of the layers that it asks for',
    run({create}) {
      const capture = create();
      expect(capture.when(0, {epoch: 0, batch: 0}), 'when(0, {epoch: 0, batch: 0})').toBeTypeOf('boolean');
      expect(capture.measure, 'measure').toBeTypeOf('function');
      for (const selector of [capture.activations, capture.activationGradients]) {
        if (selector !== undefined) compileLayerSelector(selector);
      }
    },
  },
  {
    title: 'accepts a run that has what it measures',
    run({create}, bench) {
      create().check?.(bench.subjects());
    },
  },
  {
    title: 'returns tensors of numbers by subject and quantity, or a table of them',
    async run({create}, bench) {
      await readMeasurements(measureAsTrainer(create(), bench.context()));
    },
  },
  {
    title: 'measures plain data: it survives a structured clone',
    async run({create}, bench) {
      const read = await readMeasurements(measureAsTrainer(create(), bench.context()));
      expect(structuredClone(read)).toEqual(read);
    },
  },
  {
    title: 'returns the like at the end of a run, if anything',
    async run({create}, bench) {
      const measured = create().finish?.(bench.end());
      if (measured !== undefined) await readMeasurements(measured);
    },
  },
];
