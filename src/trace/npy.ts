import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs';
import { ofLength, wholeNumber } from '../core/checks';
import { hashPart } from '../core/checksum';
import { writeDurably, writeFully } from '../core/durable-file';
import { CheckpointError, InputError } from '../core/errors';
import { writeFailure } from '../core/file-failures';
import type { FileListing } from '../core/file-listing';
import { GrowingFile } from '../core/growing-file';
import { checkShape, formatShape, sameShape, sizeOf } from '../core/shape';
import { formatNpyHeader, type NpyArray, type NpyType, npyArrays } from '../data/npy/header';
import { readNpyHead } from '../data/npy/read';

export { readNpy } from '../data/npy/read';

/** What a growing file holds. */
export interface NpySpec {
  readonly dtype: NpyType;
  /** Shape of one row; `[]` for one number a row. The file's shape is `[rows, ...rowShape]`. */
  readonly rowShape: readonly number[];
}

const bufferBytes = 64 * 1024;

/**
 * Writes a NumPy .npy file (version 1.0, C order) row by row, in bounded memory. The count of rows in its head is
 * raised by `sync`, after the rows themselves are on the disk: whenever the process is killed, the file opens in NumPy
 * and holds at least the rows synced last.
 */
export class NpyWriter extends GrowingFile {
  private readonly staged: NpyArray;
  private readonly bytes: Uint8Array;
  private readonly rowLength: number;
  private readonly rowBytes: number;
  private readonly dataOffset: number;
  private stagedRows = 0;
  /** How many of the staged rows the hash has taken in, beside all that were written. */
  private hashedRows = 0;

  private constructor(
    path: string,
    private readonly spec: NpySpec,
    descriptor: number,
    private writtenRows: number,
    private readonly hash: Hash,
  ) {
    super(path, descriptor);
    const ArrayType = npyArrays[spec.dtype];
    this.rowLength = sizeOf(spec.rowShape);
    this.rowBytes = this.rowLength * ArrayType.BYTES_PER_ELEMENT;
    this.staged = new ArrayType(this.rowLength * Math.max(1, Math.floor(bufferBytes / this.rowBytes)));
    this.bytes = new Uint8Array(this.staged.buffer);
    this.dataOffset = formatNpyHeader(spec.dtype, spec.rowShape, 0).length;
  }

  /**
   * A new file with no rows yet, whole from the start.
   * @param path Its folder must exist.
   * @throws InputError where the file exists already, cannot be written, or the spec is wrong.
   */
  static create(path: string, spec: NpySpec): NpyWriter {
    checkSpec(spec);
    if (fs.existsSync(path)) {
      throw new InputError({
        what: `"${path}" exists already, and a trace is never overwritten`,
        advice: 'Name another file, or go on with NpyWriter.resume',
      });
    }
    writeDurably(path, formatNpyHeader(spec.dtype, spec.rowShape, 0));
    return new NpyWriter(path, spec, openToWrite(path), 0, createHash('sha256'));
  }

  /**
   * Goes on with a file after its first `rows` rows; later ones are cut off. With 0 rows a missing file is made.
   * @throws CheckpointError where the file holds fewer rows, or rows of another shape or type.
   */
  static resume(path: string, spec: NpySpec, rows: number): NpyWriter {
    checkSpec(spec);
    wholeNumber('rows', rows);
    if (rows === 0 && !fs.existsSync(path)) return NpyWriter.create(path, spec);
    checkHeld(path, spec, rows);
    const descriptor = openToWrite(path);
    let writer: NpyWriter;
    try {
      const from = formatNpyHeader(spec.dtype, spec.rowShape, 0).length;
      const to = from + rows * sizeOf(spec.rowShape) * npyArrays[spec.dtype].BYTES_PER_ELEMENT;
      writer = new NpyWriter(path, spec, descriptor, rows, hashPart(descriptor, from, to));
      writer.writeHead(); // First the smaller count, then the cut: the count never exceeds the rows there.
      fs.ftruncateSync(writer.opened(), writer.end());
      fs.fsyncSync(writer.opened());
    } catch (error) {
      fs.closeSync(descriptor);
      throw writeFailure(path, error);
    }
    return writer;
  }

  /** Rows appended so far, those of earlier processes included. */
  get rows(): number {
    return this.writtenRows + this.stagedRows;
  }

