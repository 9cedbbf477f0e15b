/** 128 random bits. Not `randomUUID`, which browsers have on secure pages only. */
export function randomId(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}
