import { createHash } from 'node:crypto';
import { CheckpointError, InputError } from '../../core/errors';
import { type BlobReference, packTree, unpackTree } from './state-tree';

/*
 * The container, all numbers little-endian:
 *   `METAPLAST-STATE 1\n` | u64 manifest bytes | u64 blob bytes | manifest (JSON) | zeros to a multiple of 8 |
 *   blobs, each at a multiple of 8 and padded with zeros to one | SHA-256 of all that precedes (32 bytes)
 * Typed arrays are copied as the machine holds them, which is little-endian wherever Node's engines run.
 */
const name = 'METAPLAST-STATE ';
const version = 1;
const magic = Buffer.from(`${name}${version}\n`, 'latin1');
const headBytes = magic.length + 16;
const digestBytes = 32;
/** The largest file that Node reads in one piece, in bytes. */
const mostBytes = 2 ** 31 - 1;

const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8;
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/**
 * A state as bytes that check themselves. The same state (keys in the same order) gives the same bytes.
 * @param state A tree of plain objects, arrays, strings, booleans, null, any numbers (NaN, infinities and -0 are kept)
 *   and Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array, kept bit by bit. A property whose value is
 *   undefined is left out.
 * @returns The container described at the top of this file.
 * @throws InputError naming the path (`state.rule.kernel`) of a value that is none of these, or at 2 GiB and above.
 */
export function encodeState(state: unknown): Uint8Array {
  const { pieces } = statePieces(state);
  return Buffer.concat(pieces);
}

/** The bytes of a state one behind the other, large arrays as they lie in memory: to be written before any of them changes. */
export interface StatePieces {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  /** The last 32 of these bytes. */
  readonly digest: Uint8Array;
}

/**
 * The same as `encodeState`, without a copy of the arrays.
 * @throws InputError as `encodeState` does.
 */
export function statePieces(state: unknown): StatePieces {
  const blobs: BlobReference[] = [];
  let blobBytes = 0;
  const tree = packTree(state, (array) => {
    const offset = blobBytes;
    blobs.push({ offset, array });
    blobBytes += aligned(array.byteLength);
    return offset;
  });
  const manifest = Buffer.from(JSON.stringify(tree), 'utf8');
  const blobStart = aligned(headBytes + manifest.length);
  const total = blobStart + blobBytes + digestBytes;
  if (total > mostBytes) {
    throw new InputError({
      what: 'The state is too large for one checkpoint',
      got: `${total} bytes`,
      legal: `up to ${mostBytes} bytes`,
      advice: 'Save fewer arrays, or use Float32Array where its precision will do',
    });
  }
  const head = Buffer.alloc(blobStart);
  magic.copy(head);
  head.writeBigUInt64LE(BigInt(manifest.length), magic.length);
  head.writeBigUInt64LE(BigInt(blobBytes), magic.length + 8);
  manifest.copy(head, headBytes);
  const pieces: Uint8Array[] = [head];
  for (const { array } of blobs) {
    pieces.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    const padding = aligned(array.byteLength) - array.byteLength;
    if (padding > 0) pieces.push(new Uint8Array(padding));
  }
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  const digest = hash.digest();
  return { pieces: [...pieces, digest], bytes: total, digest };
}

function refuse(what: string, advice?: string): never {
  throw new CheckpointError({ what, advice: advice ?? 'Go back to an older checkpoint' });
}

function checkMagic(bytes: Buffer): void {
  const head = bytes.subarray(0, magic.length);
  if (head.equals(magic)) return;
  if (head.equals(magic.subarray(0, head.length))) {
    refuse(`The state is truncated: ${bytes.length} bytes do not even hold its head`);
  }
  const other = /^METAPLAST-STATE (\d+)/.exec(bytes.toString('latin1', 0, name.length + 8));
  if (other === null) refuse('These bytes are no saved state: they start with the wrong magic line');
  refuse(
    `The state is of format version ${other[1]}, and this program reads version ${version}`,
    'Use the version of metaplast that wrote it',
  );
}

/**
 * The state that `encodeState` was given; every array owns its memory.
 * @throws CheckpointError saying which of these it is: the wrong magic line, another version, truncated (or too long),
 *   a checksum that does not match, or a malformed manifest.
 */
export function decodeState(encoded: Uint8Array): unknown {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  checkMagic(bytes);
  if (bytes.length < headBytes) refuse(`The state is truncated: ${bytes.length} bytes do not hold its head`);
  const manifestBytes = Number(bytes.readBigUInt64LE(magic.length));
  const blobBytes = Number(bytes.readBigUInt64LE(magic.length + 8));
  const blobStart = aligned(headBytes + manifestBytes);
  const total = blobStart + blobBytes + digestBytes;
  if (bytes.length < total)
    refuse(`The state is truncated: its head tells of ${total} bytes, ${bytes.length} are there`);
  if (bytes.length > total)
    refuse(`The state is too long: its head tells of ${total} bytes, ${bytes.length} are there`);
  if (!digest(bytes.subarray(0, total - digestBytes)).equals(bytes.subarray(total - digestBytes))) {
    refuse('The checksum of the state does not match: its bytes were altered after it was written');
  }
  try {
    const tree: unknown = JSON.parse(bytes.toString('utf8', headBytes, headBytes + manifestBytes));
    return unpackTree(tree, bytes.subarray(blobStart, blobStart + blobBytes));
  } catch (error) {
    return refuse(`The manifest of the state is malformed: ${(error as Error).message}`);
  }
}
