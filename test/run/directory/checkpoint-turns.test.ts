import fc from 'fast-check';
import { CheckpointTurns } from '../../../src/run/directory/checkpoint-turns';

const large = 30e6;

interface Run {
  readonly every?: number | null;
  readonly steps: number;
  /** Milliseconds of a step, of a copy of the state, and of a checkpoint, each by how many there were. */
  readonly step: (i: number) => number;
  readonly copy?: (i: number) => number;
  readonly write?: (i: number) => number;
  readonly bytes?: number;
}

/** After which steps a checkpoint is written, as a run does it; and the part of its time that went to checkpoints. */
function written({ every = null, steps, step, copy = () => 0, write = () => 0, bytes = 0 }: Run) {
  let time = 0;
  let [copies, writes, spent] = [0, 0, 0];
  const turns = new CheckpointTurns(
    every,
    () => time,
    (taken) => {
      spent += 1000 * taken;
    },
  );
  const checkpoint = () => {
    turns.write(() => {
      time += write(writes++);
    });
  };
  const take = () => {
    turns.copy(() => {
      time += copy(copies++);
    });
  };
  const due: number[] = [];
  take();
  checkpoint(); // at the start
  for (let done = 1; done <= steps; done++) {
    time += step(done);
    const isDue = turns.isDue(done, steps, bytes);
    if (isDue || done === steps || turns.isCopied(bytes)) take();
    if (!isDue) continue;
    due.push(done);
    checkpoint();
  }
  if (due.at(-1) !== steps) checkpoint(); // at the end
  return { due, share: spent / time, time, writes };
}

const each = (duration: number) => () => duration;

describe('a checkpoint is due', () => {
  test('by the clock, after the first step that ends a second after the last one, and after the last two steps', () => {
    expect(written({ steps: 40, step: each(1) }).due).toEqual([39, 40]);
    expect(written({ steps: 10, step: each(300) }).due).toEqual([4, 8, 9, 10]);
    expect(written({ steps: 4, step: each(5000) }).due).toEqual([1, 2, 3, 4]);
    expect(written({ steps: 1, step: each(1) }).due).toEqual([1]);
  });

  test('of a large state, by the clock alone: the run writes the last one when it ends', () => {
    expect(written({ steps: 40, step: each(1), bytes: large })).toMatchObject({ due: [], writes: 2 });
    expect(written({ steps: 10, step: each(300), bytes: large }).due).toEqual([4, 8]);
  });

  test('seldom enough that copying and writing takes a fiftieth of the time, the last one included', () => {
    const { due, share } = written({
      steps: 100_000,
      step: each(10),
      copy: each(60),
      write: each(440),
      bytes: large,
    });
    const gaps = due.map((step, i) => step - (due[i - 1] ?? 0));
    // At first what three take, divided by .02: that at the start, this one, that in the end. Then what one takes.
    expect(gaps[0]).toBe(Math.ceil((3 * 500) / 0.02 / 10) - 50);
    expect(new Set(gaps.slice(1))).toEqual(new Set([2500]));
    expect(share).toBeLessThan(0.02);
    expect(share).toBeGreaterThan(0.018);
  });

  test('so that the share holds for whatever steps take, in each run that is a hundred times as long as a checkpoint', () => {
    const durations = fc.record({
      steps: fc.integer({ min: 1, max: 3000 }),
      step: fc.constantFrom(1, 30, 500, 20_000),
      cost: fc.constantFrom(1, 20, 450, 3000),
      uneven: fc.float({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(durations, ({ steps, step, cost, uneven }) => {
        const run = written({
          ...{ steps, bytes: large },
          step: (i) => step * (1 + uneven * Math.sin(i)),
          copy: each(0.2 * cost),
          write: each(0.8 * cost),
        });
        if (run.time >= 100 * cost) expect(run.share).toBeLessThanOrEqual(0.02 * (1 + 1e-9));
        else expect(run.writes).toBe(2);
      }),
    );
  });

  test('more seldom where the disk grows slow, since what is measured counts', () => {
    const { due, share } = written({
      ...{ steps: 10_000, step: each(100), bytes: large },
      write: (i) => (i < 3 ? 50 : 1000),
    });
    expect(due[1]! - due[0]!).toBeLessThan(60);
    expect(due[3]! - due[2]!).toBeGreaterThan(490);
    expect(share).toBeLessThan(0.021);
  });

  test('after every so many steps where that is asked for, whatever the clock says, and after the last', () => {
    for (const bytes of [0, large]) {
      expect(written({ every: 3, steps: 10, step: each(1), bytes }).due).toEqual([3, 6, 9, 10]);
      expect(written({ every: 1, steps: 3, step: each(5000), bytes }).due).toEqual([1, 2, 3]);
    }
  });
});

test('a finished run has its last checkpoint alone where its state is large and the clock chose when to write', () => {
  expect([0, large].map((bytes) => new CheckpointTurns(null).endsAlone(bytes))).toEqual([false, true]);
  expect(new CheckpointTurns(3).endsAlone(large)).toBe(false);
});
