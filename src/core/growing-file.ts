import fs from 'node:fs';
import { MetaplastError } from './errors';

/** An open file that only grows: what its kinds have in common is how they end. */
export abstract class GrowingFile {
  protected constructor(
    readonly path: string,
    private descriptor: number | null,
  ) {}

  /** Returns when everything so far is on the disk. */
  abstract sync(): void;

  /** Syncs and closes; a second call does nothing. */
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
