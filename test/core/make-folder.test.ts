import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { InputError } from '../../src/core/errors';
import { makeFolder } from '../../src/core/make-folder';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-folder-'));
afterAll(() => fs.rmSync(home, { recursive: true }));

test('a folder is made with those above it, and let be where it is there', () => {
  const folder = path.join(home, 'a/b/c');
  makeFolder(folder);
  makeFolder(folder);
  expect(fs.statSync(folder).isDirectory()).toBe(true);
});

const onLinux = fs.existsSync('/proc/self') ? test : test.skip;
// Node's own `recursive` tries for ever there, and hears no signal while it does.
onLinux('one below a folder that takes none is refused', () => {
  expect(() => makeFolder('/proc/metaplast/runs')).toThrow(InputError);
});

test.each<[string, (at: string) => void, RegExp]>([
  ['a file', (at) => fs.writeFileSync(at, ''), /is in the way/],
  ['a link to nothing', (at) => fs.symlinkSync('none', at), /does not exist/],
  ['a link to itself', (at) => fs.symlinkSync(path.basename(at), at), /leads back to itself/],
])('one whose place is taken by %s is refused', (_, take, message) => {
  const taken = path.join(fs.mkdtempSync(path.join(home, 'taken-')), 'x');
  take(taken);
  expect(() => makeFolder(taken)).toThrow(InputError);
  expect(() => makeFolder(taken)).toThrow(message);
  expect(() => makeFolder(path.join(taken, 'below'))).toThrow(InputError);
});

test('a name that is too long is refused', () => {
  expect(() => makeFolder(path.join(home, 'x'.repeat(300)))).toThrow(/too long: shorten it/);
});
