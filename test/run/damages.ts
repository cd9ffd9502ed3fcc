import fs from 'node:fs';
import path from 'node:path';
import seedrandom from 'seedrandom';

/** Something that happens to a file of a run. */
export interface Damage {
  readonly name: string;
  /** Does it; returns false where it changes nothing, such as halving an empty file. */
  readonly spoil: (file: string) => boolean;
}

/** Writes other bytes into a file; whether they are others. */
function replace(file: string, spoilt: (bytes: Buffer) => Uint8Array | string): boolean {
  const bytes = fs.readFileSync(file);
  const other = Buffer.from(spoilt(bytes));
  fs.writeFileSync(file, other);
  return !other.equals(bytes);
}

function flip(bytes: Buffer, place: number): Buffer {
  const random = seedrandom(`${place} of ${bytes.length}`);
  const spoilt = Buffer.from(bytes);
  if (spoilt.length > 0) spoilt[Math.floor(random() * spoilt.length)]! ^= 1 << Math.floor(8 * random());
  return spoilt;
}

/** Every kind of damage, with `flips` flipped bits each at a place of its own. */
export function damages(flips: number): Damage[] {
  return [
    {
      name: 'deleted',
      spoil: (file) => {
        fs.rmSync(file);
        return true;
      },
    },
    { name: 'emptied', spoil: (file) => replace(file, () => '') },
    { name: 'halved', spoil: (file) => replace(file, (bytes) => bytes.subarray(0, bytes.length / 2)) },
    {
      name: 'with garbage at its end',
      spoil: (file) => replace(file, (bytes) => Buffer.concat([bytes, Buffer.from('\0{"x"')])),
    },
    {
      name: 'replaced by garbage',
      spoil: (file) => replace(file, ({ length }) => '\xfe[nothing}'.repeat(length).slice(0, length)),
    },
    {
      name: 'replaced by a folder',
      spoil: (file) => {
        fs.rmSync(file);
        fs.mkdirSync(file);
        return true;
      },
    },
    ...Array.from({ length: flips }, (_, place) => ({
      name: `with a bit flipped (${place})`,
      spoil: (file: string) => replace(file, (bytes) => flip(bytes, place)),
    })),
  ];
}

/** More that can stand in a file's place; for a sweep by hand. */
export const oddities: readonly Damage[] = [
  ['replaced by a link to nothing', 'nothing at all'],
  ['replaced by a link to itself', ''],
].map(([name, target]) => ({
  name: name!,
  spoil: (file) => {
    fs.rmSync(file);
    fs.symlinkSync(target || path.basename(file), file);
    return true;
  },
}));

/** All files below a folder, by their paths from it on. */
export function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
