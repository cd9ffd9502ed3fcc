import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CheckpointError, InputError } from '../../../src/core/errors';
import type { FileListing } from '../../../src/core/file-listing';
import {
  checkpointsFrom,
  pruneOlderThan,
  readNewestCheckpoint,
  writeCheckpoint,
} from '../../../src/run/directory/checkpoint';
import { difference } from '../../../src/run/directory/file-check';

let folder: string;
const at = (name: string) => path.join(folder, name);
const names = () => fs.readdirSync(folder).sort();
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-checkpoints-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

function tamper(name: string): void {
  const bytes = fs.readFileSync(at(name));
  bytes[bytes.length - 40]! ^= 1;
  fs.writeFileSync(at(name), bytes);
}

describe('checkpoints', () => {
  test('come back with their position', () => {
    writeCheckpoint(folder, 12, { phi: Float64Array.from([1, 2]) });
    expect(names()).toEqual(['000012.ckpt']);
    expect(readNewestCheckpoint(folder)).toEqual({
      position: 12,
      state: { phi: Float64Array.from([1, 2]) },
      past: { files: {}, settings: '' },
      refused: [],
    });
  });

  test('tell what stays before others are deleted, with its own checksum', () => {
    for (const position of [1, 2]) writeCheckpoint(folder, position, {});
    const told: [Record<string, FileListing>, string[]][] = [];
    writeCheckpoint(folder, 3, {}, { written: (stay) => told.push([stay, names()]) });
    const [[stay, there]] = told as [(typeof told)[number]];
    expect(Object.keys(stay)).toEqual(['000002.ckpt', '000003.ckpt']);
    expect(there).toEqual(['000001.ckpt', '000002.ckpt', '000003.ckpt']);
    for (const [name, listing] of Object.entries(stay)) expect(difference(at(name), listing)).toBeNull();
    tamper('000003.ckpt');
    expect(difference(at('000003.ckpt'), stay['000003.ckpt']!)).toBe('has other bytes than were written');
  });

  test('are refused where one should be there and is not, or does not fit', () => {
    writeCheckpoint(folder, 1, 'one', { past: { files: {}, settings: 'a' } });
    writeCheckpoint(folder, 2, 'two', { past: { files: {}, settings: 'b' } });
    const fits = ({ past }: { past: { settings: string } }) => {
      if (past.settings === 'b') throw new CheckpointError({ what: 'Another time' });
    };
    expect(readNewestCheckpoint(folder, { listed: ['000002.ckpt', '000003.ckpt'], fits })).toMatchObject({
      position: 1,
      refused: [
        { file: '000003.ckpt', reason: 'The file is missing.' },
        { file: '000002.ckpt', reason: 'Another time.' },
      ],
    });
    expect(() => readNewestCheckpoint(at('none'), { listed: ['000003.ckpt'] })).toThrow(
      /000003\.ckpt: The file is missing/,
    );
  });

  test('are none where the folder is empty or missing', () => {
    expect(readNewestCheckpoint(folder)).toBeNull();
    expect(readNewestCheckpoint(at('missing'))).toBeNull();
  });

  test('make their folder where it is missing', () => {
    writeCheckpoint(at('checkpoints'), 0, null);
    expect(readNewestCheckpoint(at('checkpoints'))?.state).toBeNull();
  });

  test('keep the newest two only', () => {
    for (const position of [1, 2, 3, 4]) writeCheckpoint(folder, position, {});
    expect(names()).toEqual(['000003.ckpt', '000004.ckpt']);
  });

  test('are ordered by number, also past six digits', () => {
    for (const position of [999_998, 999_999, 1_000_000]) writeCheckpoint(folder, position, position);
    expect(names()).toEqual(['1000000.ckpt', '999999.ckpt']);
    expect(readNewestCheckpoint(folder)?.position).toBe(1_000_000);
  });

  test('delete an older one only when the new one is in place', () => {
    writeCheckpoint(folder, 1, {});
    writeCheckpoint(folder, 2, {});
    jest.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
    });
    expect(() => writeCheckpoint(folder, 3, {})).toThrow(/disk is full/);
    expect(names()).toEqual(['000001.ckpt', '000002.ckpt']);
  });

  test('may be written again at the same position', () => {
    writeCheckpoint(folder, 1, 'first');
    writeCheckpoint(folder, 1, 'second');
    expect(readNewestCheckpoint(folder)?.state).toBe('second');
  });

  test('refuse a state that cannot be saved, and keep what was there', () => {
    writeCheckpoint(folder, 1, {});
    expect(() => writeCheckpoint(folder, 2, { rule: () => 0 })).toThrow(InputError);
    expect(() => writeCheckpoint(folder, 1.5, {})).toThrow(/position must be a whole number/);
    expect(names()).toEqual(['000001.ckpt']);
  });
});

