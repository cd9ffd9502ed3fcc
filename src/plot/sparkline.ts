const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** How many neighbouring values one character stands for, in so many columns. */
export const perCharacter = (values: number, width: number): number => Math.max(1, Math.ceil(values / width));

/**
 * A course of values in one line of text: each character is the mean of its values, from the least (▁) to the largest (█) of these means. A value that is
 * not finite is left out; a character with none is a blank.
 */
export function sparkline(values: ArrayLike<number>, width: number): string {
  const each = perCharacter(values.length, width);
  const means: number[] = [];
  for (let first = 0; first < values.length; first += each) {
    const own = Array.from({ length: Math.min(each, values.length - first) }, (_, i) => values[first + i]!);
    const finite = own.filter(Number.isFinite);
    means.push(finite.reduce((sum, value) => sum + value / finite.length, 0) / (finite.length > 0 ? 1 : 0));
  }
  const finite = means.filter(Number.isFinite);
  const [least, largest] = [Math.min(...finite), Math.max(...finite)];
  return means
    .map((mean) => {
      if (!Number.isFinite(mean)) return ' ';
      const place = largest > least ? (mean - least) / (largest - least) : 0.5;
      return bars[Math.min(bars.length - 1, Math.floor(place * bars.length))];
    })
    .join('');
}
