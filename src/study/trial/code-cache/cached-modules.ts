import fs from 'node:fs';

/** A module's code as it was when it was loaded: nothing of what it holds, only what it is. */
export interface CachedModule {
  readonly file: string;
  readonly version: string;
  /** Its JavaScript; of a file in TypeScript, what that was compiled to. */
  readonly source: Buffer;
  /** What V8 made of it; null where V8 is to compile it anew. */
  readonly compiled: Buffer | null;
  /** The files that it requires, by how it names them. */
  readonly links: Readonly<Record<string, string>>;
}

/** Tells a file from what it is once it was written anew; null where there is none. */
export function versionOf(file: string): string | null {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

/** A part of the file's bytes: its position behind the head, and its length. */
type Span = readonly [from: number, length: number];

type Listed = Omit<CachedModule, 'source' | 'compiled'> & {
  readonly source: Span;
  readonly compiled: Span | null;
};

/** V8 reads compiled code in place where it lies at a multiple of this. */
const alignment = 8;

/*
 * In the file: the length of the head, the head (JSON), and the sources and compiled codes, each at a multiple of `alignment`.
 */
export function writeModules(descriptor: number, modules: readonly CachedModule[]): void {
  const pieces: Buffer[] = [];
  let length = 0;
  const add = (piece: Buffer): Span => {
    const padding = Buffer.alloc(-piece.length & (alignment - 1));
    pieces.push(piece, padding);
    const from = length;
    length += piece.length + padding.length;
    return [from, piece.length];
  };
  const list = modules.map(
    ({ source, compiled, ...module }): Listed => ({
      ...module,
      compiled: compiled && add(compiled),
      source: add(source),
    }),
  );
  const json = JSON.stringify(list);
  const head = Buffer.from(json.padEnd(json.length + (-Buffer.byteLength(json) & (alignment - 1))));
  const lengthOfHead = Buffer.alloc(alignment);
  lengthOfHead.writeUInt32LE(head.length);
  const whole = Buffer.concat([lengthOfHead, head, ...pieces]);
  fs.ftruncateSync(descriptor);
  let done = 0;
  while (done < whole.length) done += fs.writeSync(descriptor, whole, done, whole.length - done, done);
}

export function readModules(descriptor: number): CachedModule[] {
  const whole = Buffer.allocUnsafeSlow(fs.fstatSync(descriptor).size);
  let done = 0;
  while (done < whole.length) {
    const read = fs.readSync(descriptor, whole, done, whole.length - done, done);
    if (read === 0) break;
    done += read;
  }
  const begin = alignment + whole.readUInt32LE();
  const part = ([from, length]: Span): Buffer => whole.subarray(begin + from, begin + from + length);
  const list = JSON.parse(whole.toString('utf8', alignment, begin)) as Listed[];
  return list.map(({ source, compiled, ...module }) => ({
    ...module,
    source: part(source),
    compiled: compiled && part(compiled),
  }));
}
