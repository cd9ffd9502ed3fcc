import { InputError } from '../../core/errors';
import { type DataFile, readUnpacked } from './unpacked-file';

/** Of the images and the labels of MNIST: big-endian, unsigned bytes in three dimensions and in one. */
const imagesMagic = 2051;
const labelsMagic = 2049;

/** What a file of images must be like. */
interface IdxImages {
  readonly rows: number;
  readonly columns: number;
  /** How many images at the most. */
  readonly most: number;
}

/** The images of an IDX file: [count][rows][columns], one byte a pixel. @throws InputError where it is not whole. */
export function readIdxImages(
  file: DataFile,
  { rows, columns, most }: IdxImages,
): { count: number; pixels: Uint8Array } {
  const { counts, content } = readIdx(file, 'images', imagesMagic, 3, 16 + most * rows * columns);
  const [count, ...size] = counts as [number, number, number];
  if (size[0] !== rows || size[1] !== columns) {
    throw new InputError({
      what: `The images of "${file.path}" have another size`,
      got: `${size[0]} rows, ${size[1]} columns`,
      legal: `${rows} rows, ${columns} columns`,
      advice: file.advice,
    });
  }
  return { count, pixels: content };
}

/**
 * The labels of an IDX file.
 * @param classes How many there are: labels are 0 to classes - 1.
 * @throws InputError where it is not whole, or a label is none.
 */
export function readIdxLabels(file: DataFile, classes: number, most: number): Uint8Array {
  const { content } = readIdx(file, 'labels', labelsMagic, 1, 8 + most);
  const wrong = content.findIndex((label) => label >= classes);
  if (wrong < 0) return content;
  throw new InputError({
    what: `Label ${wrong} of "${file.path}" names no class`,
    got: content[wrong],
    legal: `0 to ${classes - 1}`,
    advice: file.advice,
  });
}

/** Header and content of a file of IDX, whose length must be what its header says. */
function readIdx(
  file: DataFile,
  what: 'images' | 'labels',
  magic: number,
  dimensions: number,
  mostBytes: number,
): { counts: readonly number[]; content: Uint8Array } {
  const bytes = readUnpacked(file, mostBytes);
  const header = 4 + 4 * dimensions;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 4 && view.getUint32(0) !== magic) {
    throw new InputError({
      what: `"${file.path}" is no IDX file of ${what}: its first four bytes are wrong`,
      got: view.getUint32(0),
      legal: `${magic}, or a file of gzip that begins so unpacked`,
      advice: file.advice,
    });
  }
  if (bytes.length < header) {
    throw new InputError({
      what: `"${file.path}" ends within its header`,
      got: `${bytes.length} bytes`,
      legal: `a header of ${header} bytes, then the ${what}`,
      advice: file.advice,
    });
  }
  const counts = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  // In float64 the product of three such counts may be rounded, but is never small enough to be a file's length by that.
  const length = header + counts.reduce((product, count) => product * count, 1);
  if (bytes.length !== length || counts[0] === 0) {
    const ends = bytes.length < length ? 'ends too early' : 'goes on behind its end';
    throw new InputError({
      what: counts[0] === 0 ? `"${file.path}" has no ${what}` : `"${file.path}" ${ends}`,
      got: `${bytes.length} bytes unpacked`,
      legal: `${length} bytes, as its header says: ${counts.join(' x ')} ${what === 'images' ? 'pixels' : 'labels'}`,
      advice: file.advice,
    });
  }
  return { counts, content: bytes.subarray(header) };
}
