import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What a process does with a cache of code: fill it, or load from it. */
export type CodeTask = 'record' | 'replay';

/**
 * The code that the trials of a worker load, which the first one to end well records and those after it load from. It lies in a file that has no name
 * any more: nobody else reads or writes it, and it is gone when the last process is that has it open.
 */
export class CodeCache {
  private state: 'empty' | 'being recorded' | 'recorded' = 'empty';

  private constructor(readonly descriptor: number) {}

  /** @returns null where no temporary file can be made: then every process loads its code as ever. */
  static open(): CodeCache | null {
    const file = path.join(os.tmpdir(), `metaplast-code-${randomBytes(12).toString('hex')}`);
    try {
      const descriptor = fs.openSync(file, 'wx+', 0o600);
      fs.unlinkSync(file);
      return new CodeCache(descriptor);
    } catch {
      return null;
    }
  }

  /** What the next process is to do with it; null for nothing, while another one records. */
  nextTask(): CodeTask | null {
    if (this.state === 'recorded') return 'replay';
    if (this.state === 'being recorded') return null;
    this.state = 'being recorded';
    return 'record';
  }

  /** Notes that the process that was to record has ended, and whether it did. */
  recordingEnded(isRecorded: boolean): void {
    this.state = isRecorded ? 'recorded' : 'empty';
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}
