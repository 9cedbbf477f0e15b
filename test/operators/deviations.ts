import {type ExpectedFailures, expectedFailures} from './expectedFailures.js';
import type {Outcome} from './outcome.js';

/** What an outcome and the list of expected failures do not agree on; each line names a test. */
export interface Deviations {
  /** Tests that fail though no entry says so, or otherwise than their entry says. */
  readonly unexpected: readonly string[];
  /** Entries that no failing test bears out: delete them. */
  readonly stale: readonly string[];
}

/** Compares an outcome with the list of expected failures. */
export function deviations({passed, failed}: Outcome): Deviations {
  const unexplained = new Map(Object.entries(failed).map(([name, message]) => [inSuite(name), message]));
  const stale: string[] = [];
  for (const {message, tests} of expectedFailures) {
    for (const [suite, titles] of Object.entries(tests)) {
      const names =
        titles === 'all'
          ? [...passed.map(inSuite), ...unexplained.keys()].filter((name) => name.startsWith(`${suite}: `))
          : titles.map((title) => `${suite}: ${title}`);
      if (names.length === 0) stale.push(`${suite}: (no test)`);
      for (const name of names) {
        const said = unexplained.get(name);
        if (said === undefined) stale.push(name);
        else if (message.test(said)) unexplained.delete(name);
      }
    }
  }
  return {unexpected: [...unexplained].map(([name, message]) => `${name}\n${message}`), stale};
}

/** Tests that passed, and do not after the preparation; but for those that ask for what is wrong. */
export function broken(before: Outcome, after: Outcome): string[] {
  const deliberate = expectedFailures.filter((group) => group.deliberate === true).flatMap(namesIn);
  return before.passed
    .filter((name) => !after.passed.includes(name) && !deliberate.includes(inSuite(name)))
    .map((name) => `${name}\n${after.failed[name] ?? 'was not run'}`);
}

function namesIn({tests}: ExpectedFailures): string[] {
  return Object.entries(tests).flatMap(([suite, titles]) =>
    titles === 'all' ? [] : titles.map((title) => `${suite}: ${title}`),
  );
}

/** The name without the environment, which stands between suite and title. */
function inSuite(name: string): string {
  return name.replace(/\s+test-wasm \{\} /, ': ');
}
