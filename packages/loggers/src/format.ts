/** A measured number in about so many digits. */
export function formatNumber(value: number, digits: number): string {
  const size = Math.abs(value);
  if ((size > 0 && size < 1e-3) || size >= 1e6) return value.toExponential(digits - 1);
  return size >= 10 ** digits - 0.5 ? String(Math.round(value)) : value.toPrecision(digits);
}

/** `12s`, `1:20`, `1:02:03`, `3d 4h`; below ten seconds with one decimal unless that is 0. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  const part = (size: number, of: number) => Math.floor(whole / size) % of;
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3_600) return `${part(60, 60)}:${pad(part(1, 60))}`;
  if (whole < 86_400) return `${part(3_600, 24)}:${pad(part(60, 60))}:${pad(part(1, 60))}`;
  return `${Math.floor(whole / 86_400)}d ${part(3_600, 24)}h`;
}

/** A text without line breaks and other control characters, which would tear the bar. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
