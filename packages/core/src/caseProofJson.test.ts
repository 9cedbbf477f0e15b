import fc from 'fast-check';
import {expect, test} from 'vitest';
import {fromCaseProofJson, toCaseProofJson} from './caseProofJson.js';

test('every JSON value comes back', () => {
  fc.assert(
    fc.property(fc.jsonValue({stringUnit: 'binary'}), (value) => {
      expect(fromCaseProofJson(toCaseProofJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('no conversion of case finds anything to change', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), (value) => {
      const text = toCaseProofJson(value);
      expect(text.includes('_')).toBe(false);
      expect(text.toLowerCase()).toBe(text);
    }),
  );
});
