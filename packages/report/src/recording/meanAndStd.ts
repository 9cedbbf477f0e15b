/** Mean and standard deviation of the population, in float64. */
export function meanAndStd(entries: Float32Array): {mean: number; std: number} {
  let sum = 0;
  for (const entry of entries) sum += entry;
  const mean = sum / entries.length;
  let squares = 0;
  for (const entry of entries) squares += (entry - mean) ** 2;
  return {mean, std: Math.sqrt(squares / entries.length)};
}
