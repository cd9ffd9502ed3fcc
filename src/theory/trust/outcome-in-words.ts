import { percent } from './percent';
import type { Trial } from './trial';

/** How the trial of a change went, in a few words. */
export function outcomeOf({ verdict, error }: Pick<Trial, 'verdict' | 'error'>): string {
  if (verdict === null) return 'not settled in the gradients that it had';
  return error === null ? verdict : `${verdict}, errors of ${percent(error)}`;
}
