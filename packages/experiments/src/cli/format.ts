/** A figure of a result, in about four digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(2);
  return size < 10 ? value.toFixed(4) : value.toPrecision(5);
}

/** A mean and a standard deviation, in the digits of the mean. */
export function meanAndSpread(mean: number, sd: number | undefined): string {
  const text = figure(mean);
  if (sd === undefined) return text;
  const [, decimals = ''] = text.split('.');
  return `${text} ± ${text.includes('e') ? figure(sd) : sd.toFixed(decimals.length)}`;
}

/** `12.3 s`, `1:20 min`, `1:02:03 h`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)} min`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)} h`;
}

/** `5 min`, `3 h`, `12 d`: how long ago. */
export function age(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${Math.floor(minutes)} min`;
  return minutes < 1440 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}

/** An option's value in a table. */
export function optionText(value: unknown): string {
  if (value === undefined) return '–';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
