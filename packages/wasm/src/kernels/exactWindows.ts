import {
  AvgPool,
  backend_util,
  Conv2D,
  DepthwiseConv2dNative,
  FusedConv2D,
  FusedDepthwiseConv2D,
  type KernelConfig,
  MaxPool,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import {fromChannelsLast, padChannelsLast, toChannelsLast} from './channelsLast.js';
import {missingPadding, type Shape4D} from './convolution.js';

type Conv2DInfo = ReturnType<typeof backend_util.computeConv2DInfo>;
type Conv2DParameters = Parameters<typeof backend_util.computeConv2DInfo>;

/** What the kernels have in common. */
interface WindowAttrs {
  readonly strides: Conv2DParameters[2];
  readonly pad: Conv2DParameters[4];
  readonly dimRoundingMode?: Conv2DParameters[5];
  readonly dilations?: Conv2DParameters[3] | null;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly filterSize?: [number, number] | number;
}

type Describe = (x: TensorInfo, filter: TensorInfo | undefined, attrs: WindowAttrs) => Conv2DInfo;

const convolution =
  (depthwise: boolean): Describe =>
  (x, filter, {strides, dilations, pad, dimRoundingMode}) =>
    backend_util.computeConv2DInfo(
      x.shape as Shape4D,
      filter!.shape as Shape4D,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      depthwise,
    );

const pooling: Describe = (x, _, {filterSize, strides, pad, dimRoundingMode}) =>
  backend_util.computePool2DInfo(
    x.shape as Shape4D,
    filterSize!,
    strides as [number, number],
    1,
    pad,
    dimRoundingMode,
  );

/** How each of these kernels lays its windows. */
const kernels: Readonly<Record<string, Describe>> = {
  [Conv2D]: convolution(false),
  [FusedConv2D]: convolution(false),
  [DepthwiseConv2dNative]: convolution(true),
  [FusedDepthwiseConv2D]: convolution(true),
  [MaxPool]: pooling,
  [AvgPool]: pooling,
};

/** Names of the kernels for {@link withExactWindows}: they leave it to the library below them how many windows there are. */
export const kernelsWithWindows = Object.keys(kernels);

/**
 * A shipped convolution or pooling that makes as many windows as TensorFlow.js has room for in its output.
 *
 * With `dimRoundingMode` 'ceil' or 'round', and with a number as the padding of an oblong window, the shipped kernels
 * make fewer, and leave a part of the output as it was in memory, or more, and write beyond its end. With 'same' and
 * strides larger than the window along one axis only they give zeros. Explicit padding avoids all three, and a cut where
 * there are more. Conv2D also learns NCHW.
 */
export function withExactWindows(shipped: KernelConfig): KernelConfig {
  const {kernelName} = shipped;
  const describe = kernels[kernelName]!;
  const corrected = composed<string, WindowAttrs>(
    kernelName,
    ({inputs, attrs, op}) => {
      const {dataFormat = 'NHWC'} = attrs;
      // The shipped kernel says that it cannot: bias and activation would have to move too.
      if (dataFormat === 'NCHW' && kernelName !== Conv2D) return op(kernelName, inputs, {...attrs});
      const x = toChannelsLast(op, inputs.x!, dataFormat);
      const info = describe(x, inputs.filter, {...attrs, pad: padChannelsLast(attrs.pad, dataFormat)});
      const {padInfo, outHeight, outWidth} = info;
      const below = missingPadding(
        info.inHeight + padInfo.top,
        outHeight,
        info.effectiveFilterHeight,
        info.strideHeight,
      );
      const right = missingPadding(
        info.inWidth + padInfo.left,
        outWidth,
        info.effectiveFilterWidth,
        info.strideWidth,
      );
      const pad = [
        [0, 0],
        [padInfo.top, below],
        [padInfo.left, right],
        [0, 0],
      ];
      let y = op(kernelName, {...inputs, x}, {...attrs, pad, dataFormat: 'NHWC', dimRoundingMode: undefined});
      if (y.shape[1] !== outHeight || y.shape[2] !== outWidth) {
        y = op(
          'Slice',
          {x: y},
          {begin: [0, 0, 0, 0], size: [info.batchSize, outHeight, outWidth, info.outChannels]},
        );
      }
      return fromChannelsLast(op, y, dataFormat);
    },
    shipped,
  );
  return {...shipped, kernelFunc: corrected.kernelFunc};
}
