import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { readNpy } from '../../src/trace/npy';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-npy-types-'));
const file = path.join(folder, 'any.npy');
afterAll(() => fs.rmSync(folder, { recursive: true }));

type Write = (view: DataView, at: number, value: number, little: boolean) => void;

/** How an element of each type is written, and which values it holds. */
const types: Readonly<Record<string, readonly [bytes: number, values: fc.Arbitrary<number>, write: Write]>> =
  {
    b1: [1, fc.integer({ min: 0, max: 1 }), (v, at, x) => v.setUint8(at, x)],
    i1: [1, fc.integer({ min: -128, max: 127 }), (v, at, x) => v.setInt8(at, x)],
    u1: [1, fc.integer({ min: 0, max: 255 }), (v, at, x) => v.setUint8(at, x)],
    i2: [2, fc.integer({ min: -32768, max: 32767 }), (v, at, x, l) => v.setInt16(at, x, l)],
    u2: [2, fc.integer({ min: 0, max: 65535 }), (v, at, x, l) => v.setUint16(at, x, l)],
    i4: [4, fc.integer(), (v, at, x, l) => v.setInt32(at, x, l)],
    u4: [4, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (v, at, x, l) => v.setUint32(at, x, l)],
    i8: [8, fc.maxSafeInteger(), (v, at, x, l) => v.setBigInt64(at, BigInt(x), l)],
    u8: [8, fc.maxSafeNat(), (v, at, x, l) => v.setBigUint64(at, BigInt(x), l)],
    f4: [4, fc.float({ noNaN: true }), (v, at, x, l) => v.setFloat32(at, x, l)],
    f8: [8, fc.double({ noNaN: true }), (v, at, x, l) => v.setFloat64(at, x, l)],
  };

function writeFile(
  descr: string,
  shape: readonly number[],
  values: readonly number[],
  fortran: boolean,
  write: Write,
  bytes: number,
): void {
  const head = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')},)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(head.length);
  const data = new DataView(new ArrayBuffer(values.length * bytes));
  for (const [i, value] of values.entries()) write(data, i * bytes, value, descr[0] !== '>');
  const parts = [
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(head),
    Buffer.from(data.buffer),
  ];
  fs.writeFileSync(file, Buffer.concat(parts));
}

/** What stands in C order at each place, of values whose first axis runs fastest. */
function byColumns(values: readonly number[], [rows, columns]: readonly [number, number]): number[] {
  return values.map((_, i) => values[Math.floor(i / columns) + rows * (i % columns)]!);
}

describe.each(Object.entries(types))('a file of elements %s', (name, [bytes, values, write]) => {
  it('is read in both byte orders and both orders of axes', () => {
    const anyFile = fc.record({
      shape: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      drawn: fc.array(values, { minLength: 16, maxLength: 16 }),
      order: fc.constantFrom(...(bytes === 1 ? ['|'] : ['<', '>'])),
      fortran: fc.boolean(),
    });
    fc.assert(
      fc.property(anyFile, ({ shape, drawn, order, fortran }) => {
        const given = drawn.slice(0, shape[0] * shape[1]);
        writeFile(order + name, shape, given, fortran, write, bytes);
        const read = readNpy(file);
        expect({ shape: read.shape, dtype: read.dtype }).toEqual({ shape, dtype: order + name });
        // -0 is 0 to an integer.
        expect([...read.data].map((value) => value + 0)).toEqual(
          (fortran ? byColumns(given, shape) : given).map((value) => value + 0),
        );
      }),
    );
  });
});

describe('half floats', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x3555, 0.333251953125],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('of bits %d are %d', (bits, value) => {
    for (const order of ['<', '>']) {
      writeFile(`${order}f2`, [1], [bits], false, (view, at, x, little) => view.setUint16(at, x, little), 2);
      expect([...readNpy(file).data]).toEqual([value]);
    }
  });
});

it('a 64-bit integer that no float64 holds is refused, with its place', () => {
  writeFile(
    '<i8',
    [2],
    [1, 2],
    false,
    (view, at, x) => view.setBigInt64(at, x === 2 ? 2n ** 53n + 1n : 1n, true),
    8,
  );
  expect(() => readNpy(file)).toThrow(InputError);
  expect(() => readNpy(file)).toThrow(/at element 1\. Got "9007199254740993"/);
});

it('the first rows alone are read of a file in Fortran order too', () => {
  writeFile('<f8', [3, 2], [1, 2, 3, 4, 5, 6], true, (view, at, x) => view.setFloat64(at, x, true), 8);
  expect([...readNpy(file, 2).data]).toEqual([1, 4, 2, 5]);
});
