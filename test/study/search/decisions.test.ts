import fc from 'fast-check';
import { halvingVerdict, survivesHalving } from '../../../src/study/search/decisions/halving';
import { medianVerdict } from '../../../src/study/search/decisions/median';
import { rungAt } from '../../../src/study/search/decisions/rungs';
import type { Better, RungReport } from '../../../src/study/search/decisions/verdict';
import optuna from './optuna-halving.json';

const seed = { seed: 7, numRuns: 300 } as const;

/** Reports at one rung, in this order, of trials 1, 2, ... */
const reportsOf = (values: readonly (number | null)[], rung = 10): RungReport[] =>
  values.map((value, i) => ({ trial: i + 1, rung, metaStep: rung, value, best: value, mean: value }));

describe('rungs', () => {
  const halving = { stop: 'halving', grace: 10, reduction: 3 } as const;
  test.each([
    [0, null],
    [9, null],
    [10, 10],
    [29, 10],
    [30, 30],
    [89, 30],
    [90, 90],
    [271, 270],
  ])('of halving by 3 after a grace of 10: meta-step %i is at %s', (metaStep, rung) => {
    expect(rungAt(metaStep, halving)).toBe(rung);
  });
  test('of medians are multiples of the grace, and there are none where nothing stops', () => {
    expect([9, 10, 19, 20, 35].map((at) => rungAt(at, { ...halving, stop: 'median' }))).toEqual([
      null,
      10,
      10,
      20,
      30,
    ]);
    expect(rungAt(1000, { ...halving, stop: 'none' })).toBeNull();
  });
});

describe('successive halving', () => {
  const open = { reduction: 3, better: 'lower', closed: false } as const;

  test('lets the best third of those that came go on: by hand', () => {
    // Of two, none; of three, the best; of seven, the best two.
    expect(halvingVerdict(reportsOf([5, 4]), 2, open)).toEqual({
      ...{ goesOn: false, rung: 10, value: 4, of: 2, threshold: null, rank: 0, keep: 0, closed: false },
    });
    expect(halvingVerdict(reportsOf([5, 4, 6]), 2, open)).toMatchObject({
      goesOn: true,
      threshold: 4,
      rank: 0,
      keep: 1,
    });
    expect(halvingVerdict(reportsOf([5, 4, 6]), 1, open)).toMatchObject({
      goesOn: false,
      threshold: 4,
      rank: 1,
    });
    const seven = reportsOf([5, 4, 6, 1, 9, 8, 7]);
    expect(seven.map(({ trial }) => halvingVerdict(seven, trial, open).goesOn)).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(halvingVerdict(seven, 1, open)).toMatchObject({ of: 7, keep: 2, rank: 2, threshold: 4 });
  });

  test('lets one go on from a closed rung, prefers who came first of equals, and nothing that is no number', () => {
    const closed = { ...open, closed: true };
    expect([1, 2].map((trial) => halvingVerdict(reportsOf([5, 5]), trial, closed).goesOn)).toEqual([
      true,
      false,
    ]);
    expect([1, 2].map((trial) => halvingVerdict(reportsOf([null, 7]), trial, closed).goesOn)).toEqual([
      false,
      true,
    ]);
    expect(halvingVerdict(reportsOf([null]), 1, closed).goesOn).toBe(false);
    expect(halvingVerdict(reportsOf([1, 2, 3]), 3, { ...open, better: 'higher' }).goesOn).toBe(true);
  });

  // Optuna stops for good, and lets the first to come go on: what a closed rung does at each arrival.
  test(`decides as ${optuna.by}`, () => {
    for (const { reduction, better, values, goesOn } of optuna.cases) {
      const halving = { reduction, better: better as Better, closed: true };
      const verdicts = values.map(
        (_, i) => halvingVerdict(reportsOf(values.slice(0, i + 1)), i + 1, halving).goesOn,
      );
      expect(verdicts).toEqual(goesOn);
    }
  });

  test('is what sorting by value, then by arrival, and cutting says', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(null));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 2, max: 5 }),
        fc.boolean(),
        fc.constantFrom<Better>('lower', 'higher'),
        (values, reduction, closed, better) => {
          const reports = reportsOf(values);
          const sign = better === 'lower' ? 1 : -1;
          const worth = (i: number) => (values[i] === null ? Number.POSITIVE_INFINITY : sign * values[i]!);
          const order = values
            .map((_, i) => i)
            .sort((a, b) => (worth(a) === worth(b) ? a - b : worth(a) < worth(b) ? -1 : 1));
          let keep = Math.floor(values.length / reduction);
          if (closed && keep === 0) keep = 1;
          for (const [rank, i] of order.entries()) {
            const goesOn = rank < keep && values[i] !== null;
            const halving = { reduction, better, closed };
            expect(halvingVerdict(reports, i + 1, halving)).toMatchObject({ goesOn, rank, keep });
            expect(survivesHalving(reports, i + 1, halving)).toBe(goesOn);
          }
        },
      ),
      seed,
    );
  });
});

describe('median stopping', () => {
  const at = (trial: number, best: number | null, mean: number | null): RungReport => ({
    ...{ trial, rung: 20, metaStep: 20, value: best, best, mean },
  });

  test('by hand: the best so far against the median of the others’ means', () => {
    // Means 4, 6, 10: their median is 6.
    const others = [at(1, 3, 4), at(2, 2, 6), at(3, 9, 10)];
    expect(medianVerdict([...others, at(4, 7, 8)], 4, { better: 'lower' })).toEqual({
      ...{ goesOn: false, rung: 20, value: 7, of: 4, threshold: 6 },
    });
    expect(medianVerdict([...others, at(4, 6, 8)], 4, { better: 'lower' }).goesOn).toBe(true); // Not worse.
    expect(medianVerdict([...others, at(4, 7, 8)], 4, { better: 'higher' }).goesOn).toBe(true);
    // Of four, between the two in the middle: 4, 5, 6, 10.
    expect(medianVerdict([...others, at(4, 1, 5), at(5, 5.6, 9)], 5, { better: 'lower' })).toMatchObject({
      ...{ goesOn: false, threshold: 5.5 },
    });
  });

  test('takes three others, and stops at once what is no number', () => {
    expect(medianVerdict([at(1, 1, 1), at(2, 1, 1), at(3, 9, 9)], 3, { better: 'lower' })).toMatchObject({
      goesOn: true,
      threshold: null,
    });
    expect(medianVerdict([at(1, null, null)], 1, { better: 'lower' }).goesOn).toBe(false);
    // Others without a number are worse than all.
    const lost = [at(1, null, null), at(2, null, null), at(3, 1, 2)];
    expect(medianVerdict([...lost, at(4, 1000, 1000)], 4, { better: 'lower' }).goesOn).toBe(true);
  });

  test('is what counting says: it stops where fewer than half of the others have means as bad as its best', () => {
    const number = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(number, { minLength: 3, maxLength: 21 }), number, (means, best) => {
        fc.pre(means.length % 2 === 1);
        const reports = [...means.map((mean, i) => at(i + 1, mean, mean)), at(means.length + 1, best, best)];
        const asBad = means.filter((mean) => mean >= best).length;
        expect(medianVerdict(reports, means.length + 1, { better: 'lower' }).goesOn).toBe(
          2 * asBad > means.length,
        );
      }),
      seed,
    );
  });
});
