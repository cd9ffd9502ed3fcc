import fs from 'node:fs';
import { MetaplastError } from '../../../core/errors';
import { sizeOf } from '../../../core/shape';
import { parseNpyHeader } from '../../../data/npy/header';
import { type Enclosure, FileProblem, readPart } from '../files/enclosure';

/** Of what metaplast writes, which takes 128 or 192. */
const longestHead = 4096;

/** A .npy file of float64 with rows of one length, which may grow while it is open. */
export class NumberFile {
  private constructor(
    /** From the served folder on. */
    readonly file: string,
    private readonly descriptor: number,
    private readonly dataOffset: number,
    /** Numbers in a row. */
    readonly width: number,
    /** By what a file is known that took the place of another. */
    readonly identity: string,
  ) {}

  /**
   * Opens a file; whoever asks closes it.
   * @throws FileProblem where it is none of such rows.
   */
  static open(enclosure: Enclosure, file: string, width: number): NumberFile {
    const { descriptor, stats } = enclosure.open(file);
    try {
      const { dtype, shape, dataOffset } = parseNpyHeader(readPart(descriptor, 0, longestHead), file);
      if (dtype !== '<f8' || sizeOf(shape.slice(1)) !== width)
        throw new FileProblem(
          file,
          `holds ${dtype} of shape (${shape.join(', ')}), and not rows of ${width} float64`,
        );
      return new NumberFile(file, descriptor, dataOffset, width, `${stats.dev}.${stats.ino}`);
    } catch (error) {
      fs.closeSync(descriptor);
      if (error instanceof MetaplastError) throw new FileProblem(file, 'is no .npy file of a trace');
      throw error;
    }
  }

  /** Whole rows that it holds now. */
  get rows(): number {
    const { size } = fs.fstatSync(this.descriptor);
    return Math.max(0, Math.floor((size - this.dataOffset) / (8 * this.width)));
  }

  /**
   * Reads numbers of a row, or of rows one behind the other.
   * @param into Is filled.
   * @throws FileProblem where the file was cut.
   */
  read(row: number, column: number, into: Float64Array): void {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    const start = this.dataOffset + 8 * (row * this.width + column);
    for (let done = 0; done < bytes.length; ) {
      const read = fs.readSync(this.descriptor, bytes, done, bytes.length - done, start + done);
      if (read === 0) throw new FileProblem(this.file, 'was cut while it was read');
      done += read;
    }
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}
