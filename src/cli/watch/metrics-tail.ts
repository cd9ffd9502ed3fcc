import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { codeOf } from '../../core/file-failures';
import { numbersBelow } from '../../study/compare/metrics';

/** Values that are kept of each metric. */
const mostValues = 400;
/** Bytes by which it is seen that a file was cut and has grown again. */
const compared = 64;
/** The end of a growing file of records, read as far as it has not been yet. */
export class MetricsTail {
  private position = 0;
  private rest = '';
  private decoder = new StringDecoder('utf8');
  private records = 0;
  private courses: Record<string, number[]> = {};
  /** What was read last. */
  private last = Buffer.alloc(0);

  constructor(private readonly file: string) {}

  /** Its whole lines so far, and the numbers of its last records by their paths. */
  read(): { readonly records: number; readonly courses: Readonly<Record<string, readonly number[]>> } {
    let descriptor: number | null = null;
    try {
      // Not to wait for what is no file.
      descriptor = fs.openSync(this.file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
      if (fs.fstatSync(descriptor).isFile()) this.readOn(descriptor);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    } finally {
      if (descriptor !== null) fs.closeSync(descriptor);
    }
    return { records: this.records, courses: this.courses };
  }

  private readOn(descriptor: number): void {
    const { size } = fs.fstatSync(descriptor);
    // A resumed run has cut what was behind its checkpoint, and may have grown beyond it since.
    if (size < this.position || !this.isSame(descriptor)) this.beginAgain();
    const buffer = Buffer.alloc(256 * 1024);
    while (this.position < size) {
      const read = fs.readSync(descriptor, buffer, 0, buffer.length, this.position);
      if (read === 0) break;
      const part = buffer.subarray(0, read);
      this.position += read;
      this.last = Buffer.concat([this.last, part]).subarray(-compared);
      const lines = (this.rest + this.decoder.write(part)).split('\n');
      this.rest = lines.pop()!;
      for (const line of lines) this.take(line);
    }
  }

  /** Whether what was read last is still there. */
  private isSame(descriptor: number): boolean {
    const held = Buffer.alloc(this.last.length);
    fs.readSync(descriptor, held, 0, held.length, this.position - held.length);
    return held.equals(this.last);
  }

  private beginAgain(): void {
    [this.position, this.rest, this.records, this.courses] = [0, '', 0, {}];
    this.last = Buffer.alloc(0);
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
