/**
 * Colours of the report, light and dark. Pictures are drawn once: each colour stands in them as a
 * mark that is then replaced by a CSS variable, so that one picture follows the reader's theme.
 * The hues of the series can be told apart with any kind of colour vision (Okabe and Ito, 2008);
 * their marks differ in shape as well.
 */

export interface Colours {
  readonly page: string;
  readonly card: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly accent: string;
  readonly old: string;
  readonly series: readonly string[];
}

const LIGHT: Colours = {
  page: '#f6f7f9',
  card: '#ffffff',
  ink: '#14181f',
  muted: '#5a6472',
  grid: '#dfe3e9',
  accent: '#0b6b3a',
  old: '#b3261e',
  series: ['#0072b2', '#d55e00', '#009e73', '#a8508a', '#7a6a00', '#4b5563'],
};

const DARK: Colours = {
  page: '#0d1117',
  card: '#161c24',
  ink: '#e9eef4',
  muted: '#a3aebb',
  grid: '#2c3540',
  accent: '#5ed584',
  old: '#ff8a80',
  series: ['#5ab4f0', '#ff9a56', '#3fd2a3', '#e39ac8', '#d9c94a', '#b6bfca'],
};

export const SERIES_MAX = LIGHT.series.length;

/** A colour nobody would choose, one per name. */
const markOf = (n: number): string => `#0101${n.toString(16).padStart(2, '0')}`;

/** What a picture is drawn with. */
export const MARKS = {
  card: markOf(1),
  ink: markOf(2),
  muted: markOf(3),
  grid: markOf(4),
  accent: markOf(5),
  old: markOf(6),
  series: (i: number): string => markOf(16 + (i % SERIES_MAX)),
} as const;

const NAMES: readonly (readonly [string, string])[] = [
  [MARKS.card, 'card'],
  [MARKS.ink, 'ink'],
  [MARKS.muted, 'muted'],
  [MARKS.grid, 'grid'],
  [MARKS.accent, 'accent'],
  [MARKS.old, 'old'],
  ...LIGHT.series.map((_, i): [string, string] => [MARKS.series(i), `s${i}`]),
];

/** Marks replaced by variables. */
export function themed(svg: string): string {
  return NAMES.reduce((text, [mark, name]) => text.replaceAll(mark, `var(--${name})`), svg);
}

/** Declarations of the variables. */
export function variables(theme: 'light' | 'dark'): string {
  const { series, ...rest } = theme === 'light' ? LIGHT : DARK;
  const named = [...Object.entries(rest), ...series.map((c, i) => [`s${i}`, c] as const)];
  return named.map(([name, colour]) => `--${name}:${colour}`).join(';');
}
