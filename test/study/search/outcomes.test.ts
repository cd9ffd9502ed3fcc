import fc from 'fast-check';
import type { JournalEntry } from '../../../src/study/journal';
import { SearchOutcomes } from '../../../src/study/search/search-outcomes';
import type { SearchPlan } from '../../../src/study/search/search-plan';

const search: SearchPlan = {
  metric: 'loss',
  better: 'lower',
  stop: 'halving',
  grace: 1,
  reduction: 3,
  space: null,
};
const trialsOf = (count: number, seeds = 1) =>
  Array.from({ length: count * seeds }, (_, i) => ({
    trial: i + 1,
    seed: Math.floor(i / count) + 1,
    settings: {},
  }));

const entry = (
  event: JournalEntry['event'],
  trial: number,
  more: Partial<JournalEntry> = {},
): JournalEntry => ({
  ...{ event, trial, attempt: 1, worker: 'w', host: 'h', pid: 1, time: '' },
  ...more,
});
const reported = (trial: number, rung: number, value: number) =>
  entry('reported', trial, { rung, metaStep: rung, value, best: value, mean: value });

/** Trials that each take, one after the other, whatever the search has for them, until nothing is left; `pick` chooses who moves. */
function simulate(values: readonly (readonly number[])[], jobs: number, pick: (among: number) => number) {
  const trials = trialsOf(values.length);
  const outcomes = new SearchOutcomes(trials, search, () => true);
  const lines: JournalEntry[] = [];
  const note = (line: JournalEntry) => {
    lines.push(line);
    outcomes.add([line]);
  };
  const running: number[] = [];
  const done = new Map<number, number>();
  let next = 1;
  for (;;) {
    while (running.length < jobs) {
      const over = trials.find(({ trial }) => outcomes.promotion(trial) !== null)?.trial;
      if (next <= values.length) note(entry('claimed', next));
      else if (over !== undefined) note(entry('promoted', over));
      else break;
      running.push(next <= values.length ? next++ : over!);
    }
    if (running.length === 0) return { outcomes, lines, done };
    const [trial] = running.splice(pick(running.length), 1) as [number];
    const level = done.get(trial) ?? 0;
    done.set(trial, level + 1);
    if (level === values[trial - 1]!.length) {
      note(entry('ended', trial));
      continue;
    }
    const rung = 3 ** level;
    note(reported(trial, rung, values[trial - 1]![level]!));
    if (outcomes.arrival(trial, rung)!.goesOn) running.push(trial);
    else note(entry('stopped', trial, { rung }));
  }
}

