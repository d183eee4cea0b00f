/** Light, dark, or as the system: the choice is kept in this browser. */

import { byId, setAttribute, setText } from './dom.ts';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const KEY = 'reroute-theme';
/** Not "Auto": beside the buttons that steer it would read as the controller's mode. */
const WORDS: Readonly<Record<Theme, string>> = {
  auto: 'Colours: as the system',
  light: 'Colours: light',
  dark: 'Colours: dark',
};

/** `changed`: what is painted with fixed colours is painted anew. */
export function createTheme(changed: () => void): void {
  const button = byId<HTMLButtonElement>('theme');
  let theme = kept();

  function apply(): void {
    setAttribute(document.documentElement, 'data-theme', theme === 'auto' ? null : theme);
    setText(button, WORDS[theme]);
    changed();
  }

  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
    keep(theme);
    apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  apply();
}

function kept(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return THEMES.find((t) => t === found) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing still shows the choice.
    return;
  }
}
