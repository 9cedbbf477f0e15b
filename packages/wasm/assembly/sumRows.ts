/** y[j] = sum over the rows of x (rows, columns). Rows are added one after the other, as TensorFlow.js does. */
export function sumRows(x: usize, y: usize, rows: i32, columns: i32): void {
  const width = (<usize>columns) << 2;
  const wide = width & ~15;
  memory.fill(y, 0, width);
  for (let i = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j < wide; j += 16) v128.store(y + j, f32x4.add(v128.load(y + j), v128.load(x + j)));
    for (; j < width; j += 4) store<f32>(y + j, load<f32>(y + j) + load<f32>(x + j));
    x += width;
  }
}
