import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {noiseKinds} from '../noiseKind.js';
import {perturbProgram} from './perturbProgram.js';

// What the shaders compute is tested where there is WebGPU: test/suites/noise.suite.ts.

it.each([0, 1, 127, 128, 129, 1_000_001])('has an invocation for every two of %d elements', (size) => {
  const {dispatch, workgroupSize} = perturbProgram('normal', size, true);
  const groups = dispatch[0] * dispatch[1] * dispatch[2];
  expect(groups * workgroupSize[0] * 2).toBeGreaterThanOrEqual(size);
  expect((groups - 1) * workgroupSize[0] * 2).toBeLessThan(Math.max(1, size));
});

it('has a key of its own for every shader', () => {
  const programs = noiseKinds.flatMap((kind) =>
    [true, false].map((shared) => perturbProgram(kind, 5, shared)),
  );
  expect(new Set(programs.map(({shaderKey}) => shaderKey)).size).toBe(6);
  expect(new Set(programs.map((program) => program.getUserCode())).size).toBe(6);
});

it('rotates by the numbers of threefry.ts', () => {
  const rotations = [...source('threefry').matchAll(/rotate[(]x1, (\d+)[)]/g)].map(([, bits]) => bits);
  const shifts = [
    ...perturbProgram('drop', 5, true)
      .getUserCode()
      .matchAll(/<< (\d+)u/g),
  ];
  expect(rotations).toHaveLength(20);
  expect(shifts.map(([, bits]) => bits)).toEqual(rotations);
});

it('has the numbers of scalarNormals.ts', () => {
  const numbers = [...source('scalarNormals').matchAll(/round[(](-?\d[\d.e-]*)[)]|(0x[\da-f]+)/g)];
  const shader = perturbProgram('normal', 5, true).getUserCode();
  expect(numbers).toHaveLength(14);
  for (const [, decimal, hexadecimal] of numbers) expect(shader).toContain(decimal ?? hexadecimal);
});

function source(name: string): string {
  return readFileSync(new URL(`../${name}.ts`, import.meta.url), 'utf8');
}
