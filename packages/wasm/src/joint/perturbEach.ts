import {jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';
import {makeOutputs} from './makeOutputs.js';
import {numbersOf} from './numbersOf.js';

interface Attributes {
  readonly kind: string;
  /** Two words for each tensor. */
  readonly streams: readonly number[];
  /** For all tensors, where there is no input `amounts`. */
  readonly amount: number;
}

/** As `kinds.ts` of `@gradwire/noise` numbers them, whose sources the module is compiled with. */
const KINDS: Readonly<Record<string, number>> = {normal: 0, uniform: 1, drop: 2};
/** Elements that take 0.1 to 0.2 ms; a thread takes 0.04 ms to wake. */
const WORTH_WAKING = 1 << 16;

/**
 * Noise for all tensors: x + amount · noise, or x · mask, by a stream for each. The bits are those of `perturbEach` in
 * `@gradwire/noise`, whoever computes which chunk: noise is a function of stream and element.
 */
export const perturbEach = jointKernel('PerturbEach', (call, simd) => {
  const {tensors, inputs, attrs, backend} = call;
  const {kind, streams, amount} = attrs as unknown as Attributes;
  if (simd === undefined) throw new Error('PerturbEach: there is no SIMD here.');
  const number = KINDS[kind];
  if (number === undefined) throw new RangeError(`PerturbEach: there is no noise of kind '${kind}'.`);
  const amounts = inputs['amounts'] && numbersOf('PerturbEach', 'amounts', call);
  return makeOutputs(backend, (outputs) => {
    for (const {shape} of tensors) outputs.push(backend.makeOutput(shape, 'float32'));
    const scratch = simd.scratch('noise', simd.threads * simd.exports.NOISE_BYTES.value);
    const table = tensors.map((tensor, i) => ({
      tensor,
      to: outputs[i]!,
      numbers: [amounts?.[i] ?? amount] as const,
      words: [streams[2 * i]!, streams[2 * i + 1]!] as const,
    }));
    const {at, rows, chunks, wake} = jointTable(backend, simd, table, {worthWaking: WORTH_WAKING});
    simd.exports.perturbEach(simd.control, at, rows, chunks, number, scratch, wake);
  });
});
