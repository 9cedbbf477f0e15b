import * as tf from '@tensorflow/tfjs-core';
import type {GradientTransform, TransformTraits} from './gradientTransform.js';
import {requireTransforms} from './requireTransform.js';

/** An order of transforms that is nearly always a mistake. */
export interface ChainWarning {
  /** Names of the transforms that do not go together, in the order of the chain. */
  readonly transforms: readonly string[];
  /** What goes wrong, and what to do. */
  readonly reason: string;
}

/** A transform of the chain, and the parts of combinators that it is in, from the outermost in. */
interface Link {
  readonly transform: GradientTransform;
  readonly traits: TransformTraits;
  readonly within: readonly object[];
}

interface Rule {
  /** Whether the second, which comes after the first and before the rest, makes it or itself useless. */
  readonly clashes: (first: TransformTraits, second: TransformTraits, rest: readonly Link[]) => boolean;
  /** Holds only where both work on the same gradients: what one alone works on is reason enough for it. */
  readonly alike?: true;
  readonly reason: string;
}

const SCOPES = ['entry', 'unit', 'parameter', 'layer', 'global'] as const;

const clips = ({kind, scope}: TransformTraits): boolean => kind === 'clip' && scope !== 'entry';
const normalizes = ({kind, scope}: TransformTraits): boolean => kind === 'normalize' && scope !== 'entry';
const isWithin = (inner: TransformTraits, outer: TransformTraits): boolean =>
  SCOPES.indexOf(inner.scope ?? 'entry') <= SCOPES.indexOf(outer.scope ?? 'global');

const PAIRS: readonly Rule[] = [
  {
    clashes: (first, second) => first.kind === 'noise' && (second.kind === 'clip' || normalizes(second)),
    reason:
      'the noise is cut or scaled with the gradient, so its variance is not what you have set. Add noise last.',
  },
  {
    clashes: (first, second) =>
      first.kind === 'normalize' && second.kind === 'clip' && isWithin(first, second),
    alike: true,
    reason:
      'the size is fixed already, so clipping acts always or never. Clip alone, or leave it out and set the learning rate.',
  },
  {
    clashes: (first, second) => clips(first) && second.kind === 'normalize' && isWithin(second, first),
    alike: true,
    reason: 'normalizing forgets the size, so clipping before it has no effect. Leave one of them out.',
  },
  {
    // One that skips the whole step finds the entry all the same.
    clashes: (first, second) =>
      second.kind === 'guard' && second.scope !== 'global' && (clips(first) || normalizes(first)),
    reason: 'an entry that is not finite has spread by then. Put the guard first.',
  },
  {
    // With noise behind, the clipping of every batch by itself may well be meant.
    clashes: (first, second, rest) =>
      second.kind === 'accumulate' &&
      (clips(first) || normalizes(first)) &&
      !rest.some(({traits}) => traits.kind === 'noise'),
    reason: 'the gradient of every batch is scaled by itself, not their mean. Accumulate first.',
  },
  {
    clashes: (first, second) => second.kind === 'accumulate' && first.kind === 'noise',
    reason: 'the same noise is added to every batch of an update. Accumulate first.',
  },
];

/**
 * Finds orders of transforms that are nearly always mistakes: noise before clipping or normalizing, clipping after
 * normalizing or before it, two clips of the global norm, a guard against non-finite entries behind what spreads them,
 * accumulation behind clipping or noise, the same noise twice, adaptive clipping of the output layer.
 *
 * Goes by the transforms' `traits` and looks into combinators. The parts of all but `chain` and `scheduled` count as
 * confined, to parameters or to steps: parts of two combinators do not meet, and a limit beside a confined one is no
 * second one. What changes gradients and what changes updates do not meet either.
 *
 * `transformGradients` and `createTrainer` print what it finds; `tf.env().set('GRADWIRE_LINT', false)` before them, or
 * `tf.enableProdMode()`, switches that off.
 *
 * @param transforms first to last.
 * @returns what to think over; empty where nothing is wrong.
 * @throws TypeError if one is no transform.
 * @example
 * ```ts
 * import {lintChain} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * for (const {transforms, reason} of lintChain([gradientNoise({eta: 0.3}), clipByGlobalNorm({maxNorm: 1})])) {
 *   console.log(`${transforms.join(', ')}: ${reason}`);
 * } // gradientNoise, clipByGlobalNorm: the noise is cut or scaled with the gradient, so its variance is …
 * ```
 * @see Neelakantan et al. (2015), arXiv:1511.06807, for noise after clipping; Brock et al. (2021), arXiv:2102.06171, for
 * the output layer.
 */
