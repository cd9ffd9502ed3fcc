import { distance } from 'fastest-levenshtein';

/** The legal name nearest to what was typed, or undefined where none is near enough to be what was meant. */
function nearest(name: unknown, legal: readonly string[]): string | undefined {
  if (typeof name !== 'string') return undefined;
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of legal) {
    const changes = distance(name.toLowerCase(), candidate.toLowerCase());
    // As many changes as letters would turn any word into any other.
    const most = Math.min(Math.max(2, Math.ceil(candidate.length / 2)), candidate.length - 1);
    if (changes > most || changes >= least) continue;
    best = candidate;
    least = changes;
  }
  return best;
}

/** "Did you mean x" for the error about an unknown name, or undefined where nothing is near. */
export function didYouMean(name: unknown, legal: readonly string[]): string | undefined {
  const candidate = nearest(name, legal);
  return candidate === undefined ? undefined : `Did you mean "${candidate}"?`;
}
