/** How windows lie along one axis of an image or a volume. */
export interface Axis {
  /** Pixels of the image. */
  readonly size: number;
  /** Windows. */
  readonly outputs: number;
  /** Taps of a window. */
  readonly window: number;
  readonly stride: number;
  /** Pixels before the image. */
  readonly pad: number;
  readonly dilation: number;
}

/** An image is a volume with this depth. */
export const FLAT: Axis = {size: 1, outputs: 1, window: 1, stride: 1, pad: 0, dilation: 1};

/** What tfjs knows of windows on an image. */
interface WindowInfo {
  readonly inHeight: number;
  readonly inWidth: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padInfo: {readonly top: number; readonly left: number};
}

/** Rows and columns of windows on an image. */
export function imageAxes(info: WindowInfo, rows: number, columns: number): [Axis, Axis] {
  return [
    {
      size: info.inHeight,
      outputs: rows,
      window: info.filterHeight,
      stride: info.strideHeight,
      pad: info.padInfo.top,
      dilation: info.dilationHeight,
    },
    {
      size: info.inWidth,
      outputs: columns,
      window: info.filterWidth,
      stride: info.strideWidth,
      pad: info.padInfo.left,
      dilation: info.dilationWidth,
    },
  ];
}

/** What of a window lies on the image: `count` pixels, counted through the whole batch, and the taps that lie on them. */
export interface View {
  readonly pixels: Int32Array;
  readonly taps: Int32Array;
  count: number;
}

/** Visits the windows in the order of their outputs, with the view through each, which is the same object every time. */
export function forEachWindow(
  batch: number,
  [depth, height, width]: readonly [Axis, Axis, Axis],
  visit: (view: View, output: number) => void,
): void {
  const [layers, rows, columns] = [depth, height, width].map(tapsOnImage) as [Taps[], Taps[], Taps[]];
  const volume = depth.window * height.window * width.window;
  const view: View = {pixels: new Int32Array(volume), taps: new Int32Array(volume), count: 0};
  let output = 0;
  for (let n = 0; n < batch; n++) {
    for (const layer of layers) {
      for (const row of rows) {
        for (const column of columns) {
          look(view, n * depth.size, layer, row, column);
          visit(view, output++);
        }
      }
    }
  }

  function look({pixels, taps}: View, firstLayer: number, layer: Taps, row: Taps, column: Taps): void {
    let count = 0;
    for (let d = layer.first; d < layer.end; d++) {
      const line = (firstLayer + layer.start + d * depth.dilation) * height.size + row.start;
      const tapLine = d * height.window;
      for (let r = row.first; r < row.end; r++) {
        const pixel = (line + r * height.dilation) * width.size + column.start;
        const tap = (tapLine + r) * width.window;
        for (let c = column.first; c < column.end; c++) {
          pixels[count] = pixel + c * width.dilation;
          taps[count++] = tap + c;
        }
      }
    }
    view.count = count;
  }
}

/** The taps `first` to `end` of a window that starts at `start` lie on the image. */
interface Taps {
  readonly start: number;
  readonly first: number;
  readonly end: number;
}

function tapsOnImage({size, outputs, window, stride, pad, dilation}: Axis): Taps[] {
  return Array.from({length: outputs}, (_, output) => {
    const start = output * stride - pad;
    const first = Math.max(0, Math.ceil(-start / dilation));
    const end = Math.min(window, Math.ceil((size - start) / dilation));
    return {start, first, end};
  });
}