export function lintChain(transforms: readonly GradientTransform[]): readonly ChainWarning[] {
  requireTransforms('lintChain', transforms);
  return (['gradients', 'updates'] as const).flatMap((kind) =>
    lintLinks(
      transforms.filter(({on = 'gradients'}) => on === kind).flatMap((transform) => linksOf(transform)),
    ),
  );
}

tf.env().registerFlag('GRADWIRE_LINT', () => !tf.env().getBool('PROD'));

/** Prints what {@link lintChain} finds. */
export function printLint(transforms: readonly GradientTransform[]): void {
  if (!tf.env().getBool('GRADWIRE_LINT')) return;
  const lines = lintChain(transforms).map(
    ({transforms: names, reason}) => `${names.join(' before ')}: ${reason}`,
  );
  if (lines.length === 0) return;
  const text = [...new Set(lines)].join('\n  ');
  // oxlint-disable-next-line no-console
  console.warn(`lintChain:\n  ${text}\nHide with tf.env().set('GRADWIRE_LINT', false).`);
}

/** Combinators whose parts all work, one after the other, on what the combinator is given. */
const SEQUENCES: ReadonlySet<string> = new Set(['chain', 'scheduled']);

function linksOf(transform: GradientTransform, within: readonly object[] = []): Link[] {
  const {parts, traits, name} = transform;
  if (parts === undefined) return traits === undefined ? [] : [{transform, traits, within}];
  // A mark of its own for each part: one transform may well be in two places.
  return parts.flatMap((part) => linksOf(part, SEQUENCES.has(name) ? within : [...within, {}]));
}

function lintLinks(links: readonly Link[]): ChainWarning[] {
  return links.flatMap((second, i) => [
    ...lintAlone(second),
    ...links.slice(0, i).flatMap((first) => lintPair(first, second, links.slice(i + 1))),
  ]);
}

function lintAlone({transform, traits, within}: Link): ChainWarning[] {
  if (traits.kind !== 'clip' || traits.scope !== 'unit' || within.length > 0) return [];
  const reason =
    "it clips the output layer, too, which its authors leave out. Select the others, e.g. masked('!(logits)/**', …) where the output layer is named logits.";
  return [{transforms: [transform.name], reason}];
}

function lintPair(first: Link, second: Link, rest: readonly Link[]): ChainWarning[] {
  if (!meet(first, second)) return [];
  const areAlike = first.within.length === second.within.length;
  const reasons = PAIRS.filter(
    ({clashes, alike = false}) => (areAlike || !alike) && clashes(first.traits, second.traits, rest),
  ).map(({reason}) => reason);
  if (areAlike && limitTheSame(first, second)) reasons.push('the tighter limit hides the other. Keep one.');
  if (drawTheSame(first, second)) reasons.push('both draw the same numbers. Give each a seed of its own.');
  const transforms = [first.transform.name, second.transform.name];
  return reasons.map((reason) => ({transforms, reason}));
}

/** Whether there may be gradients that both work on. */
function meet({within: a}: Link, {within: b}: Link): boolean {
  const depth = Math.min(a.length, b.length);
  return a.slice(0, depth).every((part, i) => part === b[i]);
}

/** The global norm, however they choose its limit; or whatever else, if they are of one name. */
function limitTheSame(a: Link, b: Link): boolean {
  if (a.traits.kind !== 'clip' || b.traits.kind !== 'clip') return false;
  return (
    a.transform.name === b.transform.name || (a.traits.scope === 'global' && b.traits.scope === 'global')
  );
}

/** Those of two names mix the names into their numbers. */
function drawTheSame(a: Link, b: Link): boolean {
  if (a.transform.name !== b.transform.name) return false;
  return a.traits.kind === 'noise' && a.transform.config?.['seed'] === b.transform.config?.['seed'];
}
