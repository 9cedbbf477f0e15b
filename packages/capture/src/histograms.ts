import {
  type Capture,
  type CaptureContext,
  describeValue,
  type LayerSelector,
  type Measurements,
  type NamedTensors,
  requireInteger,
  requireOptions,
  requireSchedule,
  type Selector,
  type StepSchedule,
} from '@gradwire/core';
import {asFloats} from './asFloats.js';
import {isResolved} from './bins.js';
import {gradientStage} from './gradientStage.js';
import {histogramOf, type HistogramRange} from './histogramOf.js';
import {selectLayers} from './selectLayers.js';
import {selectParameters} from './selectParameters.js';
import {weightUpdates} from './weightUpdates.js';

/** Options of {@link histograms}. */
export interface HistogramsOptions {
  /**
   * What: per parameter its gradient, its weights after the update, or what the update has added to them; per layer what it returns
   * (`activations`), or the gradient of the loss by that (`backward`).
   */
  readonly of: 'gradients' | 'weights' | 'updates' | 'activations' | 'backward';
  /** The steps to measure at, e.g. `everyEpoch()`. */
  readonly when: StepSchedule;
  /** Number of bins; a whole number >= 1, default 30. */
  readonly bins?: number;
  /**
   * How far they reach: `'auto'`, from the smallest to the largest entry of each tensor; `[lowest, highest]`; or `'symlog'`, for many
   * decades of both signs. Default `'auto'`.
   */
  readonly range?: HistogramRange;
  /** Which parameters, for gradients, weights and updates; default all. */
  readonly parameters?: Selector;
  /** Which layers, for activations and backward; default all. */
  readonly layers?: LayerSelector;
  /** For gradients, where in the chain: `'raw'`, `'final'` or the name of a transform, as in `gradientStats`; default `'raw'`. */
  readonly stage?: string;
}

/**
 * Histograms of gradients, weights, updates, activations or the signal that flows back, one per parameter or layer.
 *
 * The `capture` event has `arrays[subject].counts` of shape [bins] and `arrays[subject].edges` of shape [bins + 1]: bin i has the
 * entries x with edgesᵢ <= x < edgesᵢ₊₁, the last one those at its end too, as `numpy.histogram` has them. Entries that are NaN or
 * infinite are counted in `values[subject].nonFinite`, and nowhere else; with `range: [lowest, highest]` those outside in `under`
 * and `over`. The range `'symlog'` has bins of equal width of
 *
 *     sign(x) · log₁₀(1 + |x| / c),  c = 1e-6 · max|x|
 *
 * which reach from −max|x| to max|x|. The capture is named `histograms/${of}`, of gradients at another stage than `raw`
 * `histograms/gradients/${stage}`. Counting takes some fifty passes over every tensor: mind the schedule.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type or does not go with `of`.
 * @throws RangeError if `bins` is no whole number >= 1, or `range` is too narrow for them.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {histograms} from '@gradwire/capture';
 * import {everyEpoch} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 3, inputShape: [1], kernelInitializer: 'ones', name: 'three'})],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0),
 *   captures: [histograms({of: 'weights', when: everyEpoch(), bins: 2, range: [0, 2]})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({arrays}) => {
 *   console.log([...(arrays['three/kernel']?.counts ?? [])]); // [0, 3]
 * });
 * await trainer.fit({x: tf.ones([1, 1]), y: tf.ones([1, 3])});
 * ```
 * @see `numpy.histogram`.
 */
export function histograms(options: HistogramsOptions): Capture {
  const known = {
    of: "'gradients'",
    when: 'everyEpoch()',
    bins: 30,
    range: "'auto'",
    parameters: "'**/kernel'",
    layers: "'dense_*'",
    stage: "'raw'",
  };
  const {when, bins = 30, range = 'auto', ...what} = requireOptions('histograms', options, known);
  requireInteger('histograms', {bins}, 1);
  requireRange(range, bins);
  const {suffix, tensors, ...needs} = sourceOf(what);
  return Object.freeze<Capture>({
    name: `histograms/${suffix}`,
    when: requireSchedule('histograms', 'when', when),
    ...needs,
    measure: (ctx): Measurements =>
      Object.fromEntries(
        Object.entries(asFloats(tensors(ctx))).map(([name, tensor]) => [
          name,
          histogramOf(tensor, bins, range),
        ]),
      ),
  });
}

/** Where the tensors come from, and what a capture must say to get them. */
interface Source extends Pick<Capture, 'activations' | 'activationGradients' | 'check'> {
  readonly suffix: string;
  tensors(ctx: CaptureContext): NamedTensors;
}

const WHERE = 'histograms';

function sourceOf(options: Pick<HistogramsOptions, 'of' | 'parameters' | 'layers' | 'stage'>): Source {
  const {of, parameters, layers, stage} = options;
  switch (of) {
    case 'gradients': {
      refuse(of, {layers});
      const selected = selectParameters(WHERE, parameters);
      const gradients = gradientStage(WHERE, stage ?? 'raw');
      return {
        suffix: of + gradients.suffix,
        check(subjects) {
          selected.check(subjects);
          gradients.check(subjects);
        },
        tensors: (ctx) => selected.pick(gradients.of(ctx)),
      };
    }
    case 'weights':
    case 'updates': {
      refuse(of, {layers, stage});
      const {pick, check} = selectParameters(WHERE, parameters);
      const tensors: Source['tensors'] =
        of === 'weights' ? ({weightsAfter}) => pick(weightsAfter) : (ctx) => weightUpdates(ctx, pick);
      return {suffix: of, check, tensors};
    }
    case 'activations':
    case 'backward': {
      refuse(of, {parameters, stage});
      const selected = selectLayers(WHERE, layers);
      const key = of === 'activations' ? 'activations' : 'activationGradients';
      return {
        suffix: of,
        [key]: selected.layers,
        check: selected.check,
        tensors: (ctx) => selected.pick(ctx[key], ctx.layers),
      };
    }
    default:
      throw new TypeError(
        `histograms: of must be 'gradients', 'weights', 'updates', 'activations' or 'backward', got ${describeValue(of)}.`,
      );
  }
}

function refuse(of: string, options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).find((option) => options[option] !== undefined);
  if (given !== undefined) throw new TypeError(`histograms: there is no option '${given}' with of: '${of}'.`);
}

function requireRange(range: unknown, bins: number): void {
  if (range === 'auto' || range === 'symlog') return;
  const isPair = Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === 'number');
  if (!isPair) {
    throw new TypeError(
      `histograms: range must be 'auto', 'symlog' or [lowest, highest], got ${describeValue(range)}.`,
    );
  }
  const [lowest, highest] = (range as [number, number]).map(Math.fround) as [number, number];
  if (lowest < highest && isResolved(lowest, highest, bins) && [lowest, highest].every(Number.isFinite))
    return;
  throw new RangeError(
    `histograms: range must go from a number to a larger one, finite and wide enough for ${bins} bins of float32, got [${String(range)}].`,
  );
}
