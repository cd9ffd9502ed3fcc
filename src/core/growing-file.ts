import fs from 'node:fs';
import { MetaplastError } from './errors';
import type { FileListing } from './file-listing';

/** An open file that only grows: what its kinds have in common is how they end, and how they are listed. */
export abstract class GrowingFile {
  private safe: FileListing | null = null;

  protected constructor(
    readonly path: string,
    private descriptor: number | null,
  ) {}

  /** How the file is listed with all that was added so far, which may not be on the disk yet. */
  abstract listing(): FileListing;

  /** How it is listed with what is on the disk for sure: all that was added before the last `sync`. */
  get synced(): FileListing | null {
    return this.safe;
  }

  /**
   * Returns when everything so far is on the disk.
   * @throws MetaplastError where the disk refuses it.
   */
  sync(): void {
    const listing = this.listing();
    this.bringToDisk();
    this.safe = listing;
  }

  /** What `sync` does. */
  protected abstract bringToDisk(): void;

  /** Syncs and closes; a second call does nothing. The file is closed even where the disk refuses what is left. */
  close(): void {
    if (this.descriptor === null) return;
    const descriptor = this.descriptor;
    try {
      this.sync();
    } finally {
      this.descriptor = null;
      fs.closeSync(descriptor);
    }
  }

  /** @throws MetaplastError where the file was closed. */
  protected opened(): number {
    if (this.descriptor !== null) return this.descriptor;
    throw new MetaplastError({ what: `"${this.path}" was closed`, advice: 'Append before close()' });
  }
}
