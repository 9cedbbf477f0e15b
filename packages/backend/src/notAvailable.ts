import type {WhyNot} from './backendChoice.js';

/** Thrown by a candidate that knows why it is not to be had. */
export class NotAvailable extends Error {
  override readonly name = 'NotAvailable';

  constructor(
    readonly code: WhyNot,
    reason: string,
  ) {
    super(reason);
  }
}
