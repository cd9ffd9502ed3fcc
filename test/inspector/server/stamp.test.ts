import fs from 'node:fs';
import path from 'node:path';
import { Enclosure } from '../../../src/inspector/server/files/enclosure';
import { stampOf } from '../../../src/inspector/server/files/stamp';
import { makeGrounds } from './serving';

const { runs, outside } = makeGrounds();
const enclosure = new Enclosure(runs);
const file = path.join(runs, 'file');
fs.writeFileSync(file, 'a');
afterAll(() => fs.rmSync(path.dirname(runs), { recursive: true }));

it('is another one once a file has changed, or what a link in the folder leads to', () => {
  fs.symlinkSync('file', path.join(runs, 'link'));
  const before = ['file', 'link'].map((name) => stampOf(enclosure, name).text);
  expect(before[1]).toBe(before[0]);
  fs.appendFileSync(file, 'b');
  for (const name of ['file', 'link']) expect(before).not.toContain(stampOf(enclosure, name).text);
});

it('says nothing of what a link that leads out leads to', () => {
  const secret = path.join(outside, 'secret.txt');
  fs.symlinkSync(secret, path.join(runs, 'out'));
  const before = stampOf(enclosure, 'out');
  expect(before.changed).toBe(0);
  fs.appendFileSync(secret, 'more');
  expect(stampOf(enclosure, 'out')).toEqual(before);
  fs.rmSync(secret);
  expect(stampOf(enclosure, 'out').changed).toBe(0);
});

it('is none of what is not there, and one of a link to itself', () => {
  fs.symlinkSync('loop', path.join(runs, 'loop'));
  expect(stampOf(enclosure, 'nothing').text).toBe('none');
  expect(stampOf(enclosure, 'loop')).toEqual({ text: 'is a link that leads back to itself', changed: 0 });
});
