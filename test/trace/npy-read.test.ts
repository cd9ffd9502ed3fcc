import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { InputError } from '../../src/core/errors';
import { NpyWriter, readNpy } from '../../src/trace/npy';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-npy-'));
  file = path.join(folder, 'phi.npy');
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('readNpy', () => {
  test('returns shape, type and data', () => {
    const writer = NpyWriter.create(file, { dtype: '<f4', rowShape: [2] });
    for (const row of [
      [1, 2],
      [3, 4],
      [5, 6],
    ])
      writer.append(row);
    writer.close();
    expect(readNpy(file)).toEqual({
      shape: [3, 2],
      dtype: '<f4',
      data: Float32Array.from([1, 2, 3, 4, 5, 6]),
    });
  });

  const forged = (dictionary: string, version = 1) => {
    const head = Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0\0\0`, 'latin1');
    head.writeUInt16LE(dictionary.length, 8);
    fs.writeFileSync(file, Buffer.concat([head, Buffer.from(dictionary)]));
  };
  test.each<[string, () => void, RegExp]>([
    ['is missing', () => {}, /ENOENT/],
    ['is empty', () => fs.writeFileSync(file, ''), /is no \.npy file/],
    ['is another kind', () => fs.writeFileSync(file, 'PK\x03\x04'), /is no \.npy file/],
    ['is of another version', () => forged('{}', 9), /another \.npy version/],
    ['has half a head', () => fs.writeFileSync(file, Buffer.from('\x93NUMPY\x01\0v', 'latin1')), /truncated/],
    ['has a malformed head', () => forged("{'descr': '<f8'}"), /malformed head/],
    [
      'holds other elements',
      () => forged("{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}"),
      /"<c16"/,
    ],
    [
      'lacks data',
      () => forged("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}"),
      /truncated.*4 elements/,
    ],
    ['is a folder', () => fs.mkdirSync(file), /Cannot read/],
  ])('refuses a file that %s', (_, make, message) => {
    make();
    expect(() => readNpy(file)).toThrow(InputError);
    expect(() => readNpy(file)).toThrow(message);
  });
});
