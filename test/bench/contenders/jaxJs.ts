// A child process: gradients of the dense network, as jax-js computes them, compiled. Argument: where it is installed.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {serve} from './serve.js';

/** As far as it is used here. Every array that is passed on is given away; `ref` keeps it. */
interface JaxArray {
  readonly ref: JaxArray;
  add(other: JaxArray): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  sum(axis?: number): JaxArray;
  mean(): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}
interface Jax {
  readonly numpy: {
    array(values: Float32Array): JaxArray;
    tanh(x: JaxArray): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
  };
  readonly nn: {logSoftmax(x: JaxArray): JaxArray};
  init(device: 'wasm'): Promise<readonly string[]>;
  defaultDevice(name: string): void;
  grad(
    f: (params: JaxArray[], x: JaxArray, y: JaxArray) => JaxArray,
  ): (params: JaxArray[], x: JaxArray, y: JaxArray) => JaxArray[];
  jit<F>(f: F): F;
}

const folder = join(process.argv[3]!, 'node_modules/@jax-js/jax');
const {version} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {version: string};
const {
  numpy: np,
  nn,
  init,
  defaultDevice,
  grad,
  jit,
} = (await import(pathToFileURL(join(folder, 'dist/index.js')).href)) as Jax;
await init('wasm');
defaultDevice('wasm');

const sizes = [784, 512, 512, 256, 256, 128, 10];
const batch = 512;
const random = (...shape: number[]): JaxArray =>
  np
    .array(Float32Array.from({length: shape.reduce((a, b) => a * b)}, () => Math.random() * 0.1))
    .reshape(shape);
const params = sizes.slice(1).flatMap((size, i) => [random(sizes[i]!, size), random(size)]);
const x = random(batch, 784);
const y = np
  .array(Float32Array.from({length: batch * 10}, (_, i) => (i % 10 === 3 ? 1 : 0)))
  .reshape([batch, 10]);

const gradient = jit(
  grad((weights, input, target) => {
    let hidden = input;
    for (let i = 0; i < weights.length; i += 2) {
      hidden = np.matmul(hidden, weights[i]!).add(weights[i + 1]!);
      if (i < weights.length - 2) hidden = np.tanh(hidden);
    }
    return nn.logSoftmax(hidden).mul(target).sum(1).mean().mul(-1);
  }),
);

serve(
  {
    step: async () => {
      const gradients = gradient(
        params.map(({ref}) => ref),
        x.ref,
        y.ref,
      );
      const [first, ...others] = gradients;
      for (const other of others) other.dispose();
      await first!.data();
    },
  },
  {'jax-js': version},
);
