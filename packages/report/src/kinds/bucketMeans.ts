/** The geometric mean of what falls into each bucket. Values that have no logarithm count for nothing. */
export function bucketMeans(
  values: ReadonlyMap<number, number>,
  bucketOf: ReadonlyMap<number, number>,
): [bucket: number, mean: number][] {
  const sums = new Map<number, {sum: number; count: number}>();
  for (const [key, value] of values) {
    const bucket = bucketOf.get(key);
    if (bucket === undefined || !(value > 0 && value < Infinity)) continue;
    const {sum, count} = sums.get(bucket) ?? {sum: 0, count: 0};
    sums.set(bucket, {sum: sum + Math.log(value), count: count + 1});
  }
  return [...sums].map(([bucket, {sum, count}]) => [bucket, Math.exp(sum / count)]);
}
