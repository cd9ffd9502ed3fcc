import { InputError } from '../../core/errors';
import { checkNotInterrupted } from '../../core/interruption';
import type { DataFile } from '../images/unpacked-file';
import { areaMean } from './area-mean';
import type { Character } from './character-set';
import { drawingSide, readDrawing } from './read-drawing';
import { type ZipLimits, zipEntries } from './zip-entries';

/** Which characters: those to learn from, or those to judge by. */
export type OmniglotPart = 'background' | 'evaluation';

/** The archive of each part, and how many characters it has at the most. */
export const omniglotParts = {
  background: { archive: 'images_background.zip', most: 964 },
  evaluation: { archive: 'images_evaluation.zip', most: 659 },
} as const;

/** Drawings of each character, one by each of as many people. */
export const drawingsOfEach = 20;
/** Rows and columns that drawings are made smaller to, as all that learn from them have it. */
export const smallSide = 28;

const { full, shrink } = areaMean(drawingSide, smallSide);
/** The value of a pixel that is all ink: pixels are sums over 15 x 15 equal parts of it, exactly. */
export const ink = full;

/** The characters of one archive. */
export interface DecodedPart {
  readonly characters: readonly Character[];
  /** [characters][20][28][28], 0 to 225 */
  readonly pixels: Uint8Array;
}

export interface DecodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** How many drawings of this archive have been read. */
  readonly onProgress?: ((drawings: number) => void) | undefined;
}

/** Drawings as published have up to 700 bytes, folders a name of up to 60. */
const limits = (characters: number): ZipLimits => ({
  archiveBytes: characters * drawingsOfEach * 4096,
  entries: 2 * characters * drawingsOfEach,
  entryBytes: 16_384,
});

const layout = /^images_(?:background|evaluation)\/([^/]+)\/([^/]+)\/\d+_(\d\d)\.png$/;
/** What file managers leave in archives; and every other file that is no drawing. */
const isDrawing = (name: string): boolean => /\.png$/i.test(name) && !/(^|\/)(\.|__MACOSX\/)/.test(name);

/**
 * Decodes an archive of Omniglot in its official layout, `images_background/ALPHABET/characterNN/CCCC_DD.png`, in the order of alphabets and
 * characters by name.
 * @throws InputError where the archive is not whole, a drawing is none, or a character has not 20 of them; Interruption where the signal is aborted.
 */
export async function decodeArchive(
  part: OmniglotPart,
  file: DataFile,
  { signal, onProgress }: DecodeOptions = {},
): Promise<DecodedPart> {
  const found = new Map<string, (Uint8Array | undefined)[]>();
  let drawings = 0;
  for await (const { name, bytes } of zipEntries(file, limits(omniglotParts[part].most), isDrawing)) {
    checkNotInterrupted(signal);
    const where = `"${name}" in "${file.path}"`;
    const [, alphabet, character, drawer] = layout.exec(name) ?? [];
    const drawing = Number(drawer) - 1;
    if (alphabet === undefined || !(drawing >= 0 && drawing < drawingsOfEach)) {
      throw new InputError({
        what: `${where} is not where drawings are`,
        legal: `images_${part}/ALPHABET/CHARACTER/NUMBER_DRAWER.png, with drawers 01 to ${drawingsOfEach}`,
        advice: file.advice,
      });
    }
    const key = `${alphabet}/${character}`;
    const those = found.get(key) ?? new Array<Uint8Array | undefined>(drawingsOfEach).fill(undefined);
    found.set(key, those);
    if (those[drawing] !== undefined)
      throw new InputError({
        what: `${where} is there twice`,
        legal: 'each drawing once',
        advice: file.advice,
      });
    those[drawing] = Uint8Array.from(shrink(readDrawing(bytes, where, file.advice)));
    onProgress?.(++drawings);
  }
  return inOrder(found, part, file);
}

function inOrder(
  found: ReadonlyMap<string, readonly (Uint8Array | undefined)[]>,
  part: OmniglotPart,
  file: DataFile,
): DecodedPart {
  const { most } = omniglotParts[part];
  if (found.size === 0 || found.size > most) {
    throw new InputError({
      what: `"${file.path}" has ${found.size === 0 ? 'no drawings' : 'too many characters'}`,
      got: `${found.size} characters`,
      legal: `1 to ${most}`,
      advice: file.advice,
    });
  }
  const keys = [...found.keys()].sort();
  const bytes = smallSide * smallSide;
  const pixels = new Uint8Array(keys.length * drawingsOfEach * bytes);
  for (const [i, key] of keys.entries()) {
    for (const [j, drawing] of found.get(key)!.entries()) {
      if (drawing === undefined) throw lacking(key, found.get(key)!, file);
      pixels.set(drawing, (i * drawingsOfEach + j) * bytes);
    }
  }
  const characters = keys.map((key): Character => {
    const [alphabet, name] = key.split('/') as [string, string];
    return { alphabet, name };
  });
  return { characters, pixels };
}

const lacking = (key: string, drawings: readonly unknown[], file: DataFile): InputError =>
  new InputError({
    what: `Character ${key} in "${file.path}" lacks drawings`,
    got: drawings.filter((drawing) => drawing !== undefined).length,
    legal: String(drawingsOfEach),
    advice: file.advice,
  });
