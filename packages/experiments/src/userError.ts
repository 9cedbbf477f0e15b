/** A request that cannot be met, in words for whoever made it. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
