/**
 * JSON as a string that survives tfjs's conversion of optimizer configurations between camelCase and snake_case,
 * which rewrites the *values* of strings too: every capital, underscore and tilde becomes `~` and its code.
 */
export function toCaseProofJson(value: unknown): string {
  return [...JSON.stringify(value)]
    .map((c) => (c === '_' || c === '~' || c !== c.toLowerCase() ? `~${c.codePointAt(0)!.toString(16)};` : c))
    .join('');
}

/** The inverse of {@link toCaseProofJson}. */
export function fromCaseProofJson(text: string): unknown {
  return JSON.parse(
    text.replace(/~([0-9a-f]+);/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16))),
  );
}
