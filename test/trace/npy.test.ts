import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'npyjs';
import { CheckpointError, InputError, MetaplastError } from '../../src/core/errors';
import { NpyWriter, readNpy } from '../../src/trace/npy';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-npy-'));
  file = path.join(folder, 'phi.npy');
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** What an independent reader finds in the file. */
function foreign(): { shape: number[]; dtype: string; data: number[]; fortranOrder: boolean } {
  const bytes = fs.readFileSync(file);
  const { shape, dtype, data, fortranOrder } = parse(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  );
  return { shape, dtype, data: [...(data as Float64Array)], fortranOrder };
}

/** Three rows of two numbers. */
function three(dtype: '<f8' | '<f4' | '<i4' = '<f8'): void {
  const writer = NpyWriter.create(file, { dtype, rowShape: [2] });
  for (const row of [
    [1, 2],
    [3, 4],
    [5, 6],
  ])
    writer.append(row);
  writer.close();
}

describe('NpyWriter', () => {
  test.each(['<f8', '<f4', '<i4'] as const)('writes %s that an independent reader opens', (dtype) => {
    three(dtype);
    expect(foreign()).toEqual({
      shape: [3, 2],
      dtype: dtype.slice(1),
      data: [1, 2, 3, 4, 5, 6],
      fortranOrder: false,
    });
  });

  test('writes rows of any number of axes, also of one number', () => {
    const scalars = NpyWriter.create(file, { dtype: '<f8', rowShape: [] });
    scalars.append([7]);
    scalars.close();
    expect(foreign()).toMatchObject({ shape: [1], data: [7] });
    fs.rmSync(file);
    const cubes = NpyWriter.create(file, { dtype: '<f4', rowShape: [2, 1, 2] });
    cubes.append(Float64Array.from([1, 2, 3, 4]));
    cubes.close();
    expect(foreign()).toMatchObject({ shape: [1, 2, 1, 2], data: [1, 2, 3, 4] });
  });

  test('starts as a whole file with no rows', () => {
    NpyWriter.create(file, { dtype: '<f8', rowShape: [3] });
    expect(foreign()).toMatchObject({ shape: [0, 3], data: [] });
  });

  test('has data at a multiple of 64 bytes and room for a count of 15 digits', () => {
    for (const rowShape of [[], [1], [123456, 7], Array.from({ length: 9 }, () => 1)]) {
      fs.rmSync(file, { force: true });
      NpyWriter.create(file, { dtype: '<f8', rowShape }).close();
      const head = fs.readFileSync(file, 'latin1');
      expect(head.length % 64).toBe(0);
      expect(head.slice(10).trimEnd().length + 14 + 1).toBeLessThanOrEqual(head.length - 10);
    }
  });

  test('keeps every bit of a float64, NaN and -0 included', () => {
    const writer = NpyWriter.create(file, { dtype: '<f8', rowShape: [4] });
    writer.append([Number.NaN, -0, Infinity, 0.1]);
    writer.close();
    expect([...readNpy(file).data]).toEqual([Number.NaN, -0, Infinity, 0.1]);
  });

  test('copies a row, so that the caller may change it at once', () => {
    const writer = NpyWriter.create(file, { dtype: '<f8', rowShape: [1] });
    const row = new Float64Array([1]);
    writer.append(row);
    row[0] = 2;
    writer.append(row);
    writer.close();
    expect(foreign().data).toEqual([1, 2]);
  });

  test('writes many rows and rows larger than its buffer in order', () => {
    const writer = NpyWriter.create(file, { dtype: '<i4', rowShape: [3] });
    for (let i = 0; i < 20_000; i++) writer.append([i, i + 1, i + 2]);
    expect(writer.rows).toBe(20_000);
    writer.close();
    expect(readNpy(file).data.every((value, i) => value === Math.floor(i / 3) + (i % 3))).toBe(true);
    fs.rmSync(file);
    const wide = NpyWriter.create(file, { dtype: '<f8', rowShape: [10_000] });
    for (const value of [1, 2]) wide.append(new Float64Array(10_000).fill(value));
    wide.close();
    expect(readNpy(file).data[10_000]).toBe(2);
  });

  test('shows the rows synced last, whatever was appended since', () => {
    const writer = NpyWriter.create(file, { dtype: '<f8', rowShape: [1000] });
    const row = new Float64Array(1000).fill(1);
    for (let i = 0; i < 3; i++) writer.append(row);
    writer.sync();
    for (let i = 0; i < 100; i++) writer.append(row); // More than the buffer holds: data goes past the count.
    expect(fs.statSync(file).size).toBeGreaterThan(128 + 3 * 8000);
    expect(readNpy(file).shape).toEqual([3, 1000]);
  });

  test('counts rows in the head only after they are on the disk', () => {
    const writer = NpyWriter.create(file, { dtype: '<f8', rowShape: [2] });
    writer.append([1, 2]);
    const order: string[] = [];
    const { fsyncSync, writeSync } = fs;
    jest.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
      order.push('sync');
      fsyncSync(descriptor);
    });
    jest.spyOn(fs, 'writeSync').mockImplementation(((
      descriptor: number,
      bytes: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ) => {
      order.push(position === 0 ? 'head' : 'rows');
      return writeSync(descriptor, bytes, offset, length, position);
    }) as typeof fs.writeSync);
    writer.sync();
    expect(order).toEqual(['rows', 'sync', 'head', 'sync']);
  });

  test('loses no row where the disk refuses them once', () => {
    const writer = NpyWriter.create(file, { dtype: '<f8', rowShape: [1] });
    writer.append([1]);
    jest.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
    });
    expect(() => writer.sync()).toThrow(/disk is full/);
    jest.restoreAllMocks();
    writer.append([2]);
    writer.close();
    expect(foreign().data).toEqual([1, 2]);
  });

  test('refuses a row of the wrong length', () => {
    const writer = NpyWriter.create(file, { dtype: '<f8', rowShape: [2, 3] });
    expect(() => writer.append([1, 2])).toThrow(InputError);
    expect(() => writer.append([1, 2])).toThrow(/Got 2\. Legal: 6 values/);
    expect(writer.rows).toBe(0);
  });

  test.each([1.5, 2 ** 31, Number.NaN])('refuses %d in a file of whole numbers', (value) => {
    const writer = NpyWriter.create(file, { dtype: '<i4', rowShape: [2] });
    expect(() => writer.append([1, value])).toThrow(InputError);
    writer.append([1, 2]);
    writer.close();
    expect(foreign().data).toEqual([1, 2]);
  });

  test('never overwrites a file', () => {
    three();
    expect(() => three()).toThrow(InputError);
    expect(() => three()).toThrow(/exists already/);
  });

  test('refuses an unknown type and an empty axis', () => {
    expect(() => NpyWriter.create(file, { dtype: '<u2' as '<f8', rowShape: [1] })).toThrow(/<f8, <f4, <i4/);
    expect(() => NpyWriter.create(file, { dtype: '<f8', rowShape: [0] })).toThrow(InputError);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('refuses rows after it was closed; closing twice is fine', () => {
    const writer = NpyWriter.create(file, { dtype: '<f8', rowShape: [1] });
    writer.close();
    writer.close();
    expect(() => writer.append([1])).toThrow(MetaplastError);
  });
});

