/**
 * Stable identities for parameter names.
 *
 * tfjs counts on: a model that is built again, or loaded beside its original, gets `dense_Dense3/kernel` or
 * `dense_Dense1/kernel_1` where it had `dense_Dense1/kernel`. The identity leaves the numbers out and counts equal
 * remainders in natural order, so `dense_Dense9/kernel`, `dense_Dense10/kernel` become `dense_Dense/kernel`,
 * `dense_Dense/kernel#1` in every one of these models, whatever order the names come in.
 */
export function parameterIdentities(names: readonly string[]): Map<string, string> {
  const seen = new Map<string, number>();
  const identities = new Map<string, string>();
  const order = new Map(names.map((name) => [padNumbers(name), name]));
  for (const padded of [...order.keys()].sort()) {
    const name = order.get(padded)!;
    const stem = name.replace(/_?\d+/g, '');
    const count = seen.get(stem) ?? 0;
    seen.set(stem, count + 1);
    identities.set(name, count === 0 ? stem : `${stem}#${count}`);
  }
  return identities;
}

/** One 32-bit number per name: the FNV-1a hash of its identity. */
export function parameterKeys(names: readonly string[]): Record<string, number> {
  const keys: Record<string, number> = {};
  for (const [name, identity] of parameterIdentities(names)) keys[name] = fnv1a(identity);
  return keys;
}

/** Makes the order of code units the natural one: 9 before 10. */
function padNumbers(name: string): string {
  return name.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
