/** What an address did wrong: another one may do better. */
export class MirrorError extends Error {
  /** Whether what has been received so far must be thrown away. */
  readonly spoilt: boolean;

  constructor(message: string, {spoilt = false, cause}: {spoilt?: boolean; cause?: unknown} = {}) {
    super(message, {cause});
    this.name = 'MirrorError';
    this.spoilt = spoilt;
  }
}