describe('NpyWriter.resume', () => {
  const spec = { dtype: '<f8', rowShape: [2] } as const;

  test('cuts later rows off and goes on', () => {
    three();
    const writer = NpyWriter.resume(file, spec, 1);
    expect(foreign()).toMatchObject({ shape: [1, 2], data: [1, 2] });
    writer.append([7, 8]);
    expect(writer.rows).toBe(2);
    writer.close();
    expect(foreign()).toMatchObject({ shape: [2, 2], data: [1, 2, 7, 8] });
  });

  test('cuts rows that a killed process wrote and did not count', () => {
    three();
    fs.appendFileSync(file, Buffer.alloc(13, 9));
    NpyWriter.resume(file, spec, 3).close();
    expect(foreign()).toMatchObject({ shape: [3, 2], data: [1, 2, 3, 4, 5, 6] });
  });

  test('makes a missing file where no rows are expected', () => {
    NpyWriter.resume(file, spec, 0).close();
    expect(foreign().shape).toEqual([0, 2]);
  });

  test('refuses a missing file where rows are expected', () => {
    expect(() => NpyWriter.resume(file, spec, 1)).toThrow(CheckpointError);
  });

  test('refuses a file of fewer rows, counted or present', () => {
    three();
    expect(() => NpyWriter.resume(file, spec, 4)).toThrow(CheckpointError);
    expect(() => NpyWriter.resume(file, spec, 4)).toThrow(
      /fewer rows.*Got "3 rows"\. Legal: at least 4 rows/,
    );
    fs.truncateSync(file, fs.statSync(file).size - 1);
    expect(() => NpyWriter.resume(file, spec, 3)).toThrow(/Got "2 rows"/);
  });

  test('refuses rows of another type or shape', () => {
    three();
    expect(() => NpyWriter.resume(file, { ...spec, dtype: '<f4' }, 1)).toThrow(CheckpointError);
    expect(() => NpyWriter.resume(file, { ...spec, dtype: '<f4' }, 1)).toThrow(
      /another type.*<f8.*Legal: <f4/,
    );
    expect(() => NpyWriter.resume(file, { ...spec, rowShape: [3] }, 1)).toThrow(CheckpointError);
    expect(() => NpyWriter.resume(file, { ...spec, rowShape: [2, 1] }, 1)).toThrow(/another shape/);
  });

  test('refuses a file that is none of its own', () => {
    fs.writeFileSync(file, 'garbage');
    expect(() => NpyWriter.resume(file, spec, 0)).toThrow(CheckpointError);
  });
});

function python(code: string): string {
  return execFileSync('python3', ['-c', code, file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
const hasNumpy = (() => {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

(hasNumpy ? describe : describe.skip)('NumPy, where it is installed', () => {
  test('opens a file that was not synced to its end, in memory and mapped', () => {
    const writer = NpyWriter.create(file, { dtype: '<f4', rowShape: [2] });
    writer.append([1, 2]);
    writer.sync();
    for (let i = 0; i < 20_000; i++) writer.append([3, 4]);
    const shown = python(
      'import numpy, sys; print([numpy.load(sys.argv[1], mmap_mode=m).tolist() for m in (None, "r")])',
    );
    expect(shown).toBe('[[[1.0, 2.0]], [[1.0, 2.0]]]');
  });

  test('writes files that readNpy opens', () => {
    python('import numpy, sys; numpy.save(sys.argv[1], numpy.arange(6, dtype="<i4").reshape(2, 3))');
    expect(readNpy(file)).toEqual({ shape: [2, 3], dtype: '<i4', data: Int32Array.from([0, 1, 2, 3, 4, 5]) });
  });
});