describe('a broken checkpoint', () => {
  test('is refused with its reason, and the one before it is used', () => {
    writeCheckpoint(folder, 1, 'one');
    writeCheckpoint(folder, 2, 'two');
    tamper('000002.ckpt');
    const newest = readNewestCheckpoint(folder);
    expect(newest).toMatchObject({ position: 1, state: 'one' });
    expect(newest?.refused).toEqual([
      { file: '000002.ckpt', reason: expect.stringMatching(/checksum/) as string },
    ]);
  });

  test('is an error naming every file and its reason where none is whole', () => {
    writeCheckpoint(folder, 1, 'one');
    writeCheckpoint(folder, 2, 'two');
    tamper('000002.ckpt');
    fs.truncateSync(at('000001.ckpt'), 30);
    expect(() => readNewestCheckpoint(folder)).toThrow(CheckpointError);
    expect(() => readNewestCheckpoint(folder)).toThrow(
      /000002\.ckpt: .*checksum.*; 000001\.ckpt: .*truncated/,
    );
  });

  test('is one that was renamed to another position', () => {
    writeCheckpoint(folder, 1, 'one');
    fs.copyFileSync(at('000001.ckpt'), at('000009.ckpt'));
    expect(readNewestCheckpoint(folder)).toMatchObject({
      position: 1,
      refused: [{ file: '000009.ckpt', reason: expect.stringContaining('holds position 1') as string }],
    });
  });

  test('never takes the place of the whole one before it when the run goes on', () => {
    writeCheckpoint(folder, 1, 'one');
    writeCheckpoint(folder, 2, 'two');
    tamper('000002.ckpt');
    readNewestCheckpoint(folder);
    writeCheckpoint(folder, 3, 'three');
    expect(names()).toEqual(['000001.ckpt', '000003.ckpt']);
  });

  test('of a later position goes when the run has gone on from before it', () => {
    writeCheckpoint(folder, 1, 'one');
    writeCheckpoint(folder, 5, 'five');
    tamper('000005.ckpt');
    writeCheckpoint(folder, 2, 'two');
    expect(names()).toEqual(['000001.ckpt', '000002.ckpt']);
  });
});

describe('pruneOlderThan', () => {
  test('deletes what a process killed between writing and deleting left, and keeps one that may stay', () => {
    for (const position of [1, 2, 3, 4, 5]) {
      writeCheckpoint(at(String(position)), position, { stays: position !== 3 });
      fs.copyFileSync(at(`${position}/00000${position}.ckpt`), at(`00000${position}.ckpt`));
    }
    const stay = checkpointsFrom(folder, 4, (state) => (state as { stays: boolean }).stays);
    expect(Object.keys(stay)).toEqual(['000002.ckpt', '000004.ckpt']);
    pruneOlderThan(folder, 4, stay);
    expect(names().filter((name) => name.endsWith('.ckpt'))).toEqual([
      ...['000002.ckpt', '000004.ckpt', '000005.ckpt'],
    ]);
  });

  test('keeps none that is broken', () => {
    writeCheckpoint(folder, 1, 'one');
    writeCheckpoint(folder, 2, 'two');
    tamper('000001.ckpt');
    pruneOlderThan(
      folder,
      2,
      checkpointsFrom(folder, 2, () => true),
    );
    expect(names()).toEqual(['000002.ckpt']);
  });
});

describe('a checkpoint that stands instead of another', () => {
  test('takes its place, and the one before both stays', () => {
    for (const position of [2, 3]) writeCheckpoint(folder, position, {});
    writeCheckpoint(folder, 4, {}, { replaced: 3 });
    expect(names()).toEqual(['000002.ckpt', '000004.ckpt']);
  });
});

describe('a file that a killed process left', () => {
  test('is ignored when reading and removed when writing', () => {
    fs.writeFileSync(at('.000007.ckpt.4242-0123456789ab.tmp'), 'half');
    expect(readNewestCheckpoint(folder)).toBeNull();
    writeCheckpoint(folder, 1, {});
    expect(names()).toEqual(['000001.ckpt']);
  });

  test('is let alone where it is none of ours', () => {
    fs.writeFileSync(at('notes.txt'), 'mine');
    writeCheckpoint(folder, 1, {});
    expect(names()).toEqual(['000001.ckpt', 'notes.txt']);
  });
});

/** A run to be killed: goes on from the newest checkpoint, and says each position once it is written. */
const endlessRun = (module: string) => `
  const { readNewestCheckpoint, writeCheckpoint } = require(${JSON.stringify(module)});
  const folder = ${JSON.stringify(folder)};
  for (let position = (readNewestCheckpoint(folder)?.position ?? 0) + 1; ; position++) {
    writeCheckpoint(folder, position, { position, phi: new Float64Array(20_000).fill(position) });
    require('node:fs').writeSync(1, position + '\\n');
  }`;

/** Runs it, kills it without warning once `milliseconds` have passed since its first line; its last line. */
function killedAfter(milliseconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const code = endlessRun(path.resolve('dist/src/run/directory/checkpoint.js'));
    const child = spawn(process.execPath, ['-e', code]);
    let said = '';
    let errors = '';
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), milliseconds));
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('close', (_, signal) => {
      const lines = said.split('\n').slice(0, -1);
      if (signal === 'SIGKILL' && lines.length > 0) resolve(Number(lines.at(-1)));
      else reject(new Error(`The run ended by itself: ${errors}`));
    });
  });
}

test('whenever the process is killed, the newest checkpoint is whole and at least as new as the last one announced', async () => {
  for (let round = 0; round < 6; round++) {
    const announced = await killedAfter(Math.random() * 120);
    const newest = readNewestCheckpoint(folder)!;
    expect(newest.refused).toEqual([]);
    expect(newest.position).toBeGreaterThanOrEqual(announced);
    expect(newest.state).toEqual({
      position: newest.position,
      phi: new Float64Array(20_000).fill(newest.position),
    });
  }
});
