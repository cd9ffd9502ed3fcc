import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { Enclosure, FileProblem } from '../../../src/inspector/server/files/enclosure';
import { makeGrounds, secret } from './serving';

const { runs, outside } = makeGrounds();
const enclosure = new Enclosure(runs);
const inside = (name: string) => path.join(runs, name);
const reasonFor = (relative: string, most = 1e6): string => {
  try {
    return enclosure.read(relative, most).toString();
  } catch (error) {
    if (error instanceof FileProblem) return error.reason;
    throw error;
  }
};

beforeAll(() => {
  fs.mkdirSync(inside('run/traces'), { recursive: true });
  fs.writeFileSync(inside('run/own.txt'), 'own');
  fs.symlinkSync('own.txt', inside('run/to-own'));
  fs.symlinkSync(path.join(outside, 'secret.txt'), inside('run/out'));
  fs.symlinkSync('../../outside/secret.txt', inside('run/out-relative'));
  fs.symlinkSync(outside, inside('run/folder-out'));
  fs.symlinkSync('nothing', inside('run/dangling'));
  fs.symlinkSync('loop', inside('run/loop'));
  // A folder whose name begins as the served one's does.
  fs.mkdirSync(`${runs}-beside`);
  fs.writeFileSync(`${runs}-beside/secret.txt`, secret);
  execFileSync('mkfifo', [inside('run/pipe')]);
});
afterAll(() => fs.rmSync(path.dirname(runs), { recursive: true }));

describe('a served folder', () => {
  it.each([
    ['a file of its own', 'run/own.txt', 'own'],
    ['a link to a file of its own', 'run/to-own', 'own'],
    ['a link that leads out', 'run/out', 'is a link that leads out of the served folder'],
    ['a relative link that leads out', 'run/out-relative', 'is a link that leads out of the served folder'],
    [
      'a file behind a folder that leads out',
      'run/folder-out/secret.txt',
      'is a link that leads out of the served folder',
    ],
    ['a link to nothing', 'run/dangling', 'is a link to nothing'],
    ['a link to itself', 'run/loop', 'is a link that leads back to itself'],
    ['what is not there', 'run/none', 'is missing'],
    ['what would be below a file', 'run/own.txt/below', 'is missing'],
    ['a folder', 'run/traces', 'is a folder'],
    ['a pipe, for which nobody waits', 'run/pipe', 'is no file'],
    ['a path that climbs out', '../outside/secret.txt', 'lies outside of the served folder'],
    [
      'a path that climbs out from below',
      'run/../../outside/secret.txt',
      'lies outside of the served folder',
    ],
    ['a neighbour with a longer name', '../runs-beside/secret.txt', 'lies outside of the served folder'],
    ['an absolute path', path.join(outside, 'secret.txt'), 'lies outside of the served folder'],
    ['an absolute path to its own file', inside('run/own.txt'), 'lies outside of the served folder'],
    ['a path with a NUL in it', 'run/own.txt\0.npy', 'is no path'],
  ])('reads of %s no more than it may', (_what, relative, expected) => {
    expect(reasonFor(relative)).toBe(expected);
  });

  it('refuses a file that is larger than is allowed', () => {
    expect(reasonFor('run/own.txt', 2)).toBe('is larger than 2 bytes');
  });

  it('reads no device', () => {
    expect(new Enclosure('/dev').root).toBe('/dev');
    expect(() => new Enclosure('/dev').read('null', 10)).toThrow('is no file');
  });

  it('reads nothing from outside, by whatever path', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '/',
        'run',
        'traces',
        'out',
        'folder-out',
        'loop',
        'dangling',
        'pipe',
        'own.txt',
        'secret.txt',
      ),
      fc.constantFrom(
        'outside',
        'runs',
        'runs-beside',
        '%2e%2e',
        '..%2f',
        '\\',
        '..\\',
        '\0',
        '~',
        outside,
        runs,
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('/', '//', '\\'),
        (parts, between) => {
          expect(reasonFor(parts.join(between))).not.toContain(secret);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