  /**
   * Adds one row, copied at once.
   * @param row Its numbers in C order.
   * @throws InputError where its length is wrong, or a number is none of int32 in an `<i4` file.
   */
  append(row: ArrayLike<number>): void {
    this.opened();
    ofLength(`A row of "${this.path}"`, row, this.rowLength);
    if ((this.stagedRows + 1) * this.rowLength > this.staged.length) this.flush();
    const start = this.stagedRows * this.rowLength;
    this.staged.set(row, start);
    if (this.spec.dtype === '<i4') {
      for (let i = 0; i < row.length; i++) {
        if (this.staged[start + i] === row[i]) continue;
        throw new InputError({
          what: `Entry ${i} of a row of "${this.path}" does not fit the file's type <i4`,
          got: row[i],
          legal: 'whole numbers from -2147483648 to 2147483647',
        });
      }
    }
    this.stagedRows++;
  }

  /**
   * Hands the rows so far to the system, where other processes see them; neither are they safe on the disk then, nor does the file's head count them.
   * @throws MetaplastError where the disk refuses it.
   */
  show(): void {
    if (this.stagedRows > 0) this.flush();
  }

  listing(): FileListing {
    this.hashStaged();
    const { dtype, rowShape } = this.spec;
    return {
      bytes: this.end() + this.stagedRows * this.rowBytes,
      sha256: this.hash.copy().digest('hex'),
      grows: true,
      npy: { dtype, shape: [this.rows, ...rowShape] },
    };
  }

  /** Each row is hashed once, however often the file is listed. */
  private hashStaged(): void {
    this.hash.update(this.bytes.subarray(this.hashedRows * this.rowBytes, this.stagedRows * this.rowBytes));
    this.hashedRows = this.stagedRows;
  }

  /** Rows first, then their count in the file's head. */
  protected bringToDisk(): void {
    this.flush();
    try {
      fs.fsyncSync(this.opened());
      this.writeHead();
    } catch (error) {
      throw writeFailure(this.path, error);
    }
  }

  private flush(): void {
    this.hashStaged();
    try {
      writeFully(this.opened(), this.bytes.subarray(0, this.stagedRows * this.rowBytes), this.end());
    } catch (error) {
      throw writeFailure(this.path, error);
    }
    this.writtenRows += this.stagedRows;
    this.stagedRows = 0;
    this.hashedRows = 0;
  }

  private writeHead(): void {
    const { dtype, rowShape } = this.spec;
    writeFully(this.opened(), formatNpyHeader(dtype, rowShape, this.writtenRows), 0);
    fs.fsyncSync(this.opened());
  }

  /** Where the next row goes in the file, in bytes. */
  private end(): number {
    return this.dataOffset + this.writtenRows * this.rowBytes;
  }
}

function openToWrite(path: string): number {
  try {
    return fs.openSync(path, 'r+');
  } catch (error) {
    throw writeFailure(path, error);
  }
}

function checkSpec({ dtype, rowShape }: NpySpec): void {
  checkShape('rowShape', rowShape);
  if (Object.hasOwn(npyArrays, dtype)) return;
  throw new InputError({ what: 'Unknown dtype', got: dtype, legal: Object.keys(npyArrays).join(', ') });
}

/** @throws CheckpointError unless the file holds at least `rows` rows as the spec says, laid out as a writer does. */
function checkHeld(path: string, spec: NpySpec, rows: number): void {
  const refuse = (what: string, got: string, legal: string) =>
    new CheckpointError({
      what: `"${path}" ${what}`,
      got,
      legal,
      advice: 'Restore the file, or start the run anew',
    });
  let head: ReturnType<typeof readNpyHead>;
  try {
    head = readNpyHead(path);
  } catch (error) {
    throw new CheckpointError({ what: (error as Error).message.replace(/\.$/, '') });
  }
  const [counted = 0, ...rowShape] = head.shape;
  if (head.dtype !== spec.dtype) throw refuse('holds another type', head.dtype, spec.dtype);
  if (head.shape.length === 0 || !sameShape(rowShape, spec.rowShape)) {
    throw refuse('holds rows of another shape', formatShape(rowShape), formatShape(spec.rowShape));
  }
  if (head.dataOffset !== formatNpyHeader(spec.dtype, spec.rowShape, 0).length) {
    throw refuse(
      'has a head that this program did not write',
      `${head.dataOffset} bytes`,
      'a file of a NpyWriter',
    );
  }
  const held = Math.min(counted, Math.floor(head.present / sizeOf(rowShape)));
  if (held < rows)
    throw refuse('holds fewer rows than the checkpoint', `${held} rows`, `at least ${rows} rows`);
}
