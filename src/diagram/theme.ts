/**
 * Colours of the pictures, light and dark, as CSS classes. Colour never says anything alone: a
 * delay is dashed as well, a difference has a sign, so a black-and-white print reads the same.
 */

export type ThemeName = 'light' | 'dark';

interface Theme {
  readonly page: string;
  readonly region: string;
  readonly box: string;
  readonly line: string;
  readonly ink: string;
  readonly muted: string;
  readonly delay: string;
  readonly guard: string;
  readonly action: string;
  readonly order: string;
  readonly added: string;
  readonly removed: string;
  readonly changed: string;
  /** Fills of the four states an operator knows by name, and of the rest. */
  readonly fills: Readonly<Record<string, string>>;
}

const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    page: '#ffffff',
    region: '#f7f8fa',
    box: '#ffffff',
    line: '#4a5568',
    ink: '#111827',
    muted: '#525b69',
    delay: '#9a5b00',
    guard: '#6b3fa0',
    action: '#1f5f9e',
    order: '#b3261e',
    added: '#0b7a34',
    removed: '#b3261e',
    changed: '#a35200',
    fills: { Normal: '#d9f0dc', Degraded: '#fff2c4', Rerouted: '#f9d3cf', BackToNormal: '#d6e6f8' },
  },
  dark: {
    page: '#0d1117',
    region: '#151b23',
    box: '#1e2631',
    line: '#9aa7b6',
    ink: '#eef2f6',
    muted: '#b3bdc9',
    delay: '#f0b357',
    guard: '#cda7ff',
    action: '#7fc0ff',
    order: '#ff9c92',
    added: '#5ed584',
    removed: '#ff8a80',
    changed: '#ffb25c',
    fills: { Normal: '#173a22', Degraded: '#453810', Rerouted: '#4d211e', BackToNormal: '#17314f' },
  },
};

export const FONTS =
  "'Arial Narrow', 'Liberation Sans Narrow', Arial, Helvetica, 'DejaVu Sans Condensed', sans-serif";

/** The class of a state's fill. */
export const fillClass = (name: string): string =>
  name in THEMES.light.fills ? `box is-${name}` : 'box';

/** The rules, one a line; `scope` goes in front of each selector, e.g. `.dark `. */
export function themeCss(name: ThemeName, scope = ''): string {
  const t = THEMES[name];
  const rules: readonly (readonly [string, string])[] = [
    ['.page', `fill:${t.page}`],
    ['.region', `fill:${t.region};stroke:${t.line};stroke-width:1`],
    ['.box', `fill:${t.box};stroke:${t.ink};stroke-width:1.2`],
    ...Object.entries(t.fills).map(([state, fill]) => [`.is-${state}`, `fill:${fill}`] as const),
    ['.bare', 'stroke:none'],
    ['.any', `fill:${t.region};stroke:${t.line};stroke-width:1.2;stroke-dasharray:2 2`],
    ['.rule', `stroke:${t.line};stroke-width:0.7`],
    ['.edge', `fill:none;stroke:${t.line};stroke-width:1.2`],
    ['.late', `stroke:${t.delay};stroke-dasharray:6 3`],
    ['.tip', `fill:${t.line}`],
    ['.tip.late', `fill:${t.delay};stroke-dasharray:none`],
    ['.dot', `fill:${t.ink}`],
    ['.name, .event', `fill:${t.ink}`],
    ['.purpose, .plain', `fill:${t.muted}`],
    ['.delay', `fill:${t.delay}`],
    ['.guard', `fill:${t.guard}`],
    ['.action, .raise', `fill:${t.action}`],
    ['.order', `fill:${t.order}`],
    ...(['added', 'removed', 'changed'] as const).flatMap((mark) => [
      [`text.${mark}`, `fill:${t[mark]}`] as const,
      [`.box.${mark}, .edge.${mark}`, `stroke:${t[mark]};stroke-width:2.4`] as const,
      [`.tip.${mark}`, `fill:${t[mark]}`] as const,
    ]),
  ];
  return rules.map(([selector, body]) => `${scoped(selector, scope)}{${body}}`).join('\n');
}

const scoped = (selector: string, scope: string): string =>
  selector
    .split(', ')
    .map((one) => scope + one)
    .join(',');

/** Rules that do not depend on the theme. */
export const SHAPE_CSS = `text{font-family:${FONTS};font-size:11px;white-space:pre}
.name{font-size:12px}
.name,.event,.delay,.order{font-weight:bold}
.purpose{font-style:italic}`;
