import { effect } from '@preact/signals';
import { forgetColours } from '../colour/resolve';
import { theme } from '../state/state';

/** Puts the theme of the address on the page, and follows the system's where it names none. */
export function followTheme(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    forgetColours();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', forgetColours);
}
