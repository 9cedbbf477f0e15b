import {type Capture, type CaptureContext, compileLayerSelector, type LayerSelector} from '@gradwire/core';
import {expect} from 'vitest';
import {readMeasurements, type ReadMeasurements} from '../readMeasurements.js';
import type {BenchStep, CaptureBench} from './captureBench.js';
import {type CaptureCheck, measureAsTrainer} from './captureCheck.js';

/** That a capture can measure in whatever step it meets. */
export const stepChecks: readonly CaptureCheck[] = [
  {
    title: 'gives the same for the same step, and so does another one',
    async run({create}, bench) {
      const capture = create();
      const first = await measured(capture, bench);
      expect(await measured(capture, bench), 'the second time').toEqual(first);
      expect(await measured(create(), bench), 'by another one').toEqual(first);
    },
  },
  {
    title: 'measures where gradients are missing',
    async run({create}, bench) {
      const capture = create();
      for (const hole of bench.names) await measured(capture, bench, {holes: [hole]});
      await measured(capture, bench, {holes: bench.names});
    },
  },
  {
    title: 'does without layers where it asks for none',
    async run({create}, bench) {
      const capture = create();
      if (capture.activations !== undefined || capture.activationGradients !== undefined) return;
      capture.check?.(bench.subjects(true));
      await measured(capture, bench, {withoutLayers: true});
    },
  },
  {
    title: 'looks into no other layers than it asks for',
    async run({create}, bench) {
      const capture = create();
      const {layers} = bench.subjects();
      const names = (selector: LayerSelector | undefined): string[] =>
        selector === undefined ? [] : [...compileLayerSelector(selector)(layers)];
      const asked = {forward: names(capture.activations), backward: names(capture.activationGradients)};
      expect(await measured(capture, bench, {asked})).toEqual(await measured(capture, bench));
    },
  },
  ...[0, 1e30, NaN].map((magnitude) => ({
    title: `measures tensors of ${magnitude}`,
    async run({create}: {create: () => Capture}, bench: CaptureBench) {
      await measured(create(), bench, {magnitude});
    },
  })),
];

function measured(capture: Capture, bench: CaptureBench, step?: BenchStep): Promise<ReadMeasurements> {
  const ctx: CaptureContext = bench.context(step);
  return readMeasurements(measureAsTrainer(capture, ctx));
}
