import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** What an archive says of an entry, where that is not the truth. */
interface Lies {
  readonly uncompressedSize?: number;
  readonly compressedSize?: number;
  readonly method?: number;
  readonly flags?: number;
}

export interface SmallEntry {
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly isStored?: boolean;
  readonly lies?: Lies;
}

/** A zip archive; every number of its directory may lie. */
export function zip(entries: readonly SmallEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes = new Uint8Array(), isStored = false, lies = {} } of entries) {
    const packed = isStored || bytes.length === 0 ? Buffer.from(bytes) : deflateRawSync(bytes);
    const method = lies.method ?? (packed.length > 0 && !isStored ? 8 : 0);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(lies.flags ?? 0, 2);
    about.writeUInt16LE(method, 4);
    about.writeUInt32LE(crc32(bytes), 10);
    about.writeUInt32LE(lies.compressedSize ?? packed.length, 14);
    about.writeUInt32LE(lies.uncompressedSize ?? bytes.length, 18);
    about.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), about, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), about, rest, Buffer.from(name)]),
    );
    locals.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, central, end]);
}

interface PngOptions {
  readonly side?: number;
  readonly depth?: number;
  readonly colour?: number;
  /** Bytes of all rows, each behind its filter byte. */
  readonly rows?: Uint8Array;
}

/** A file of PNG, by default 105 x 105 of 1 bit, greyscale; `ink` says where there is ink. */
export function png(
  ink: (row: number, column: number) => boolean,
  { side = 105, depth = 1, colour = 0, rows }: PngOptions = {},
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = depth;
  header[9] = colour;
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows ?? oneBitRows(ink, side))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function oneBitRows(ink: (row: number, column: number) => boolean, side: number): Buffer {
  const width = 1 + Math.ceil(side / 8);
  const rows = Buffer.alloc(width * side);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++)
      if (!ink(row, column)) rows[row * width + 1 + (column >> 3)]! |= 128 >> (column & 7);
  return rows;
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** A drawing of its own for each character and drawer: a bar whose place says which. */
export const drawing = (character: number, drawer: number): Buffer =>
  png(
    (row, column) =>
      row >= 3 * character && row < 3 * character + 15 && column >= 4 * drawer && column < 4 * drawer + 8,
  );

/** An archive in the official layout: characters of one alphabet, 20 drawings each. */
export function omniglotArchive(
  part: 'background' | 'evaluation',
  characters: number,
  from = 0,
): SmallEntry[] {
  const folder = `images_${part}/Runes`;
  const files = Array.from({ length: characters }, (_, i) => {
    const name = `${folder}/character${String(i + 1).padStart(2, '0')}`;
    const drawings = Array.from({ length: 20 }, (_d, j) => ({
      name: `${name}/${String(from + i + 1).padStart(4, '0')}_${String(j + 1).padStart(2, '0')}.png`,
      bytes: drawing(from + i, j),
    }));
    return [{ name: `${name}/` }, ...drawings];
  });
  return [{ name: `images_${part}/` }, { name: `${folder}/` }, ...files.flat()];
}
