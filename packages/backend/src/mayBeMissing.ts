/** Passes the error on. Bundlers do not fail on a missing package where a handler stands at its `import()`. */
export function mayBeMissing(error: unknown): never {
  throw error;
}
