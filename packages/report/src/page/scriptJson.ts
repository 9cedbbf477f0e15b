/** JSON that can stand in a script element: no end tag and no comment begins in it. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
