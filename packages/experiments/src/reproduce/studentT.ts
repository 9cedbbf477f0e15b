/** Quantiles 0.975 of Student's t, by degrees of freedom from 1. */
const QUANTILES = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];
const NORMAL = 1.959964;

/**
 * The quantile 0.975 of Student's t distribution: by table up to 10 degrees of freedom, beyond by its expansion about the
 * normal distribution's, which is right to four decimals there.
 *
 * @param degrees degrees of freedom, a whole number >= 1.
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
 */
export function studentT(degrees: number): number {
  const listed = QUANTILES[degrees - 1];
  if (listed !== undefined) return listed;
  const z = NORMAL;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}
