import {RandomStream} from './randomStream.js';

/**
 * The columns of a random matrix (rows, columns) with orthonormal columns, rows >= columns; uniform over all of them (Haar).
 *
 * As a Gaussian matrix's Q of the QR decomposition by Householder's reflections, times the signs of R's diagonal. But what
 * is left of a Gaussian matrix after a reflection is a Gaussian matrix again: it need not be reflected, only drawn (Stewart 1980),
 * which saves half of the work.
 */
export function orthogonalColumns(rows: number, columns: number, seed: number): Float64Array[] {
  const random = new RandomStream(seed);
  // In groups of four, so that a reflection is read once for these.
  const groups = Math.ceil(columns / 4);
  const q = Array.from({length: 4 * groups}, (_, i) => {
    const column = new Float64Array(rows);
    if (i < columns) column[i] = 1;
    return column;
  });
  const normal = new Float64Array(rows);
  const signs = new Float64Array(columns);
  for (let j = columns - 1; j >= 0; j--) {
    let square = 0;
    for (let i = j; i < rows; i++) {
      const value = random.normal();
      normal[i] = value;
      square += value * value;
    }
    const first = normal[j]!;
    const norm = Math.sqrt(square);
    signs[j] = first < 0 ? 1 : -1;
    normal[j] = first - signs[j]! * norm;
    const factor = 1 / (square + norm * Math.abs(first));
    // Columns before j are zero from row j on: nothing to reflect.
    for (let c = j - (j % 4); c < q.length; c += 4) {
      reflectFour(q[c]!, q[c + 1]!, q[c + 2]!, q[c + 3]!, normal, factor, j);
    }
  }
  const made = q.slice(0, columns);
  made.forEach((column, j) => {
    for (let i = 0; i < rows; i++) column[i]! *= signs[j]!;
  });
  return made;
}

/** x ← x − factor · normal · (normal · x) from row `from` on, for four columns x: four sums do not wait for one another. */
function reflectFour(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
  normal: Float64Array,
  factor: number,
  from: number,
): void {
  let [alongA, alongB, alongC, alongD] = [0, 0, 0, 0];
  for (let i = from; i < normal.length; i++) {
    const n = normal[i]!;
    alongA += n * a[i]!;
    alongB += n * b[i]!;
    alongC += n * c[i]!;
    alongD += n * d[i]!;
  }
  alongA *= factor;
  alongB *= factor;
  alongC *= factor;
  alongD *= factor;
  for (let i = from; i < normal.length; i++) {
    const n = normal[i]!;
    a[i]! -= alongA * n;
    b[i]! -= alongB * n;
    c[i]! -= alongC * n;
    d[i]! -= alongD * n;
  }
}
