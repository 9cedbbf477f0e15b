import {jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';
import {makeOutputs} from './makeOutputs.js';

/** 1, −1 or 0 for every element of every tensor, also next to 0; NaN stays NaN. */
export const signEach = jointKernel('SignEach', ({tensors, backend}, simd) =>
  makeOutputs(backend, (outputs) => {
    for (const {shape} of tensors) outputs.push(backend.makeOutput(shape, 'float32'));
    if (simd === undefined) {
      tensors.forEach((tensor, i) => {
        const values = backend.typedArrayFromHeap(outputs[i]!);
        // Added, −0 is 0.
        backend.typedArrayFromHeap(tensor).forEach((x, at) => (values[at] = Math.sign(x) + 0));
      });
      return;
    }
    const table = tensors.map((tensor, i) => ({tensor, to: outputs[i]!}));
    const {at, rows, chunks, wake} = jointTable(backend, simd, table);
    simd.exports.signEach(simd.control, at, rows, chunks, wake);
  }),
);
