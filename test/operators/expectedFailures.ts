/** Tests of tfjs-core that fail on the prepared backend for one reason. */
export interface ExpectedFailures {
  readonly reason: string;
  /** They pass before the preparation: what they ask for is wrong. */
  readonly deliberate?: true;
  /** What every one of them says. */
  readonly message: RegExp;
  /** Titles by suite; `all` where the whole suite fails. */
  readonly tests: Readonly<Record<string, 'all' | readonly string[]>>;
}

/**
 * What tfjs-core's own tests find missing or wrong in the wasm backend even after it is prepared. All but the deliberate is
 * upstream's own: on the cpu backend the same tests pass without exception. "Upstream leaves out" is about the list of tests that
 * tfjs itself runs on wasm, tfjs-backend-wasm/src/setup_test.ts.
 */
export const expectedFailures: readonly ExpectedFailures[] = [
  {
    reason:
      'The gradient of average pooling at padded borders: the forward pass divides by the pixels on the image, so its gradient ' +
      'does; that is what native TensorFlow gives too. The test, and the cpu backend, divide by the size of the window.',
    deliberate: true,
    message: /Actual: +0,1.75,1.75,0,4,4,0,9.25,9.25/,
    tests: {avgPool: ['gradient x=[3,3,1] f=[3,3] s=1 p=explicit']},
  },
  {
    reason:
      "complex64, with all Fourier transforms: the backend has no kernels; upstream leaves it out with 'complex'.",
    message: /Kernel 'Complex' not registered/,
    tests: {
      encodeWeights: ['Complex64 tensors', 'Mixed dtype tensors'],
      decodeWeights: ['from arraybuffer Mixed dtype tensors', 'from stream Mixed dtype tensors'],
      abs: ['complex64 rank-1', 'complex64 rank-2', 'complex64 rank-3', 'is underflow-safe for complex64'],
      add: [
        'complex number addition',
        'complex number reshape and then addition',
        'complex number broadcasting addition',
        'upcasts when dtypes dont match',
      ],
      mul: ['complex number multiplication', 'complex number broadcasting multiplication'],
      clone: ['1D complex64 dtype', '2D complex64 dtype', '3D complex64 dtype', '4D complex64 dtype'],
      complex64: ['tf.complex', 'tf.real', 'tf.imag'],
      concat1d: ['concat complex input'],
      concat2d: ['concat complex input axis=0', 'concat complex input axis=1'],
      concat3d: [
        'concat complex input axis=0',
        'concat complex input axis=1',
        'concat complex input axis=1 #2',
      ],
      '1D IFFT': 'all',
      '2D IFFT': [
        '2D: should return the same value as TensorFlow',
        '3D: should return the same value as TensorFlow',
      ],
      onesLike: [
        '1D complex dtype',
        '2D complex dtype',
        '3D complex dtype',
        '4D complex dtype',
        '5D complex dtype',
        '6D complex dtype',
      ],
      stft: 'all',
      '1D FFT': 'all',
      '2D FFT': [
        '2D: should return the same value as TensorFlow',
        '3D: should return the same value as TensorFlow',
      ],
      '1D IRFFT': 'all',
      '2D IRFFT': 'all',
      '3D IRFFT': 'all',
      '1D RFFT': 'all',
      '2D RFFT': 'all',
      sub: [
        'complex number subtraction',
        'complex number broadcasting subtraction',
        'upcasts when dtypes dont match',
      ],
      transpose: ['accepts complex64 input'],
      tensor: [
        'Scalar complex64 dtype',
        'Tensor1D complex64 dtype',
        'Tensor2D complex64 dtype',
        'Tensor3D complex64 dtype',
        'Tensor4D complex64 dtype',
        'cast complex64 -> float32',
        'cast complex64 -> int32',
        'cast complex64 -> bool',
        'squeeze a complex64 tensor',
        'ones with complex type',
      ],
      'tensor arraySync': ['.arraySync() with a complex tensor'],
      'tensor.toString': [
        'scalar complex64 verbose',
        '1d complex64 tensor verbose',
        '2d complex64 tensor verbose',
        '3d complex64 tensor verbose',
        '1d long complex64 tensor verbose',
        '2d long complex64 tensor verbose',
        '2d complex64 with padding to align columns verbose',
        'scalar complex64',
        '1d complex64 tensor',
        '2d complex64 tensor',
        '3d complex64 tensor',
        '1d long complex64 tensor',
        '2d long complex64 tensor',
        '2d complex64 with padding to align columns',
      ],
      'tensor with 0 in shape': ['complex64 with 0 in shape'],
      'util.toNestedArray for a complex tensor': ['tensor to nested array'],
    },
  },
  {
    reason: 'Ragged tensors: the backend has no kernels for them.',
    message: /Kernel 'Ragged(Gather|Range|TensorToTensor)' not registered/,
    tests: {raggedGather: 'all', raggedRange: 'all', raggedTensorToTensor: 'all'},
  },
  {
    reason: 'Regular expressions over strings: the backend has no kernel for them.',
    message: /Kernel 'StaticRegexReplace' not registered/,
    tests: {staticRegexReplace: 'all'},
  },
  {
    reason: "NCHW: XNNPACK knows channels last only; upstream leaves these out with 'NCHW'.",
    message: /does not support dataFormat/,
    tests: {
      'fused conv2d': [
        'basic in NCHW',
        'basic in NCHW with 1-D bias',
        'basic in NCHW with bias and multiple batches',
        'basic in NCHW with scalar PReLU actiavation',
        'basic in NCHW with 1-D PReLU actiavation',
        'basic in NCHW with 3-D PReLU actiavation',
        'basic in NCHW with full 3-D PReLU actiavation',
        'im2row in NCHW',
        'im2row in NCHW with 1-D bias',
        'im2row in NCHW with scalar PReLU actiavation weights',
        'im2row in NCHW with 1-D PReLU actiavation weights',
        'im2row in NCHW with 3-D PReLU actiavation weights',
        'im2row in NCHW with full 3-D PReLU actiavation weights',
        'batch in NCHW',
        'batch in NCHW with 1-D bias',
        'batch in NCHW with scalar PReLU actiavation weights',
        'batch in NCHW with 1-D PReLU actiavation weights',
        'batch in NCHW with 3-D PReLU actiavation weights',
        'batch in NCHW with full 3-D PReLU actiavation weights',
      ],
    },
  },
  {
    reason: "A fused bias may have one dimension only; upstream leaves out 'broadcasted bias' and '2d bias'.",
    message: /only supports rank-1 bias/,
    tests: {
      'fused conv2d': [
        'basic with broadcasted bias and relu',
        'basic in NCHW with scalar bias',
        'im2row with broadcasted bias and relu',
        'im2row in NCHW with scalar bias',
        'batch in NCHW with scalar bias',
        'gradient x=[2,3,3,1] f=[2,2,1,1] s=1 p=0 with bias',
      ],
      'fused depthwiseConv2D': [
        'basic with broadcasted bias and relu',
        'gradient x=[2,3,3,1] f=[2,2,1,1] s=1 p=0 with bias',
      ],
    },
  },
  {
    reason:
      "Products of int32: matrices are multiplied in float32 only; upstream leaves one out with 'upcasts'.",
    message: /BatchMatMul for non non-float32 tensors/,
    tests: {
      confusionMatrix: [
        '3x3 all cases present in both labels and predictions',
        'float32 arguments are accepted',
        '4x4 all cases present in labels, but not predictions',
        '4x4 all cases present in predictions, but not labels',
        'Plain arrays as inputs',
        'Int32Arrays as inputs',
        '5x5 predictions and labels both missing some cases',
      ],
      matmul: ['upcasts when dtypes dont match'],
      dtypes: ['Should use the input tensor dtype'],
    },
  },
  {
    reason:
      "Strings: these kernels know numbers only; upstream leaves those that compare and tile out with 'string'.",
    message: /Unknown dtype string|Aborted\(\)|Arrays differ/,
    tests: {
      equal: ['should support string comparison'],
      fill: ['1D fill string', '2D fill string'],
      greaterEqual: ['should support string comparison'],
      greater: ['should support string comparison'],
      lessEqual: ['should support string comparison'],
      less: ['should support string comparison'],
      notEqual: ['should support string comparison'],
      sparseToDense: ['should work for string'],
      squeeze: ['default', 'specific dimension', 'all ones', 'squeeze only ones'],
      tile: ['1d string tensor', '2d string tensor', '6D string tensor'],
      'tensor.toString': ['1d long string tensor verbose', '2d long string tensor verbose'],
    },
  },
  {
    reason: 'Windows of 1x1 pass over the padding, and part of the output stays unset.',
    message: /Arrays differ: actual\[3\]/,
    tests: {
      pool: [
        'max x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding',
        'avg x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding',
      ],
    },
  },
  {
    reason: 'Slices beyond the end are not refused.',
    message: /Expected function to throw an Error/,
    tests: {slice2d: ['throws when requesting out of bounds slice']},
  },
  {
    reason: "bincount takes a matrix for a batch of rows, and Otsu's threshold calls it with one.",
    message: /could not be broadcast together/,
    tests: {threshold: ['method otsu', 'method otsu, inverted = true']},
  },
];
