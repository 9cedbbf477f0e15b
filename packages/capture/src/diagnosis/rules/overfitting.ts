import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, inWords} from '../finding.js';
import {median} from '../median.js';
import {ruleOptions} from '../ruleOptions.js';
import {kOfN, type WindowOptions} from '../window.js';

/** Options of {@link overfitting}. */
export interface OverfittingOptions extends WindowOptions {
  /** By how much the validation loss may rise above its best, as a share of it; > 0, default 0.15. */
  readonly rise?: number;
  /** By how much it may exceed the training loss, as a share of that; > 0, default 0.1. */
  readonly gap?: number;
}

/** Share of the first validation loss below which a rise is of no importance. */
const MATTERS = 0.02;

/** Epochs that a validation loss is the median of: small validation sets have lucky epochs. */
const SPAN = 3;

/**
 * The validation loss rises while the training loss falls.
 *
 *     v > (1 + rise) · best v,   v > (1 + gap) · l,   l < l at the best v
 *
 * with v and l the medians of val_loss and of loss over the last 3 epochs; in 3 of 5 epochs. Rises of less than 2 % of the first val_loss do not count. Needs validation data.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, overfitting} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [overfitting({rise: 0.05, k: 5, n: 8})]});
 * ```
 * @see SageMaker Debugger, Overfit, whose `ratio_threshold` for the gap is 0.1; Prechelt (1998), "Early Stopping – But When?", for the
 *   rise above the best ("generalization loss").
 */
export function overfitting(options: OverfittingOptions = {}): DiagnosisRule {
  const id = 'overfitting';
  const {rise, gap, ...window} = ruleOptions(id, options, {rise: 0.15, gap: 0.1, k: 3, n: 5, warmup: 1});
  return Object.freeze<DiagnosisRule>({
    id,
    begin() {
      const watch = kOfN(window);
      const recent: {trained: number; validated: number}[] = [];
      let first = Number.NaN;
      let best = {validation: Infinity, loss: Infinity, epoch: 0};
      return (event): readonly Finding[] => {
        if (event.type !== 'epochEnd') return [];
        const {loss: trained = Number.NaN, val_loss: validated = Number.NaN} = event.logs;
        if (!Number.isFinite(trained + validated)) return [];
        if (Number.isNaN(first)) first = validated;
        recent.push({trained, validated});
        if (recent.length > SPAN) recent.shift();
        if (recent.length < SPAN) return [];
        const loss = median(recent.map((one) => one.trained));
        const validation = median(recent.map((one) => one.validated));
        if (validation < best.validation) best = {validation, loss, epoch: event.epoch};
        const value = (validation - best.validation) / best.validation;
        const isMeant =
          validation - best.validation > MATTERS * first && validation > (1 + gap) * loss && loss < best.loss;
        const samples = watch({step: event.step, value, excess: isMeant ? value / rise : 0});
        if (samples === undefined) return [];
        return finding({
          severity: 'warning',
          message:
            `The net learns its samples by heart: val_loss was ${inWords(best.validation)} up to epoch ${best.epoch} and is ` +
            `${inWords(validation)} now, while loss has gone from ${inWords(best.loss)} to ${inWords(loss)}.`,
          quantity: 'rise of val_loss above its best, medians of 3 epochs, relative',
          threshold: rise,
          samples,
        });
      };
    },
  });
}
