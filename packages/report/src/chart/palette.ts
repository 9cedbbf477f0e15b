/** How a figure is painted. */
export type Theme = 'light' | 'dark';

/**
 * A colour by its meaning; each theme has its own shade: `color:run/0`, `color:layer/2/5` (the third of five layers), `color:ink`.
 * Figures hold these names, and are painted when they are drawn.
 */
export type ColorName = `color:${string}`;

/** Okabe and Ito's, which people with any colour vision tell apart; darker on white, lighter on black, without their yellow. */
const RUNS = {
  light: ['#0072b2', '#d55e00', '#00815d', '#b2558c', '#a87000', '#2f87bd', '#5c6370'],
  dark: ['#56b4e9', '#f0843c', '#1fbf92', '#dd8fb8', '#e6ac1f', '#9ad0f0', '#aab2bd'],
} as const;

/** Plasma, whose lightness grows evenly; of each theme the part that stands out from the ground. */
const RAMP = {
  light: ['#16078a', '#6a00a8', '#b12a90', '#dc4a5e', '#c77700'],
  dark: ['#8f5bff', '#c44bd0', '#e8608f', '#f68d5d', '#fcb53e', '#f3ee5a'],
} as const;

const PLAIN: Readonly<Record<Theme, Readonly<Record<string, string>>>> = {
  light: {
    ground: '#ffffff',
    ink: '#1c2128',
    muted: '#59626e',
    line: '#d5d9df',
    grid: '#e9ecf0',
    info: '#0072b2',
    warning: '#c25400',
    error: '#c01a2b',
    remedy: '#00815d',
    tooltip: '#ffffff',
    band: '#0072b2',
    ...classes(['#cfe4f3', '#fbdcc6', '#c9eadd', '#f1d6e5', '#f5e6c2', '#dde3ea']),
  },
  dark: {
    ground: '#171b21',
    ink: '#e8ebef',
    muted: '#a5aeba',
    line: '#3a424d',
    grid: '#272d36',
    info: '#56b4e9',
    warning: '#f5a04c',
    error: '#ff7b80',
    remedy: '#1fbf92',
    tooltip: '#20262e',
    band: '#56b4e9',
    ...classes(['#1d3a52', '#51301b', '#153f34', '#482a3c', '#453615', '#333a44']),
  },
};

function classes(areas: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(areas.map((area, i) => [`class/${i}`, area]));
}

/** The shade that a theme gives to a colour; undefined where there is no such colour. */
export function shadeOf(name: string, theme: Theme): string | undefined {
  if (!name.startsWith('color:')) return undefined;
  const [kind = '', index = '0', count = '1'] = name.slice('color:'.length).split('/');
  if (kind === 'run') return RUNS[theme][Number(index) % RUNS[theme].length];
  if (kind === 'layer')
    return rampAt(RAMP[theme], Number(count) < 2 ? 0 : Number(index) / (Number(count) - 1));
  if (kind === 'class') return PLAIN[theme][`class/${Number(index) % 6}`];
  return Object.hasOwn(PLAIN[theme], kind) ? PLAIN[theme][kind] : undefined;
}

function rampAt(ramp: readonly string[], share: number): string {
  const place = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const low = Math.min(Math.floor(place), ramp.length - 2);
  const [from, to] = [channelsOf(ramp[low]!), channelsOf(ramp[low + 1]!)];
  const mixed = from.map((channel, i) => Math.round(channel + (to[i]! - channel) * (place - low)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function channelsOf(color: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
