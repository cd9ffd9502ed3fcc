import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CheckpointError, InputError, MetaplastError } from '../../../src/core/errors';
import { AppendFile } from '../../../src/run/directory/append-file';

let folder: string;
let file: string;
const content = () => fs.readFileSync(file, 'utf8');
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-append-'));
  file = path.join(folder, 'metrics.ndjson');
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('AppendFile', () => {
  test('makes a missing file and counts its bytes, not its characters', () => {
    const metrics = AppendFile.open(file);
    metrics.append('{"λ":1}\n');
    metrics.append(Uint8Array.from([65, 10]));
    expect(metrics.bytes).toBe(11);
    metrics.close();
    expect(content()).toBe('{"λ":1}\nA\n');
  });

  test('shows each line to other readers at once', () => {
    const metrics = AppendFile.open(file);
    metrics.append('one\n');
    expect(content()).toBe('one\n');
    metrics.close();
  });

  test('goes on after what the file holds', () => {
    fs.writeFileSync(file, 'one\n');
    const metrics = AppendFile.open(file);
    metrics.append('two\n');
    metrics.close();
    expect(content()).toBe('one\ntwo\n');
  });

  test('cuts what came after the checkpoint when resuming, a torn line included', () => {
    fs.writeFileSync(file, 'one\ntwo\nthr');
    const metrics = AppendFile.open(file, 4);
    expect(metrics.bytes).toBe(4);
    expect(content()).toBe('one\n');
    metrics.append('2\n');
    metrics.close();
    expect(content()).toBe('one\n2\n');
  });

  test('refuses a file shorter than the checkpoint remembers, and leaves it as it is', () => {
    fs.writeFileSync(file, 'one\n');
    expect(() => AppendFile.open(file, 5)).toThrow(CheckpointError);
    expect(() => AppendFile.open(file, 5)).toThrow(
      /metrics\.ndjson.*Got "4 bytes"\. Legal: at least 5 bytes/,
    );
    expect(content()).toBe('one\n');
  });

  test('refuses a length to keep that is no whole number', () => {
    expect(() => AppendFile.open(file, -1)).toThrow(InputError);
  });

  test('keeps nothing of a line that the disk refused', () => {
    const metrics = AppendFile.open(file);
    metrics.append('one\n');
    const { writeSync } = fs;
    let calls = 0;
    jest.spyOn(fs, 'writeSync').mockImplementation(((
      descriptor: number,
      bytes: Uint8Array,
      offset: number,
      _: number,
      position: number,
    ) => {
      if (calls++ > 0) throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
      return writeSync(descriptor, bytes, offset, 2, position);
    }) as typeof fs.writeSync);
    expect(() => metrics.append('two\n')).toThrow(/disk is full/);
    jest.restoreAllMocks();
    metrics.append('2\n');
    metrics.close();
    expect(content()).toBe('one\n2\n');
  });

  test('refuses a folder that does not exist', () => {
    expect(() => AppendFile.open(path.join(folder, 'no', 'file'))).toThrow(/folder does not exist/);
  });

  test('refuses to append after it was closed; closing twice is fine', () => {
    const metrics = AppendFile.open(file);
    metrics.sync();
    metrics.close();
    metrics.close();
    expect(() => metrics.append('x')).toThrow(MetaplastError);
    expect(() => metrics.append('x')).toThrow(/was closed/);
  });
});
