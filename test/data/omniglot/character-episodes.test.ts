import fc from 'fast-check';
import { RandomStreams } from '../../../src/core/random';
import {
  type CharacterEpisodesOptions,
  characterEpisodes,
} from '../../../src/data/omniglot/character-episodes';
import type { CharacterSet } from '../../../src/data/omniglot/character-set';

const side = 3;
/** Each drawing's pixels say which it is: character, drawing, and their place in it, so that a sample can be traced back. */
function characters(count: number, drawings: number): CharacterSet {
  const pixels = new Uint8Array(count * drawings * side * side);
  for (let i = 0; i < count * drawings; i++)
    pixels.set([i + 1, 200, 201, 202, 203, 204, 205, 206, 207], i * side * side);
  const names = Array.from({ length: count }, (_, i) => ({ alphabet: 'a', name: `c${i}` }));
  return { name: 'runes', characters: names, drawings, side, pixels, ink: 225 };
}

/** Which drawing a sample is, and how often it was turned. */
function trace(sample: Float64Array): { drawing: number; turns: number } {
  const pixels = sample.map((value) => value * 225);
  const corners = [0, 6, 8, 2]; // Counter-clockwise, from the first.
  const turns = corners.findIndex((corner) => pixels[corner]! < 199);
  return { drawing: Math.round(pixels[corners[turns]!]!) - 1, turns };
}

const sampleOf = (options: CharacterEpisodesOptions, seed = 1) =>
  characterEpisodes(options).sample(new RandomStreams(seed).stream('tasks'))!;

describe('episodes of characters', () => {
  it('have of each of their classes so many drawings, none twice, each turned alike', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(1 as const, 4 as const),
        fc.nat(),
        (ways, shots, query, rotations, seed) => {
          const set = characters(6, 6);
          const { train, heldOut } = sampleOf({ set, ways, shots, query, rotations }, seed);
          expect([train.samples, heldOut.samples, train.inputs]).toEqual([
            ways * shots,
            ways * query,
            side * side,
          ]);
          const drawn = [train, heldOut].flatMap(({ samples, inputs, x, y }) =>
            Array.from({ length: samples }, (_, s) => ({
              ...trace(x.subarray(s * inputs, (s + 1) * inputs)),
              label: y[s]!,
            })),
          );
          for (let label = 0; label < ways; label++) {
            const those = drawn.filter((sample) => sample.label === label);
            expect(those).toHaveLength(shots + query);
            expect(new Set(those.map(({ drawing }) => drawing)).size).toBe(shots + query);
            expect(
              new Set(those.map(({ drawing, turns }) => `${Math.floor(drawing / 6)} ${turns}`)).size,
            ).toBe(1);
          }
          const classes = new Set(drawn.map(({ drawing, turns }) => `${Math.floor(drawing / 6)} ${turns}`));
          expect(classes.size).toBe(ways);
          if (rotations === 1) expect(drawn.every(({ turns }) => turns === 0)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('come from all classes alike, rotations being classes', () => {
    const source = characterEpisodes({ set: characters(3, 3), rotations: 4, ways: 2, shots: 1, query: 1 });
    const stream = new RandomStreams(5).stream('tasks');
    const counts = new Map<string, number>();
    for (let task = 0; task < 3000; task++) {
      const { drawing, turns } = trace(source.sample(stream)!.train.x.subarray(0, 9));
      const key = `${Math.floor(drawing / 3)} ${turns}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(12);
    // 250 each; five standard deviations of a binomial with 3000 draws at 1/12 are 76.
    for (const count of counts.values()) expect(Math.abs(count - 250)).toBeLessThan(76);
  });

  it('are of the characters that are asked for', () => {
    const source = characterEpisodes({
      set: characters(9, 4),
      characters: [2, 7, 8],
      rotations: 4,
      ways: 5,
      shots: 1,
      query: 2,
    });
    const stream = new RandomStreams(3).stream('tasks');
    for (let task = 0; task < 50; task++) {
      const { x, inputs, samples } = source.sample(stream)!.heldOut;
      for (let s = 0; s < samples; s++)
        expect([2, 7, 8]).toContain(Math.floor(trace(x.subarray(s * inputs, (s + 1) * inputs)).drawing / 4));
    }
  });

  it('are the same for the same seed, opened or handed over', () => {
    const options = { ways: 3, shots: 2, query: 2 };
    const [set, again] = [characters(5, 5), characters(5, 5)];
    expect(sampleOf({ ...options, set })).toEqual(sampleOf({ ...options, set: () => again }));
    expect(sampleOf({ ...options, set }, 2).train.x).not.toEqual(sampleOf({ ...options, set }, 1).train.x);
  });

  it('are known again by the drawings and the characters that they are of', () => {
    const set = { ...characters(5, 5), checksum: 'abc' };
    const of = (options: Partial<CharacterEpisodesOptions>) =>
      characterEpisodes({ set, ways: 2, shots: 1, query: 1, ...options }).checksum;
    expect(of({})).toBe(of({ set: () => set }));
    expect(of({ characters: [1, 2] })).not.toBe(of({ characters: [1, 3] }));
    expect(of({ set: { ...set, checksum: 'other' } })).not.toBe(of({}));
    expect(
      characterEpisodes({ set: characters(5, 5), ways: 2, shots: 1, query: 1 }).checksum,
    ).toBeUndefined();
  });

  it.each<[string, Partial<CharacterEpisodesOptions>, RegExp]>([
    [
      'more classes than there are',
      { ways: 21 },
      /fewer classes.*21 ways.*up to 20: 5 characters, each turned four ways/,
    ],
    [
      'more drawings than there are',
      { shots: 3, query: 4 },
      /fewer drawings.*3 shots and 4 query drawings.*6 together/,
    ],
    [
      'a character that is not there',
      { characters: [0, 5] },
      /no such character in runes. Got 5. Legal: 0 to 4/,
    ],
    ['one class', { ways: 1 }, /ways/],
  ])('refuse %s', (_, options, message) => {
    expect(() =>
      sampleOf({ set: characters(5, 6), rotations: 4, ways: 2, shots: 1, query: 1, ...options }),
    ).toThrow(message);
  });
});
