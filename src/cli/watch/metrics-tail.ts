import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { codeOf } from '../../core/file-failures';
import { numbersBelow } from '../../study/compare/metrics';

/** Values that are kept of each metric. */
const mostValues = 400;
/** Bytes that are read of a file at once; of one that is longer when it is first seen, the end. */
const mostBytes = 4 * 1024 * 1024;

/** The end of a growing file of records, read as far as it has not been yet. */
export class MetricsTail {
  private position = 0;
  private rest = '';
  private decoder = new StringDecoder('utf8');
  private records = 0;
  private courses: Record<string, number[]> = {};

  constructor(private readonly file: string) {}

  /** Its whole lines so far, and the numbers of its last records by their paths. */
  read(): { readonly records: number; readonly courses: Readonly<Record<string, readonly number[]>> } {
    for (const line of this.newLines()) this.take(line);
    return { records: this.records, courses: this.courses };
  }

  private newLines(): string[] {
    let descriptor: number;
    try {
      descriptor = fs.openSync(this.file, 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
    try {
      const { size } = fs.fstatSync(descriptor);
      if (size < this.position) this.beginAgain(); // A resumed run has cut what was behind its checkpoint.
      let text = '';
      const buffer = Buffer.alloc(64 * 1024);
      while (this.position < size && text.length < mostBytes) {
        const read = fs.readSync(descriptor, buffer, 0, buffer.length, this.position);
        if (read === 0) break;
        this.position += read;
        text += this.decoder.write(buffer.subarray(0, read));
      }
      const lines = (this.rest + text).split('\n');
      this.rest = lines.pop()!;
      return lines;
    } finally {
      fs.closeSync(descriptor);
    }
  }

  private beginAgain(): void {
    [this.position, this.rest, this.records, this.courses] = [0, '', 0, {}];
    this.decoder = new StringDecoder('utf8');
  }

  private take(line: string): void {
    this.records++;
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return; // Not of this program.
    }
    const numbers = new Map<string, number | null>();
    numbersBelow(record, '', numbers);
    for (const [path, value] of numbers) {
      if (value === null) continue;
      this.courses[path] ??= [];
      const course = this.courses[path];
      course.push(value);
      if (course.length > mostValues) course.shift();
    }
  }
}
