import type {DiagnosisRule, Finding} from './diagnosisRule.js';
import {finding, inWords, latest, layerOfKey, listed, onCapture} from './finding.js';
import {LossTrack} from './lossTrack.js';
import {eachKOfN, type Fired, type SubjectSample} from './window.js';

/** Layers fall ill one after another: after an alert, those that follow are collected for as many windows. */
const QUIET = 4;

/** Samples in which a unit must have been idle: in fewer, rare inputs may just not have come. */
const SAMPLES = 128;

/** Which units are idle, and how to say so. */
interface Idleness {
  /** Of `unitActivity`. */
  readonly quantity: 'active' | 'saturated';
  isIdle(share: number): boolean;
  readonly describe: string;
  /** Not judged where less than this is left of the loss; default 0: always judged. */
  readonly untilRemaining?: number;
}

/**
 * A rule about units that pass no gradient in any of the last captures: what dead and saturated ones have in common. These are n captures,
 * or as many more as it takes for their batches to hold 128 samples.
 */
export function idleUnits(
  id: string,
  {share, n, warmup}: {readonly share: number; readonly n: number; readonly warmup: number},
  {quantity, isIdle, describe, untilRemaining = 0}: Idleness,
): DiagnosisRule {
  if (share > 1) throw new RangeError(`${id}: share must be <= 1, got ${share}.`);
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const loss = new LossTrack(run);
      // For how many captures in a row each unit has been idle.
      const streaks = new Map<string, Uint32Array>();
      // The streaks are the window: one sample of them is all the captures needed.
      const watch = eachKOfN<string>({k: 1, n: 1, warmup: 0}, (key) => key);
      const needed = capturesNeeded(n);
      let size = 0;
      let seen = 0;
      let quietUntil = 0;
      let unreported: Fired<string>[] = [];
      const judge = onCapture('unitActivity', ({step, arrays}): readonly Finding[] => {
        if (seen++ < warmup) return [];
        const captures = needed(size);
        const samples: SubjectSample<string>[] = [];
        for (const [key, {[quantity]: shares}] of Object.entries(arrays)) {
          if (shares === undefined || shares.length === 0) continue;
          let streak = streaks.get(key);
          if (streak?.length !== shares.length) {
            streak = new Uint32Array(shares.length);
            streaks.set(key, streak);
          }
          let idle = 0;
          for (let unit = 0; unit < streak.length; unit++) {
            const length = isIdle(shares[unit]!) ? streak[unit]! + 1 : 0;
            streak[unit] = length;
            if (length >= captures) idle++;
          }
          const value = idle / streak.length;
          if (loss.remaining >= untilRemaining)
            samples.push({subject: key, step, value, excess: value / share});
        }
        unreported.push(...watch(samples));
        const [worst] = unreported;
        if (worst === undefined || seen < quietUntil) return [];
        quietUntil = seen + QUIET * captures;
        const names = unreported.map(({subject}) => layerOfKey(subject));
        unreported = [];
        return finding({
          severity: 'warning',
          message: `${inWords(100 * latest(worst.samples))} % of the units of ${listed(names)} ${describe}.`,
          layers: names,
          quantity: `share of units that are ${quantity === 'active' ? 'dead' : 'saturated'} in ${captures} captures in a row`,
          threshold: share,
          samples: worst.samples,
        });
      });
      return (event) => {
        loss.observe(event);
        if (event.type === 'step') ({size} = event);
        return judge(event);
      };
    },
  });
}

/** A function from the size of each batch captured to the number of last captures, at least n, whose batches hold 128 samples together. */
function capturesNeeded(n: number): (size: number) => number {
  const sizes: number[] = [];
  return (size) => {
    sizes.push(size);
    if (sizes.length > SAMPLES) sizes.shift();
    let [captures, samples] = [0, 0];
    while (samples < SAMPLES && captures < sizes.length) samples += sizes.at(-++captures)!;
    return samples < SAMPLES ? Infinity : Math.max(n, captures);
  };
}
