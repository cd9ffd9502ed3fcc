import fs from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { InputError, MetaplastError } from '../../core/errors';
import { codeOf, readFailure } from '../../core/file-failures';
import type { DataFile } from '../images/unpacked-file';

/** What is in an archive that is no folder. */
export interface ZipEntry {
  /** Its path in the archive, with `/` between folders: never absolute, never climbing out. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an archive may be at the most: more is refused before it takes memory. */
export interface ZipLimits {
  /** Bytes of the archive. */
  readonly archiveBytes: number;
  /** Files and folders in it. */
  readonly entries: number;
  /** Bytes of each file, unpacked. */
  readonly entryBytes: number;
}

/**
 * The files of a zip archive in the order of its directory, unpacked one by one.
 * @param isWanted Which are unpacked, by their path; limits and paths of the others are checked all the same.
 * @throws InputError where the archive is no whole one, is larger than the limits, has a path that is absolute or climbs out, or an entry that is
 * not what the directory says of it.
 */
export async function* zipEntries(
  file: DataFile,
  limits: ZipLimits,
  isWanted: (name: string) => boolean,
): AsyncGenerator<ZipEntry> {
  const content = contentOf(file, limits);
  const archive = await open(content, file, limits);
  try {
    for await (const entry of archive.eachEntry()) {
      checkEntry(entry, file, limits);
      if (entry.fileName.endsWith('/') || !isWanted(entry.fileName)) continue;
      yield { name: entry.fileName, bytes: await unpack(archive, content, entry, file) };
    }
  } catch (error) {
    throw error instanceof MetaplastError ? error : broken(file, error);
  } finally {
    archive.close();
  }
}

async function open(content: Buffer, file: DataFile, limits: ZipLimits): Promise<ZipFile> {
  let archive: ZipFile;
  try {
    // Loaded when an archive is opened: a command that opens none is not kept waiting.
    const { fromBufferPromise } = require('yauzl') as typeof import('yauzl');
    archive = await fromBufferPromise(content, {
      lazyEntries: true,
      strictFileNames: true,
      autoClose: false,
    });
  } catch (error) {
    throw broken(file, error);
  }
  if (archive.entryCount <= limits.entries) return archive;
  throw new InputError({
    what: `"${file.path}" has more files than such an archive can have`,
    got: archive.entryCount,
    legal: `up to ${limits.entries}`,
    advice: file.advice,
  });
}

function contentOf(file: DataFile, { archiveBytes }: ZipLimits): Buffer {
  try {
    const { size } = fs.statSync(file.path);
    if (size <= archiveBytes) return fs.readFileSync(file.path);
    throw new InputError({
      what: `"${file.path}" is larger than such an archive can be`,
      got: `${size} bytes`,
      legal: `up to ${archiveBytes} bytes`,
      advice: file.advice,
    });
  } catch (error) {
    throw readFailure(file.path, error);
  }
}

/** @throws InputError where an entry says that it is larger than any can be, or that it cannot be read. */
function checkEntry(entry: Entry, file: DataFile, { entryBytes }: ZipLimits): void {
  const { fileName, uncompressedSize, compressedSize } = entry;
  const size = Math.max(uncompressedSize, compressedSize);
  if (size > entryBytes) {
    throw new InputError({
      what: `"${fileName}" in "${file.path}" is larger than such a file can be`,
      got: `${size} bytes`,
      legal: `up to ${entryBytes} bytes`,
      advice: file.advice,
    });
  }
  if (fileName.endsWith('/') || entry.canDecodeFileData()) return;
  throw new InputError({
    what: `"${fileName}" in "${file.path}" cannot be unpacked`,
    got: entry.isEncrypted() ? 'an encrypted file' : `compression method ${entry.compressionMethod}`,
    legal: 'stored or deflated (methods 0 and 8), not encrypted',
    advice: file.advice,
  });
}

/** @throws InputError where the entry has not as many bytes as the directory says. */
async function unpack(archive: ZipFile, content: Buffer, entry: Entry, file: DataFile): Promise<Uint8Array> {
  const { compressedSize, uncompressedSize, compressionMethod, fileName } = entry;
  try {
    // A stream for each of many thousands of small files takes longer than all else together.
    const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
    const packed = content.subarray(fileDataStart, fileDataStart + compressedSize);
    const most = { maxOutputLength: Math.max(1, uncompressedSize) };
    const bytes = compressionMethod === 0 ? packed : inflateRawSync(packed, most);
    if (bytes.length === uncompressedSize) return bytes;
    throw new Error(`it has ${bytes.length} bytes, and the directory says ${uncompressedSize}`);
  } catch (error) {
    const isTooLarge = codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
    const why = isTooLarge
      ? new Error(`it has more than the ${uncompressedSize} bytes that the directory says`)
      : error;
    throw broken(file, why, fileName);
  }
}

function broken(file: DataFile, error: unknown, entry?: string): InputError {
  const where = entry === undefined ? `"${file.path}"` : `"${entry}" in "${file.path}"`;
  const wrong = new InputError({
    what: `${where} cannot be unpacked: ${(error as Error).message}`,
    legal: 'a whole zip archive, whose directory tells the truth about each file',
    advice: file.advice,
  });
  wrong.cause = error;
  return wrong;
}
