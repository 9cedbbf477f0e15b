/** How a rate goes from one value to another; `share` of the way, from 0 to 1. */
export type Anneal = (from: number, to: number, share: number) => number;

/** Along a straight line. Exact at both ends. */
export const linear: Anneal = (from, to, share) => (share < 1 ? from + (to - from) * share : to);

/** Along half a cosine: flat at both ends, and exact there. */
export const cosine: Anneal = (from, to, share) => {
  if (share === 0) return from;
  return share < 1 ? to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share)) : to;
};
