import { InputError } from '../../core/errors';
import { type Shape, sizeOf } from '../../core/shape';
import type { NpyArray } from './header';

/** How one element is read, by NumPy's letter and its count of bytes; `little` is the byte order. */
const readers: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number | bigint>> = {
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => view.getBigInt64(at, little),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => view.getBigUint64(at, little),
  f2: (view, at, little) => halfFloat(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** Bytes of an element. */
export const bytesOf = (descr: string): number => Number(descr.slice(2));

/** @throws InputError where elements are of a type that cannot be read. */
export function checkElements(descr: string, file: string): void {
  if (/^[<>|=]/.test(descr) && Object.hasOwn(readers, descr.slice(1))) return;
  throw new InputError({
    what: `"${file}" holds elements of another type`,
    got: descr,
    legal: `${Object.keys(readers).join(', ')}, behind <, > or |`,
    advice: 'Name a .npy file of one of these types, or convert it with NumPy',
  });
}

/**
 * Elements as numbers.
 * @throws InputError where a 64-bit integer is not exactly a float64.
 */
export function decodeElements(bytes: Uint8Array, descr: string, file: string): NpyArray {
  if (descr === '<f8') return new Float64Array(bytes.buffer);
  if (descr === '<f4') return new Float32Array(bytes.buffer);
  if (descr === '<i4') return new Int32Array(bytes.buffer);
  const [read, size, little] = [readers[descr.slice(1)]!, bytesOf(descr), descr[0] !== '>'];
  const view = new DataView(bytes.buffer);
  const data = new Float64Array(bytes.length / size);
  for (let i = 0; i < data.length; i++) {
    const value = read(view, i * size, little);
    data[i] = Number(value);
    if (typeof value !== 'bigint' || BigInt(data[i]!) === value) continue;
    throw new InputError({
      what: `"${file}" holds an integer that no float64 does, at element ${i}`,
      got: String(value),
      legal: 'integers of up to 53 bits',
      advice: 'Subtract an offset, or convert them to floats with NumPy',
    });
  }
  return data;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Elements whose first axis runs fastest, in the order in which the last one does. */
export function inCOrder(data: NpyArray, shape: Shape): NpyArray {
  const out = data.slice();
  const steps = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const place = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++place[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      place[axis] = 0;
    }
  }
  return out;
}
