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

/** A transform of the chain, and the parts of the parameters that it is confined to, from the outermost in. */
interface Link {
  readonly transform: GradientTransform;
  readonly traits: TransformTraits;
  readonly within: readonly GradientTransform[];
}

interface Rule {
  /** Whether the second, which comes after the first, makes it or itself useless. */
  readonly clashes: (first: TransformTraits, second: TransformTraits) => boolean;
  readonly reason: string;
}

const clipsNorm = ({kind, scope}: TransformTraits): boolean => kind === 'clip' && scope !== 'entry';

const PAIRS: readonly Rule[] = [
  {
    clashes: (first, second) => first.kind === 'noise' && (clipsNorm(second) || second.kind === 'normalize'),
    reason:
      'the noise is scaled with the gradient, so its variance is not what you have set. Add noise last.',
  },
  {
    clashes: (first, second) => first.kind === 'normalize' && second.kind === 'clip',
    reason:
      'the size is fixed already, so clipping acts always or never. Clip alone, or leave it out and set the learning rate.',
  },
  {
    clashes: (first, second) => clipsNorm(first) && second.kind === 'normalize',
    reason: 'normalizing forgets the size, so clipping before it has no effect. Leave one of them out.',
  },
  {
    clashes: (first, second) =>
      first.kind === 'clip' &&
      second.kind === 'clip' &&
      first.scope === 'global' &&
      second.scope === 'global',
    reason: 'both limit the global norm, and the tighter limit hides the other. Keep one.',
  },
  {
    clashes: (first, second) =>
      second.kind === 'guard' &&
      (clipsNorm(first) || first.kind === 'normalize' || first.kind === 'accumulate'),
    reason: 'an entry that is not finite has spread by then. Put the guard first.',
  },
  {
    clashes: (first, second) =>
      second.kind === 'accumulate' && (clipsNorm(first) || first.kind === 'normalize'),
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
 * accumulation behind clipping or noise, two noises of one seed, adaptive clipping of the output layer.
 *
 * Goes by the transforms' `traits`, looks into combinators, and leaves apart what is confined to different
 * parameters. `transformGradients` and `createTrainer` print what it finds; `tf.env().set('GRADWIRE_LINT', false)` before
 * them, or `tf.enableProdMode()`, switches that off.
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
 * } // gradientNoise, clipByGlobalNorm: the noise is scaled with the gradient, so its variance is not what …
 * ```
 * @see Neelakantan et al. (2015), arXiv:1511.06807, for noise after clipping; Brock et al. (2021), arXiv:2102.06171, for
 * the output layer.
 */
export function lintChain(transforms: readonly GradientTransform[]): readonly ChainWarning[] {
  requireTransforms('lintChain', transforms);
  const links = transforms.flatMap((transform) => linksOf(transform));
  const warnings: ChainWarning[] = [];
  for (const [i, second] of links.entries()) {
    const {traits, within, transform} = second;
    if (traits.kind === 'clip' && traits.scope === 'unit' && within.length === 0) {
      warnings.push({
        transforms: [transform.name],
        reason:
          "it clips the output layer, too, which its authors leave out. Select the others: masked('!(output)/**', …).",
      });
    }
    for (const first of links.slice(0, i).filter((link) => meet(link, second))) {
      const names = [first.transform.name, transform.name];
      for (const {clashes, reason} of PAIRS) {
        if (clashes(first.traits, traits)) warnings.push({transforms: names, reason});
      }
      if (drawTheSame(first, second)) {
        warnings.push({
          transforms: names,
          reason: 'both draw the same numbers. Give each a seed of its own.',
        });
      }
    }
  }
  return warnings;
}

tf.env().registerFlag('GRADWIRE_LINT', () => !tf.env().getBool('PROD'));

/** Prints what {@link lintChain} finds. */
export function printLint(transforms: readonly GradientTransform[]): void {
  if (!tf.env().getBool('GRADWIRE_LINT')) return;
  for (const {transforms: names, reason} of lintChain(transforms)) {
    console.warn(
      `lintChain: ${names.join(' before ')}: ${reason} (Hide: tf.env().set('GRADWIRE_LINT', false).)`,
    );
  }
}

function linksOf(transform: GradientTransform, within: readonly GradientTransform[] = []): Link[] {
  const {parts, traits, name} = transform;
  if (parts === undefined) return traits === undefined ? [] : [{transform, traits, within}];
  const confines = name === 'masked' || name === 'partition';
  return parts.flatMap((part) => linksOf(part, confines ? [...within, part] : within));
}

/** Whether there may be parameters that both work on. */
function meet(a: Link, b: Link): boolean {
  const [short, long] = a.within.length < b.within.length ? [a.within, b.within] : [b.within, a.within];
  return short.every((part, i) => part === long[i]);
}

function drawTheSame(a: Link, b: Link): boolean {
  const noises = a.traits.kind === 'noise' && b.traits.kind === 'noise';
  return noises && a.transform.config?.['seed'] === b.transform.config?.['seed'];
}
