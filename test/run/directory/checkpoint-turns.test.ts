import { CheckpointTurns } from '../../../src/run/directory/checkpoint-turns';

/** After which of so many steps, each of which takes so many milliseconds, a checkpoint that takes `cost` is written. */
function written(every: number | null, steps: number, duration: number, cost = 0): number[] {
  let time = 0;
  const turns = new CheckpointTurns(every, () => time);
  const due: number[] = [];
  for (let done = 1; done <= steps; done++) {
    time += duration;
    if (!turns.isDue(done, steps)) continue;
    due.push(done);
    turns.write(() => {
      time += cost;
    });
  }
  return due;
}

describe('a checkpoint is due', () => {
  test('by the clock, after the first step that ends a second after the last one, and after the last two steps', () => {
    expect(written(null, 40, 1)).toEqual([39, 40]);
    expect(written(null, 10, 300)).toEqual([4, 8, 9, 10]);
    expect(written(null, 4, 5000)).toEqual([1, 2, 3, 4]);
    expect(written(null, 1, 1)).toEqual([1]);
  });

  test('by the clock seldom enough that writing takes a twentieth of the time at most', () => {
    const due = written(null, 10_000, 10, 400);
    expect(due.slice(0, -2).map((step, i) => step - (due[i - 1] ?? 0))).toEqual([
      100,
      ...due.slice(1, -2).map(() => 800),
    ]);
  });

  test('after every so many steps where that is asked for, whatever the clock says, and after the last', () => {
    expect(written(3, 10, 1)).toEqual([3, 6, 9, 10]);
    expect(written(1, 3, 5000)).toEqual([1, 2, 3]);
  });
});
