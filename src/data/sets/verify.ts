import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createGunzip } from 'node:zlib';
import { MetaplastError } from '../../core/errors';
import { readFailure } from '../../core/file-failures';
import { checkNotInterrupted } from '../../core/interruption';
import { findFile } from './data-folder';
import type { DataSet, DataSetFile, Sums } from './data-set';
import { isPacked } from './is-packed';

/** What has become of a file of a data set. */
export interface VerifiedFile {
  readonly name: string;
  /** Where it is; null where it is missing. */
  readonly path: string | null;
  readonly state: 'whole' | 'damaged' | 'missing';
  /** Whether the set cannot be used without it. */
  readonly needed: boolean;
  /** What was compared, or what is wrong. */
  readonly why: string;
}

/** Whether a data set is as it was published. */
export interface VerifiedDataSet {
  readonly name: string;
  /** Null where no file of it was found. */
  readonly folder: string | null;
  /** `whole` where every file that it cannot be used without is whole, and no other is damaged. */
  readonly state: 'whole' | 'damaged' | 'missing';
  readonly files: readonly VerifiedFile[];
}

/** Compares lengths and checksums of all files in a folder. @throws Interruption where the signal is aborted. */
export async function verifyDataSet(
  set: DataSet,
  folder: string | undefined,
  signal?: AbortSignal,
): Promise<VerifiedDataSet> {
  const files: VerifiedFile[] = [];
  for (const file of set.files) files.push(await verifyFile(folder, file, signal));
  const isDamaged = files.some(({ state }) => state === 'damaged');
  const isMissing = files.some(({ state, needed }) => needed && state === 'missing');
  const state = isDamaged ? 'damaged' : isMissing ? 'missing' : 'whole';
  return { name: set.name, folder: folder ?? null, state, files };
}

/** Compares length and checksum of one file, as it is there: packed or not. */
export async function verifyFile(
  folder: string | undefined,
  { name, sums, packed, needed }: DataSetFile,
  signal?: AbortSignal,
): Promise<VerifiedFile> {
  const path = folder === undefined ? undefined : findFile(folder, name);
  if (path === undefined) return { name, path: null, state: 'missing', needed, why: 'not there' };
  const judged = (state: 'whole' | 'damaged', why: string): VerifiedFile => ({
    name,
    path,
    state,
    needed,
    why,
  });
  try {
    const asItIs = await sumsOf(path, signal);
    if (packed !== undefined && isSame(asItIs, packed)) return judged('whole', 'md5 as published, packed');
    if (!(await isFilePacked(path))) return judged(...compare(asItIs, sums, ''));
    const most = Math.max(...sums.map(({ bytes }) => bytes));
    return judged(...compare(await unpackedSums(path, most, signal), sums, ' unpacked'));
  } catch (error) {
    if (error instanceof MetaplastError) throw error;
    return judged('damaged', (error as Error).message);
  }
}

const isSame = (found: FoundSums, { bytes, md5 }: Sums): boolean =>
  found.bytes === bytes && found.md5 === md5;

function compare(found: FoundSums, legal: readonly Sums[], form: string): ['whole' | 'damaged', string] {
  const same = legal.find(({ bytes, md5 }) => bytes === found.bytes && (md5 === null || md5 === found.md5));
  if (same !== undefined)
    return ['whole', same.md5 === null ? `length alone${form}: no checksum is published` : `md5${form}`];
  const asLong = legal.find(({ bytes }) => bytes === found.bytes);
  if (asLong !== undefined) return ['damaged', `md5${form} is ${found.md5}, not ${asLong.md5}`];
  return ['damaged', `${found.bytes} bytes${form}, not ${legal.map(({ bytes }) => bytes).join(' or ')}`];
}

interface FoundSums {
  readonly bytes: number;
  readonly md5: string;
}

/** Length and checksum of a file as it is. */
export async function sumsOf(path: string, signal?: AbortSignal): Promise<FoundSums> {
  try {
    return await sumsOfStream(fs.createReadStream(path), Number.POSITIVE_INFINITY, signal);
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** Of what gzip packed. @throws Error where it cannot be unpacked, is longer than `most` bytes, or has more behind it. */
async function unpackedSums(path: string, most: number, signal?: AbortSignal): Promise<FoundSums> {
  const source = fs.createReadStream(path);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  try {
    const sums = await sumsOfStream(source.pipe(gunzip), most, signal);
    if (gunzip.bytesWritten === fs.statSync(path).size) return sums;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  throw new Error('something else is behind what gzip packed');
}

async function sumsOfStream(
  chunks: AsyncIterable<Buffer>,
  most: number,
  signal?: AbortSignal,
): Promise<FoundSums> {
  const hash = createHash('md5');
  let bytes = 0;
  for await (const chunk of chunks) {
    checkNotInterrupted(signal);
    bytes += chunk.length;
    if (bytes > most) throw new Error(`more than ${most} bytes unpacked`);
    hash.update(chunk);
  }
  return { bytes, md5: hash.digest('hex') };
}

async function isFilePacked(path: string): Promise<boolean> {
  const file = await fs.promises.open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return isPacked(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
