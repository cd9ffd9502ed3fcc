import { nonEmptyText, wholeNumber } from '../../core/checks';
import { InputError } from '../../core/errors';
import { isBuiltIn } from '../../core/validate';

/** A written character. */
export interface Character {
  readonly alphabet: string;
  /** Its name in the alphabet, such as `character07`. */
  readonly name: string;
}

/** Square drawings of characters, as many of each, their pixels as bytes. Omniglot's, or of your own. */
export interface CharacterSet {
  /** What it is and which part of it, such as `omniglot background`. */
  readonly name: string;
  readonly characters: readonly Character[];
  /** How many drawings there are of each character. */
  readonly drawings: number;
  /** Rows and columns of a drawing. */
  readonly side: number;
  /** [characters][drawings][side][side], from 0 (paper) to `ink`; memory that threads may share. */
  readonly pixels: Uint8Array;
  /** The value of a pixel that is all ink, which counts as 1. */
  readonly ink: number;
  /** Of the pixels: what the set is known by again where a run goes on. Default: they do not change. */
  readonly checksum?: string;
}

/**
 * A checked set of characters, for drawings of your own.
 * @throws InputError where a count is not legal, or there are not as many pixels as the counts say.
 */
export function makeCharacterSet(set: CharacterSet): CharacterSet {
  if (typeof set !== 'object' || set === null || !Array.isArray(set.characters)) {
    throw new InputError({
      what: 'This is no set of characters',
      got: set,
      legal: '{ name, characters, drawings, side, pixels, ink }, such as openOmniglot gives',
    });
  }
  const { name, characters, drawings, side, pixels, ink } = set;
  nonEmptyText("A character set's name", name);
  if (characters.length === 0)
    throw new InputError({ what: `${name} has no characters`, legal: 'one or more' });
  wholeNumber(`The drawings of a character of ${name}`, drawings, 1);
  wholeNumber(`The side of a drawing of ${name}`, side, 1);
  wholeNumber(`The ink of ${name}`, ink, 1, 255);
  const length = characters.length * drawings * side * side;
  if (isBuiltIn('Uint8Array', pixels) && pixels.length === length) return set;
  throw new InputError({
    what: `The pixels of ${name} are wrong`,
    got: isBuiltIn('Uint8Array', pixels) ? `${pixels.length} bytes` : pixels,
    legal: `a Uint8Array of ${characters.length} x ${drawings} x ${side} x ${side} = ${length} bytes`,
  });
}
