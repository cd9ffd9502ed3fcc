import type { TextStyle } from './font';
import { textWidth } from './text-width';

/** Lines of a text that are no wider than so many pixels; a single word that is wider stands alone. */
export function wrapText(text: string, width: number, style: TextStyle): string[] {
  const whole = text.trim().replace(/\s+/g, ' ');
  if (whole === '') return [];
  const narrowEnough = (line: string) => !line.includes(' ') || textWidth(line, style) <= width;
  if (narrowEnough(whole)) return [whole];
  // Few measurements: lines of so many letters, then of fewer until each fits.
  for (let columns = Math.ceil((whole.length * width) / textWidth(whole, style)); ; columns--) {
    const lines = inColumns(whole, columns);
    if (lines.every(narrowEnough)) return lines;
  }
}

function inColumns(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
