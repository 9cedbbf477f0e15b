import {expect, it} from 'vitest';
import type {Diagnosis, Report} from './diagnosis.js';
import {doctorTable} from './doctorTable.js';

const measured = {
  name: 'wasm',
  available: true,
  auto: true,
  device: 'CPU',
  threads: 2,
  gflops: 54.321,
  mlpMs: 1.234,
  cnnMs: 54.32,
  problems: [],
} as const;

const report = (...backends: Diagnosis[]): Report => ({
  node: 'v20.20.2',
  platform: 'linux x64',
  cpu: 'Intel(R) Xeon(R) Processor',
  cores: 2,
  backends,
});

it('is a row for each backend, with its numbers or why there are none', () => {
  const table = doctorTable(
    report(
      {name: 'tfjs-node', available: false, code: 'notInstalled', reason: 'not installed'},
      {...measured, name: 'webgpu', auto: false, device: 'SwiftShader', threads: null, gflops: 12345.6},
      measured,
      {
        ...measured,
        name: 'wasm, as shipped',
        auto: false,
        threads: 1,
        cnnMs: null,
        problems: ['CNN: cannot train, for want of Conv2DBackpropFilter.'],
      },
    ),
  );
  expect(table).toBe(
    `
Node v20.20.2, linux x64, 2 x Intel(R) Xeon(R) Processor

backend           device       threads  GFLOP/s  MLP ms  CNN ms
tfjs-node         not installed
webgpu            SwiftShader        –    12346    1.23    54.3
wasm              CPU                2     54.3    1.23    54.3
wasm, as shipped  CPU                1     54.3    1.23       –

useBackend() takes wasm here.

GFLOP/s: product of two 1024 x 1024 matrices. MLP, CNN: milliseconds of one
training step (momentum SGD); MLP: 784-128-10, batch 64; CNN: 28x28, conv 8,
pool, conv 16, pool, dense 10, batch 32. Median over 1 s, after a warm-up.

wasm, as shipped: CNN: cannot train, for want of Conv2DBackpropFilter.
`.trim(),
  );
});

it('tells below the table what does not fit into it', () => {
  const path = `/home/${'x'.repeat(120)}/tfjs_binding.node`;
  const unavailable = {name: 'tfjs-node', available: false, code: 'failed'} as const;
  const table = doctorTable(
    report(
      {
        ...unavailable,
        reason: `native library missing: The native addon module can not be found at path: ${path}`,
      },
      {
        ...unavailable,
        name: 'webgpu',
        reason: `it has said a lot of things on a line that ends nowhere ${path}`,
      },
    ),
  );
  expect(table).toContain('tfjs-node  native library missing (see below)\n');
  expect(table).toContain('webgpu     does not start (see below)\n');
  expect(table).toContain('tfjs-node: native library missing: The native addon module can not be found at');
});

it('says which one is taken only if one is', () => {
  expect(doctorTable(report({...measured, auto: false}))).not.toContain('useBackend()');
});

it('stays within 80 columns, whatever is in it', () => {
  const long = 'name'.repeat(50);
  const lines = doctorTable(
    report(
      {name: 'wasm, as shipped', available: false, code: 'failed', reason: 'r'.repeat(56)},
      {name: 'wasm, as shipped', available: false, code: 'failed', reason: `${long} ${long}: ${long}`},
      {...measured, name: 'wasm, as shipped', device: long, gflops: 123456, mlpMs: 12345, cnnMs: 123456},
      {...measured, problems: [`MLP: ${long} ${'word '.repeat(40)}`]},
    ),
  ).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
