import fc from 'fast-check';
import { parseAxis } from '../../../src/study/plan/axis';
import { drawSettings } from '../../../src/study/plan/draw-settings';

const axes = (...texts: string[]) => texts.map(parseAxis);

describe('what is tried of a space', () => {
  test('is every combination where nothing is drawn, the last setting changing first', () => {
    expect(drawSettings(axes('a=1,2', 'b=x,y'), null)).toEqual([
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
    ]);
    expect(drawSettings([], null)).toEqual([{}]);
  });

  test('is so many combinations of values, none twice, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.nat(1000), (count, seed) => {
        const space = axes('a=1,2,3,4', 'b=lin(0..1,3)', 'c=false,0');
        const drawn = drawSettings(space, { count, seed });
        expect(new Set(drawn.map((each) => JSON.stringify(each))).size).toBe(count);
        expect(drawSettings(space, { count, seed })).toEqual(drawn);
      }),
    );
    const one = (seed: number) => drawSettings(axes('a=1,2,3,4,5,6', 'b=1,2,3,4,5,6'), { count: 8, seed });
    expect(one(1)).not.toEqual(one(2));
  });

  test('has numbers of each distribution within its range, evenly, and the settings in the order given', () => {
    const drawn = drawSettings(axes('u=uniform(-1..3)', 'g=1,2', 'l=loguniform(1e-4..1)'), {
      count: 2000,
      seed: 3,
    });
    expect(Object.keys(drawn[0]!)).toEqual(['u', 'g', 'l']);
    const below = (path: string, limit: number) =>
      drawn.filter((each) => (each[path] as number) < limit).length / drawn.length;
    expect([below('u', -1), below('u', 3), below('l', 1e-4)]).toEqual([0, 1, 0]);
    // Standard deviations of the shares: 0.011.
    expect(below('u', 1)).toBeCloseTo(0.5, 1);
    expect(below('l', 1e-2)).toBeCloseTo(0.5, 1);
    expect(drawn.filter(({ g }) => g === 1)).toHaveLength(1000); // as evenly as they go
  });

  test('draws a setting by the seed and its own name alone, whatever else is swept', () => {
    const alone = drawSettings(axes('u=uniform(0..1)'), { count: 5, seed: 1 });
    const beside = drawSettings(axes('v=uniform(0..1)', 'u=uniform(0..1)'), { count: 5, seed: 1 });
    expect(beside.map(({ u }) => u)).toEqual(alone.map(({ u }) => u));
  });

  test('may be a few of more combinations than could be listed', () => {
    const huge = axes('a=lin(0..1,90000)', 'b=lin(0..1,90000)', 'c=lin(0..1,90000)');
    expect(drawSettings(huge, { count: 100, seed: 1 })).toHaveLength(100);
  });

  test.each([
    [['u=uniform(0..1)'], null, /how often is not said.*--samples COUNT/],
    [['a=1,2', 'b=1,2'], 5, /not so many combinations.*1 to 4.*Leave out --samples for all 4/],
    [['a=lin(0..1,1000)', 'b=lin(0..1,1000)'], null, /too many trials. Got 1000000/],
    [['u=uniform(0..1)'], 1_000_000, /too many trials/],
  ])('refuses %j with %j samples', (texts, count, why) => {
    expect(() => drawSettings(axes(...texts), count === null ? null : { count, seed: 1 })).toThrow(why);
  });
});