describe('of a search, whatever the order in which its trials come,', () => {
  test('everything settles, at the rung where it belongs, and the survivors are those of synchronous halving where more cannot come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat()),
        (drawn, jobs, picks) => {
          // No two values alike.
          const values = drawn.map((levels, i) => levels.map((level) => level + i / 100));
          const { outcomes, done } = simulate(
            values,
            jobs,
            (among) => (picks.next().value as number) % among,
          );
          expect(outcomes.settled.size).toBe(values.length);
          // One has come to its end.
          const ended = [...outcomes.settled.values()].filter(({ event }) => event === 'ended');
          expect(ended.length).toBeGreaterThan(0);
          // Of those that came to a rung, the best third is never left there.
          for (const level of [0, 1, 2]) {
            const came = values.map((_, i) => i + 1).filter((trial) => (done.get(trial) ?? 0) > level);
            const ranked = came.toSorted((a, b) => values[a - 1]![level]! - values[b - 1]![level]!);
            const keep = Math.max(1, Math.floor(came.length / 3));
            for (const trial of ranked.slice(0, keep)) expect(done.get(trial)).toBeGreaterThan(level + 1);
          }
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  test('curves that never cross have the best trial come to its end', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        (levels, picks) => {
          const values = levels.map((level) => [level + 3, level + 2, level + 1]);
          const { outcomes } = simulate(values, 2, (among) => (picks.next().value as number) % among);
          const best = levels.indexOf(Math.min(...levels)) + 1;
          expect(outcomes.settled.get(best)!.event).toBe('ended');
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });

  test('the verdicts follow from the lines alone, read at once or one by one, and lines that come twice change nothing', () => {
    const values = [
      [9, 8],
      [1, 1],
      [5, 4],
      [3, 2],
      [2, 9],
      [7, 7],
      [8, 3],
    ];
    let state = 1;
    const { lines, outcomes } = simulate(values, 3, (among) => {
      state = (state * 7 + 3) % 11;
      return state % among;
    });
    const again = new SearchOutcomes(trialsOf(values.length), search, () => true);
    again.add(lines.flatMap((line) => (line.event === 'reported' ? [line, line] : [line])));
    expect([...again.settled]).toEqual([...outcomes.settled]);
    for (const { trial, rung, event } of lines)
      if (event === 'reported') expect(again.arrival(trial, rung!)).toEqual(outcomes.arrival(trial, rung!));
  });
});

describe('a trial of a search', () => {
  test('that stopped goes on once three have come and it is the best, with what decides it', () => {
    const outcomes = new SearchOutcomes(trialsOf(4), search);
    outcomes.add([reported(1, 1, 5), entry('stopped', 1), reported(2, 1, 6), entry('stopped', 2)]);
    expect([...outcomes.settled.keys()]).toEqual([1, 2]);
    expect(outcomes.promotion(1)).toBeNull();
    outcomes.add([reported(3, 1, 7), entry('stopped', 3)]);
    expect([...outcomes.settled.keys()]).toEqual([2, 3]);
    expect(outcomes.promotion(1)).toEqual({
      rung: 1,
      value: 5,
      of: 3,
      threshold: 5,
      rank: 0,
      keep: 1,
      closed: false,
    });
    outcomes.add([entry('promoted', 1)]);
    expect(outcomes.promotion(1)).toBeNull();
    expect([...outcomes.settled.keys()]).toEqual([2, 3]);
  });

  test('is compared with those of its seed alone', () => {
    const outcomes = new SearchOutcomes(trialsOf(3, 2), search, () => true);
    outcomes.add([
      reported(1, 1, 100),
      reported(4, 1, 1),
      reported(2, 1, 200),
      reported(5, 1, 2),
      reported(3, 1, 300),
    ]);
    expect(outcomes.arrival(3, 1)).toMatchObject({ of: 3, rank: 2, threshold: 100 });
    expect(outcomes.arrival(5, 1)).toMatchObject({ of: 2, keep: 0, closed: false });
    outcomes.add([entry('failed', 6)]);
    // Nobody else can come: the better of two goes on.
    outcomes.add([entry('stopped', 4), entry('stopped', 5)]);
    expect(outcomes.promotion(4)).toMatchObject({ of: 2, keep: 1, closed: true });
    expect(outcomes.promotion(5)).toBeNull();
  });

  test('whose process died between its report and its end is still to stop; by medians for good', () => {
    const mine = (trial: number) => trial === 4;
    const halving = new SearchOutcomes(trialsOf(9), search, mine);
    halving.add([1, 2, 3, 4].map((trial) => reported(trial, 1, trial)));
    expect(halving.stopsAt(4)).toMatchObject({ goesOn: false, of: 4, rank: 3, keep: 1 });
    halving.add([5, 6, 7, 8, 9].map((trial) => reported(trial, 1, -trial)));
    expect(halving.stopsAt(4)).toMatchObject({ of: 9, rank: 8, keep: 3 });
    const median = new SearchOutcomes(trialsOf(9), { ...search, stop: 'median' }, mine);
    median.add([1, 2, 3, 4, 5, 6, 7, 8, 9].map((trial) => reported(trial, 1, trial)));
    expect(median.stopsAt(4)).toMatchObject({ goesOn: false, of: 4, threshold: 2 });
    median.add([entry('stopped', 4)]);
    expect([...median.settled.keys()]).toEqual([4]);
  });
});
