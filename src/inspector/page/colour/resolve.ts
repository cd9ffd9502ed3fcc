import { signal } from '@preact/signals';

/** Grows when colours come out otherwise than before: another theme was chosen, by the user or by the system. */
export const colourVersion = signal(0);

const known = new Map<string, string>();

/** Call when the theme may have changed. */
export function forgetColours(): void {
  known.clear();
  colourVersion.value = colourVersion.peek() + 1;
}

/** Any CSS colour, variables too, as canvases and SVG take it: `rgb(0, 114, 178)`; in the theme that is shown, or in the one named. */
export function resolved(colour: string, theme?: 'light' | 'dark'): string {
  if (!colour.includes('(') || colour.startsWith('rgb')) return colour;
  const key = `${theme} ${colour}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const probe = document.createElement('span');
  if (theme !== undefined) probe.style.colorScheme = theme;
  probe.style.color = colour;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  known.set(key, found);
  return found;
}
