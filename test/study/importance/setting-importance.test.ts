import { RandomStreams } from '../../../src/core/random';
import { coordinatesOf } from '../../../src/study/importance/coordinates';
import { importanceCsv, importanceText } from '../../../src/study/importance/importance-text';
import { settingImportance, type Tried } from '../../../src/study/importance/setting-importance';

describe('the places of a setting’s values', () => {
  test('are levels of few values, numbers in their order, and words as they come', () => {
    expect(coordinatesOf('a', [10, 1, 3, 1])).toEqual({ path: 'a', levels: 3, places: [2, 0, 1, 0] });
    expect(coordinatesOf('b', ['sgd', null, 'sgd', 5])).toEqual({
      path: 'b',
      levels: 3,
      places: [1, 2, 1, 0],
    });
  });
  test('go from 0 to 1 for many numbers, by the logarithm over a decade', () => {
    const even = Array.from({ length: 14 }, (_, i) => 1 + i / 13);
    const places = (values: readonly number[]) => coordinatesOf('c', values).places;
    expect(places(even)[7]).toBeCloseTo(7 / 13, 12);
    expect(places(even.map((x) => 10 ** x))[7]).toBeCloseTo(7 / 13, 12);
    expect(places([0, ...even.map((x) => 10 ** x)])[1]).toBeCloseTo(0.1, 2);
  });
});

/** Trials of a grid whose value is what `f` says of them. */
const grid = (f: (rate: number, kind: string, seed: number) => number | null): Tried[] =>
  [1, 2].flatMap((seed) =>
    [0.001, 0.01, 0.1, 1].flatMap((rate) =>
      ['a', 'b', 'c'].map((kind) => ({
        seed,
        settings: { rate, kind, fixed: 7 },
        value: f(rate, kind, seed),
      })),
    ),
  );

describe('the importance of settings', () => {
  test('finds the one that matters, whatever the level of each seed’s values, and whatever blows up', () => {
    const noise = new RandomStreams(4).stream('noise');
    const trials = grid((rate, _kind, seed) =>
      rate === 1 ? null : 1000 * seed + 1e6 * rate + noise.uniform(),
    );
    const found = settingImportance(trials, ['kind', 'rate', 'fixed'], 'lower')!;
    expect(found).toMatchObject({ trials: 24, without: 6 });
    expect(found.settings.map(({ path }) => path)).toEqual(['rate', 'kind']);
    const [rate, kind] = found.settings;
    expect(rate!.share).toBeGreaterThan(0.9);
    expect(rate!.share).toBeGreaterThan(rate!.byChance);
    expect(kind!.share).toBeLessThan(kind!.byChance);
    expect(found.predicted).toBeGreaterThan(0.7);
    const text = importanceText(found, 'loss');
    expect(text).toMatch(
      /^What loss depends on, by ranks of 24 trials, 6 without a number as the worst:\nsetting +explains +by chance\nrate +9\d %/,
    );
    expect(text).toMatch(/kind .*no more than chance/);
    expect(importanceCsv(found)).toMatch(/^setting,with,share,deviation,byChance\nrate,,0\.9\d+,/);
  });

  test('says that nothing is known where values are noise, and nothing at all of few trials', () => {
    const noise = new RandomStreams(5).stream('noise');
    const found = settingImportance(
      grid(() => noise.normal()),
      ['rate', 'kind'],
      'lower',
    )!;
    expect(importanceText(found, 'loss')).toMatch(/too little to tell what matters\.$/);
    expect(settingImportance(grid(() => 1).slice(0, 9), ['rate', 'kind'], 'lower')).toBeNull();
    expect(
      settingImportance(
        grid(() => 1),
        ['fixed'],
        'lower',
      ),
    ).toBeNull();
  });

  test('does not depend on which way is better, but for what has no number', () => {
    const trials = grid((rate, kind) => rate + (kind === 'a' ? 0.001 : 0));
    const up = settingImportance(trials, ['rate', 'kind'], 'higher')!;
    const down = settingImportance(trials, ['rate', 'kind'], 'lower')!;
    up.settings.forEach(({ share }, i) => {
      expect(share).toBeCloseTo(down.settings[i]!.share, 1);
    });
  });
});
