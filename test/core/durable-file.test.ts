import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeDurably } from '../../src/core/durable-file';
import { InputError, MetaplastError } from '../../src/core/errors';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-durable-'));
  file = path.join(folder, 'summary.json');
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

function failing(call: 'writeSync' | 'fsyncSync' | 'renameSync', code: string): void {
  jest.spyOn(fs, call).mockImplementation(() => {
    throw Object.assign(new Error(`${code}: it failed`), { code });
  });
}

describe('writeDurably', () => {
  test('writes a string as UTF-8 and leaves nothing else in the folder', () => {
    writeDurably(file, 'λ = 0.1\n');
    expect(fs.readFileSync(file, 'utf8')).toBe('λ = 0.1\n');
    expect(fs.readdirSync(folder)).toEqual(['summary.json']);
  });

  test('writes exactly the bytes of a view into a larger buffer', () => {
    writeDurably(file, new Uint8Array([9, 1, 2, 9]).subarray(1, 3));
    expect([...fs.readFileSync(file)]).toEqual([1, 2]);
  });

  test('replaces what the file held', () => {
    writeDurably(file, 'a much longer first content');
    writeDurably(file, 'second');
    expect(fs.readFileSync(file, 'utf8')).toBe('second');
  });

  test('syncs the file before it is renamed and the folder after', () => {
    const order: string[] = [];
    const { fsyncSync, renameSync } = fs;
    jest.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
      order.push(fs.fstatSync(descriptor).isDirectory() ? 'sync folder' : 'sync file');
      fsyncSync(descriptor);
    });
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      order.push('rename');
      renameSync(from, to);
    });
    writeDurably(file, 'x');
    expect(order).toEqual(['sync file', 'rename', 'sync folder']);
  });

  test('writes on where the system takes only a part at a time', () => {
    const { writeSync } = fs;
    jest
      .spyOn(fs, 'writeSync')
      .mockImplementation(((
        descriptor: number,
        bytes: Uint8Array,
        offset: number,
        _: number,
        position: number,
      ) => writeSync(descriptor, bytes, offset, 1, position)) as typeof fs.writeSync);
    writeDurably(file, 'whole');
    expect(fs.readFileSync(file, 'utf8')).toBe('whole');
  });

  test.each(['writeSync', 'fsyncSync', 'renameSync'] as const)(
    'keeps the old content and no hidden file where %s fails',
    (call) => {
      writeDurably(file, 'old');
      failing(call, 'EIO');
      expect(() => writeDurably(file, 'new')).toThrow(MetaplastError);
      jest.restoreAllMocks();
      expect(fs.readFileSync(file, 'utf8')).toBe('old');
      expect(fs.readdirSync(folder)).toEqual(['summary.json']);
    },
  );

  test('says that the disk is full, and that this is not the fault of the input', () => {
    failing('writeSync', 'ENOSPC');
    expect(() => writeDurably(file, 'x')).toThrow(/summary\.json.*ENOSPC.*disk is full: free some space/);
    expect(() => writeDurably(file, 'x')).not.toThrow(InputError);
  });

  test('refuses a folder that does not exist as wrong input', () => {
    const target = path.join(folder, 'missing', 'x');
    expect(() => writeDurably(target, 'x')).toThrow(InputError);
    expect(() => writeDurably(target, 'x')).toThrow(/Its folder does not exist: create it/);
  });

  test('refuses the name of a folder', () => {
    fs.mkdirSync(file);
    expect(() => writeDurably(file, 'x')).toThrow(/A folder has this name/);
  });
});
