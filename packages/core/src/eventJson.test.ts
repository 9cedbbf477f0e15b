import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type CaptureEvent, formatEvent, parseEvent, type TrainingEvent} from './index.js';

const position = {run: 'r', step: 3, epoch: 1, time: 17};

const captured = (parts: Partial<CaptureEvent>): CaptureEvent => ({
  type: 'capture',
  capture: 'c',
  values: {},
  arrays: {},
  ...position,
  ...parts,
});

describe('an event as a line of JSON', () => {
  test.each<TrainingEvent>([
    {type: 'epochBegin', ...position},
    {
      type: 'runEnd',
      reason: 'failed',
      error: {name: 'Error', message: 'no "such"\nluck'},
      duration: 1.5,
      ...position,
    },
    {
      type: 'epochEnd',
      logs: {loss: NaN, acc: Infinity, val_loss: -Infinity, val_acc: 0.1},
      duration: 1,
      ...position,
    },
    captured({values: {w: {norm: 1e-30, max: NaN}}}),
    captured({arrays: {w: {counts: Float32Array.of(1, 2), edges: Float32Array.of(-Infinity, NaN, 0.1)}}}),
  ])('$type comes back', (event) => {
    const line = formatEvent(event);
    expect(line).not.toContain('\n');
    expect(parseEvent(line)).toEqual(event);
  });

  test('keeps every float32', () => {
    fc.assert(
      fc.property(fc.float32Array(), (values) => {
        const event = captured({arrays: {w: {values}}});
        const back = (parseEvent(formatEvent(event)) as CaptureEvent).arrays['w']!['values']!;
        // JSON has no −0.
        expect(back).toEqual(values.map((value) => value + 0));
      }),
    );
  });

  test('writes float32 with nine digits', () => {
    expect(formatEvent(captured({arrays: {w: {values: Float32Array.of(0.1)}}}))).toContain('[0.100000001]');
  });
});

describe('parseEvent refuses', () => {
  test('what is no JSON', () => {
    expect(() => parseEvent('{')).toThrow(SyntaxError);
  });

  test.each(['null', '1', '[]', '{}', '{"type": 1}'])('%s, which is no event', (line) => {
    expect(() => parseEvent(line)).toThrow(
      new TypeError(`parseEvent: line must be a training event, got ${line}.`),
    );
  });
});
