import {version_core} from '@tensorflow/tfjs-core';
import type {Candidate} from './candidates.js';

/** Why a candidate was not to be had, on one line. */
export function reasonFor(error: unknown, candidate: Candidate): string {
  const message = error instanceof Error ? error.message : String(error);
  // The very package, not one that it needs: that would be a broken installation. Last, as Vite says it.
  const notFound = [
    `Cannot find package '${candidate.package}'`,
    `Cannot find module '${candidate.package}'`,
    `Could not resolve "${candidate.package}"`,
  ];
  if (notFound.some((start) => message.startsWith(start))) return 'not installed';
  return message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}

/** What to do about it: install the packages, in the version that fits. */
export function adviceFor(candidates: readonly Candidate[]): string {
  const packages = candidates.flatMap((candidate) => candidate.package ?? []);
  if (packages.length === 0) return '';
  return ` Try: npm install ${packages.map((name) => `${name}@${version_core}`).join(' ')}`;
}
