import { sha256 } from './checksum';

/** What a file holds, as far as one can tell it by: how long it is, and its checksum. */
export interface FileListing {
  readonly bytes: number;
  /** SHA-256 in hexadecimal of the whole file; of what follows the head, where it is a .npy file. */
  readonly sha256: string;
  /** The head of a .npy file, which is told by these two. */
  readonly npy?: { readonly dtype: string; readonly shape: readonly number[] };
  /** More may follow while a process works on the file. */
  readonly grows?: true;
  /** The file ends with its checksum, of which `sha256` is a copy, and which is not counted in. */
  readonly endsWithChecksum?: true;
}

/** How a file of this content is listed; a string is written as UTF-8. */
export function listingOf(data: string | Uint8Array): FileListing {
  const bytes = typeof data === 'string' ? Buffer.byteLength(data, 'utf8') : data.byteLength;
  return { bytes, sha256: sha256(data) };
}
