import type { DecodedPng } from 'fast-png';
import { InputError } from '../../core/errors';

/** Rows and columns of a drawing as it is published. */
export const drawingSide = 105;

/** What the first chunk of a file of PNG says; it stands at the same place in each. */
interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: string;
}

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const headerBytes = 33;
const colours: Readonly<Record<number, string>> = {
  0: 'greyscale',
  2: 'RGB',
  3: 'palette',
  4: 'greyscale with alpha',
  6: 'RGB with alpha',
};

/**
 * The pixels of a drawing: 105 x 105, row by row, 1 where there is ink (black) and 0 where there is paper (white).
 * @param where What errors call it.
 * @throws InputError where it is no whole PNG of that size, greyscale of 1 bit a pixel.
 */
export function readDrawing(bytes: Uint8Array, where: string, advice: string): Uint8Array {
  const wrong = (what: string, got: unknown, legal: string): InputError =>
    new InputError({ what: `${where} ${what}`, got, legal, advice });
  const header = headerOf(bytes);
  if (header === null) throw wrong('is no PNG', `${bytes.length} bytes`, 'a file of PNG');
  const { width, height, depth, colour } = header;
  if (width !== drawingSide || height !== drawingSide)
    throw wrong('has another size', `${width} x ${height} pixels`, `${drawingSide} x ${drawingSide}`);
  if (depth !== 1 || colour !== 'greyscale')
    throw wrong('is not of 1 bit a pixel', `${colour} of ${depth} bits`, 'greyscale of 1 bit');
  return inkOf(decoded(bytes, wrong));
}

/** The library reads to the last chunk, and compares each chunk's checksum. */
function decoded(
  bytes: Uint8Array,
  wrong: (what: string, got: unknown, legal: string) => InputError,
): DecodedPng {
  const [got, legal] = [`${bytes.length} bytes`, 'a whole file of PNG'];
  try {
    // Loaded when a drawing is read: a command that reads none is not kept waiting.
    const { decode } = require('fast-png') as typeof import('fast-png');
    const image = decode(bytes, { checkCrc: true });
    if (image.data.length === drawingSide * bytesOfRow) return image;
  } catch (error) {
    throw Object.assign(wrong(`cannot be read: ${(error as Error).message}`, got, legal), { cause: error });
  }
  throw wrong('has not all of its rows', got, legal);
}

const bytesOfRow = Math.ceil(drawingSide / 8);

/** Eight pixels a byte, the first in the highest bit; 0 is black. */
function inkOf({ data }: DecodedPng): Uint8Array {
  const ink = new Uint8Array(drawingSide * drawingSide);
  for (let row = 0, pixel = 0; row < drawingSide; row++)
    for (let column = 0; column < drawingSide; column++, pixel++) {
      const byte = data[row * bytesOfRow + (column >> 3)]!;
      ink[pixel] = 1 - ((byte >> (7 - (column & 7))) & 1);
    }
  return ink;
}

function headerOf(bytes: Uint8Array): Header | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isPng =
    buffer.length >= headerBytes &&
    buffer.subarray(0, 8).equals(signature) &&
    buffer.toString('latin1', 12, 16) === 'IHDR';
  if (!isPng) return null;
  const colour = colours[buffer[25]!] ?? `colour type ${buffer[25]}`;
  return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20), depth: buffer[24]!, colour };
}
