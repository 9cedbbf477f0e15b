import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, inWords} from '../finding.js';
import {LossTrack} from '../lossTrack.js';
import {noiseOf} from '../noise.js';
import {ruleOptions} from '../ruleOptions.js';
import {UpdateTrack} from '../updateTrack.js';
import {kOfN, type WindowOptions} from '../window.js';

/** Options of {@link oscillation}. */
export interface OscillationOptions extends WindowOptions {
  /** Smallest swing that is ill, as a share of the level, where a step sees all data; > 0, default 0.05. */
  readonly amplitude?: number;
  /** How many times the noise of a batch, 1/√(its size), a swing must be; > 0, default 6. */
  readonly noise?: number;
}

/** Losses that are looked at together. */
const SPAN = 30;
/** Share of the first loss below which swings are those of a net that is nearly done: with noise of batches, and without. */
const DONE = {noisy: 0.3, exact: 0.05};
/** Largest ‖Δw‖ / ‖w‖ of a layer below which steps cannot make the loss swing. */
const MOVES = 0.01;

/**
 * The loss goes up and down by more than the choice of the batches explains.
 *
 *     σ / level > max(amplitude, noise / √batch size),   σ = median |Δ loss| / 0.954,  over the last 30 losses
 *
 * while the differences change their sign in at least a fifth of the cases and the level is above 30 % of the first
 * loss; in 6 of 10 losses. Where a step sees all data there is no such noise: the limit is `amplitude`, and the
 * level counts down to 5 %. Needs losses of steps. With `updateStats`, counts only while the largest ‖Δw‖ / ‖w‖ of a layer, as the
 * median of the last 5 samples, is above 0.01: smaller steps cannot be the cause.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, oscillation} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [oscillation({amplitude: 0.3})]});
 * ```
 * @see Zhang et al. (2021), AUTOTRAINER, which counts the extrema of the accuracy per epoch; the bound on the noise is practice.
 */
export function oscillation(options: OscillationOptions = {}): DiagnosisRule {
  const id = 'oscillation';
  const {amplitude, noise, ...window} = ruleOptions(id, options, {
    amplitude: 0.05,
    noise: 6,
    k: 6,
    n: 10,
    warmup: 0,
  });
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const track = new LossTrack(run);
      const updates = new UpdateTrack(run);
      const watch = kOfN(window);
      const recent: number[] = [];
      const isExact = run.stepsPerEpoch === 1;
      return (event): readonly Finding[] => {
        updates.observe(event);
        const loss = track.observe(event);
        if (loss === undefined || event.type !== 'step') return [];
        recent.push(loss);
        if (recent.length > SPAN) recent.shift();
        if (recent.length < SPAN) return [];
        const changes = recent.slice(1).map((value, i) => value - recent[i]!);
        const turns = changes.slice(1).filter((change, i) => change * changes[i]! < 0).length / (SPAN - 2);
        const level = Math.abs(recent.reduce((sum, one) => sum + one, 0) / SPAN);
        const value = noiseOf(recent) / level;
        const limit = Math.max(amplitude, isExact ? 0 : noise / Math.sqrt(event.size));
        const matters = level > DONE[isExact ? 'exact' : 'noisy'] * Math.abs(track.start);
        const isMeant = turns >= 0.2 && matters && (updates.typical ?? Infinity) > MOVES;
        const samples = watch({step: event.step, value, excess: isMeant ? value / limit : 0});
        if (samples === undefined) return [];
        return finding({
          severity: 'warning',
          message:
            `The loss swings by about ${inWords(100 * value)} % from step to step around ${inWords(level)}, where the choice of the ` +
            `batches explains ${inWords(100 * limit)} %. The rate, or the momentum, is too large.`,
          quantity: 'typical change of the loss / its level',
          threshold: limit,
          samples,
        });
      };
    },
  });
}
