/** `[====>-----]`, `length` letters long. */
export function drawBar(fraction: number, length: number): string {
  const cells = length - 2;
  const done = Math.floor(fraction * cells);
  const tip = done < cells ? '>' : '';
  return `[${'='.repeat(done)}${tip}${'-'.repeat(cells - done - tip.length)}]`;
}
