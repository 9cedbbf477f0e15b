import type {JointCall} from './jointKernel.js';

/** A number for every tensor, from an input of the kernel. Copied: making outputs may move the memory. */
export function numbersOf(
  kernelName: string,
  name: string,
  {tensors: {length}, inputs, backend}: JointCall,
): ArrayLike<number> {
  const values = backend.typedArrayFromHeap(inputs[name]!).slice();
  if (values.length === length) return values;
  if (values.length === 1) return new Float32Array(length).fill(values[0]!);
  throw new RangeError(`${kernelName}: ${name} must have 1 or ${length} values, got ${values.length}.`);
}
