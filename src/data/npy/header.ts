import { InputError } from '../../core/errors';
import { type Shape, sizeOf } from '../../core/shape';

/** The element types that traces are written in: little-endian float64, float32, int32. */
export type NpyType = '<f8' | '<f4' | '<i4';

/** The array that holds elements of each type. */
export const npyArrays = { '<f8': Float64Array, '<f4': Float32Array, '<i4': Int32Array };

/** An array of one of the types that a trace may have. */
export type NpyArray = Float64Array | Float32Array | Int32Array;

/** What the head of a .npy file tells. */
export interface NpyHeader {
  readonly dtype: NpyType;
  readonly shape: Shape;
  /** Where the data starts, in bytes from the file's start. */
  readonly dataOffset: number;
}

const magic = '\x93NUMPY';
const alignment = 64;
const mostRows = 10 ** 15 - 1;

const tuple = (shape: Shape) => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`);
const dictionary = (dtype: NpyType, shape: Shape) =>
  `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple(shape)}, }`;

/**
 * The head of a version 1.0 file whose first axis grows. Its length is the same for every count of rows up to
 * 15 digits, and a multiple of 64 bytes.
 */
export function formatNpyHeader(dtype: NpyType, rowShape: Shape, rows: number): Uint8Array {
  const longest = 10 + dictionary(dtype, [mostRows, ...rowShape]).length + 1;
  const total = Math.ceil(longest / alignment) * alignment;
  const head = Buffer.from(`${magic}\x01\x00\x00\x00`, 'latin1');
  head.writeUInt16LE(total - head.length, 8);
  const text = `${dictionary(dtype, [rows, ...rowShape]).padEnd(total - head.length - 1)}\n`;
  return Buffer.concat([head, Buffer.from(text, 'latin1')]);
}

/** What the head of any .npy file tells. */
export interface NpyForm {
  /** As NumPy writes a type: `<f8`, `>i2`, `|u1`. */
  readonly descr: string;
  /** Whether the first axis runs fastest. */
  readonly fortran: boolean;
  readonly shape: Shape;
  readonly dataOffset: number;
}

const refusal = (file: string) => (what: string, got?: unknown, legal?: string) =>
  new InputError({
    what: `"${file}" ${what}`,
    ...(got === undefined ? {} : { got }),
    legal,
    advice: 'Name a .npy file of one of these types, or convert it with NumPy',
  });

/**
 * Reads the head of a file as traces are: of one of their types, in C order.
 * @param bytes The file's first bytes, at least its head.
 * @param file Its name, for messages.
 * @throws InputError where it is no such file.
 */
export function parseNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  const bad = refusal(file);
  const { descr, fortran, shape, dataOffset } = parseNpyForm(bytes, file);
  if (!Object.hasOwn(npyArrays, descr))
    throw bad('holds elements of another type', descr, Object.keys(npyArrays).join(', '));
  if (fortran && shape.length > 1) throw bad('is in Fortran order', 'True', 'C order (fortran_order False)');
  return { dtype: descr as NpyType, shape, dataOffset };
}

/**
 * Reads the head of a version 1.0, 2.0 or 3.0 file of any type and order.
 * @throws InputError where it is no such file.
 */
export function parseNpyForm(given: Uint8Array, file: string): NpyForm {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const bad = refusal(file);
  if (bytes.toString('latin1', 0, 6) !== magic)
    throw bad('is no .npy file: it does not start with \\x93NUMPY');
  const major = bytes[6] ?? 0;
  if (![1, 2, 3].includes(major)) throw bad('is of another .npy version', major, '1, 2 or 3');
  const textStart = major === 1 ? 10 : 12;
  if (bytes.length < textStart) throw bad('is truncated: its head is incomplete');
  const textBytes = major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const dataOffset = textStart + textBytes;
  if (bytes.length < dataOffset) throw bad('is truncated: its head is incomplete');
  const text = bytes.toString('latin1', textStart, dataOffset);
  const descr = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const axes = /['"]shape['"]\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (order === undefined || axes === undefined) throw bad('has a malformed head', text.trim());
  if (descr === undefined) throw bad('holds elements of several types', text.trim(), 'one type');
  const shape = axes
    .split(',')
    .filter((axis) => axis.trim() !== '')
    .map(Number);
  if (!Number.isSafeInteger(sizeOf(shape))) throw bad('tells of an impossible shape', axes);
  return { descr, fortran: order === 'True', shape, dataOffset };
}
