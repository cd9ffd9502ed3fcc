import { closest, distance } from 'fastest-levenshtein';

/** The legal name nearest to what was typed, or undefined where none is near enough to be what was meant. */
function nearest(name: string, legal: readonly string[]): string | undefined {
  if (legal.length === 0) return undefined;
  const candidate = closest(name.toLowerCase(), legal as string[]);
  const near = Math.max(2, Math.ceil(candidate.length / 2));
  return distance(name.toLowerCase(), candidate.toLowerCase()) <= near ? candidate : undefined;
}

/** "Did you mean x" for the error about an unknown name, or the plain advice where nothing is near. */
export function didYouMean(name: string, legal: readonly string[]): string | undefined {
  const candidate = nearest(name, legal);
  return candidate === undefined ? undefined : `Did you mean "${candidate}"?`;
}
