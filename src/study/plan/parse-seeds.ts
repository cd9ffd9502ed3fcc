import { InputError } from '../../core/errors';
import { mostTrials } from './most-trials';

const legal = 'whole numbers from 0 on and ranges of them, such as 1..10 or 1,2,5';

/**
 * Seeds as typed: `1..10`, `1,2,5`, `1..3,7`; in that order.
 * @throws InputError where one is no whole number from 0 on, a range runs backwards, or a seed comes twice.
 */
export function parseSeeds(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [, first, last = first] = /^\s*(\d{1,16})\s*(?:\.\.\s*(\d{1,16})\s*)?$/.exec(part) ?? [];
    const [low, high] = [Number(first), Number(last)];
    if (first === undefined || !Number.isSafeInteger(low) || !Number.isSafeInteger(high))
      throw new InputError({ what: 'Seeds (--seeds) are not legal', got: text, legal });
    if (low > high)
      throw new InputError({
        what: 'A range of seeds (--seeds) runs backwards',
        got: part,
        legal: 'the lower one first',
        advice: `Did you mean ${high}..${low}?`,
      });
    if (high - low >= mostTrials)
      throw new InputError({
        what: 'So many seeds make too many trials',
        got: part,
        legal: `${mostTrials} at most`,
      });
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  });
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined)
    throw new InputError({
      what: `Seed ${twice} (--seeds) comes twice, which would be the same trial again`,
      got: text,
      legal: 'each once',
    });
  return seeds;
}
