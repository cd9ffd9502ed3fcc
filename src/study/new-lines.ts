import fs from 'node:fs';
import { codeOf, readFailure } from '../core/file-failures';

/** Reads what is added to a file, line by line. */
export class NewLines {
  /** Bytes that were read already, up to the end of a line. */
  private readTo = 0;

  constructor(private readonly file: string) {}

  /** The lines since the last call, at first all. One that has no end yet is left for the next call. */
  read(): string[] {
    const bytes = this.unread();
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.readTo += end;
    return end === 0
      ? []
      : bytes
          .subarray(0, end - 1)
          .toString('utf8')
          .split('\n');
  }

  private unread(): Buffer {
    let descriptor: number;
    try {
      descriptor = fs.openSync(this.file, 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return Buffer.alloc(0);
      throw readFailure(this.file, error);
    }
    try {
      const bytes = Buffer.alloc(Math.max(0, fs.fstatSync(descriptor).size - this.readTo));
      const read = fs.readSync(descriptor, bytes, 0, bytes.byteLength, this.readTo);
      return bytes.subarray(0, read);
    } catch (error) {
      throw readFailure(this.file, error);
    } finally {
      fs.closeSync(descriptor);
    }
  }
}
