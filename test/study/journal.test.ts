import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { Journal, type JournalEntry } from '../../src/study/journal';
import { TrialOutcomes } from '../../src/study/trial-outcomes';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-journal-'));
afterAll(() => fs.rmSync(home, { recursive: true }));
const file = path.join(home, 'journal.jsonl');

const entry = (trial: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  event: 'claimed',
  trial,
  attempt: 1,
  worker: 'w',
  host: 'h',
  pid: 1,
  time: '2026-01-31T00:00:00.000Z',
  ...more,
});
const trialsIn = () => new Journal(file).news().map(({ trial }) => trial);

describe('a journal', () => {
  beforeEach(() => fs.rmSync(file, { force: true }));

  test('that was cut at any byte loses at most the line that was cut, and none that is added later', () => {
    const before = [entry(1), entry(2, { error: 'Grüße, "λ"\nund 𝛽' }), entry(3)];
    for (const each of before) new Journal(file).append(each);
    const whole = fs.readFileSync(file);
    const ends = before.map(
      (_, i) =>
        whole
          .toString('latin1')
          .split('\n')
          .slice(0, i + 1)
          .join('\n').length,
    );
    fc.assert(
      fc.property(fc.nat(whole.byteLength), fc.integer({ min: 1, max: 3 }), (cut, added) => {
        fs.writeFileSync(file, whole.subarray(0, cut));
        const journal = new Journal(file);
        const seen = journal.news().length;
        for (let i = 0; i < added; i++) new Journal(file).append(entry(100 + i));
        // A line that lacks nothing but its end is whole.
        const kept = ends.filter((end) => cut >= end).length;
        const later = Array.from({ length: added }, (_, i) => 100 + i);
        expect(trialsIn()).toEqual([...[1, 2, 3].slice(0, kept), ...later]);
        expect(seen + journal.news().length).toBe(kept + added);
        expect(
          fs
            .readFileSync(file, 'utf8')
            .split('\n')
            .slice(-added - 1, -1)
            .every((line) => JSON.parse(line)),
        ).toBe(true);
      }),
    );
  });

  test('is empty where nothing was told, and tells each thing once', () => {
    const journal = new Journal(file);
    expect(journal.news()).toEqual([]);
    journal.append(entry(1));
    expect(journal.news()).toHaveLength(1);
    expect(journal.news()).toEqual([]);
  });

  test('passes over lines of another making', () => {
    fs.writeFileSync(file, 'null\n[]\n{"event":"ended"}\n\n{"event":"ended","trial":"1"}\nnonsense\n');
    new Journal(file).append(entry(4));
    expect(trialsIn()).toEqual([4]);
  });

  test('keeps lines short, whatever an error says', () => {
    new Journal(file).append(entry(1, { error: 'x'.repeat(1e6) }));
    expect(fs.statSync(file).size).toBeLessThan(1000);
  });

  test('settles a trial by the first line that says so, and counts a crash once an attempt', () => {
    const outcomes = new TrialOutcomes();
    outcomes.add([
      entry(1, { event: 'crashed' }),
      entry(1, { event: 'crashed' }),
      entry(1, { event: 'crashed', attempt: 2 }),
    ]);
    outcomes.add([entry(1, { event: 'failed', error: 'a' }), entry(1, { event: 'ended' })]);
    expect([1, 2, 3].map((attempt) => outcomes.crashesBefore(1, attempt))).toEqual([0, 1, 2]);
    expect(outcomes.settled.get(1)).toMatchObject({ event: 'failed', error: 'a' });
  });
});
