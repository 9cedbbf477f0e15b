/** Text that has been escaped, or is markup of our own. */
export interface Html {
  readonly html: string;
}

/** Markup with values, which are escaped unless they are {@link Html}. Lists are put one after the other. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (Html | string | number | readonly Html[])[]
): Html {
  return {html: parts.map((part, i) => part + (i < values.length ? textOf(values[i]!) : '')).join('')};
}

/** Markup of our own, as it is. */
export function raw(markup: string): Html {
  return {html: markup};
}

/** A text that means itself, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function textOf(value: Html | string | number | readonly Html[]): string {
  if (typeof value === 'object') return 'html' in value ? value.html : value.map((one) => one.html).join('');
  return escapeHtml(String(value));
}
