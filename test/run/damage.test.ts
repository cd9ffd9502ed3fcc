import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type SmallRuns, smallRuns } from './small-runs';
import { sweep } from './sweep';

// The sweep is about files; the same figure gives the same picture.
jest.mock('../../src/plot/figure-svg', () => {
  const real = jest.requireActual('../../src/plot/figure-svg');
  return { ...real, figureSvg: remembering(real.figureSvg) };
});
jest.mock('../../src/plot/svg-png', () => {
  const real = jest.requireActual('../../src/plot/svg-png');
  return { ...real, svgPng: remembering(real.svgPng) };
});
function remembering<T>(work: (...given: unknown[]) => T): (...given: unknown[]) => T {
  const known = new Map<string, T>();
  return (...given) => {
    const key = JSON.stringify(given);
    if (!known.has(key)) known.set(key, work(...given));
    return known.get(key)!;
  };
}

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-damage-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

let runs: SmallRuns;
beforeAll(async () => {
  jest.spyOn(fs, 'fsyncSync').mockImplementation(() => {}); // No power is cut here.
  runs = await smallRuns(home);
});

/** Milliseconds: a thousand commands, on a machine that may be busy. */
const longest = 400_000;

describe('whatever befalls a file, each command ends as if it had not, or tells what it mended, or refuses:', () => {
  test.each(['finished', 'stopped', 'killed'] as const)(
    'of a run that was %s',
    async (name) => {
      const room = fs.mkdtempSync(path.join(home, 'room-'));
      const { counts, problems } = await sweep(runs[name], runs.finished, room, { flips: 1 });
      expect(problems).toEqual([]);
      expect(counts).toMatchObject({ wrong: 0 });
      expect(counts['as if undamaged'] + counts['mended, and told'] + counts.refused).toBeGreaterThan(700);
    },
    longest,
  );
});
