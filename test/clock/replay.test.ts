import { of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { clock } from '../../src/clock/clock';
import { replay } from '../../src/clock/replay';
import { schedule } from '../../src/clock/schedule';
import { scheduleSummary } from '../../src/clock/summary';
import type { StepTick, Tick } from '../../src/clock/tick';
import type { Batch } from '../../src/data/batch';

const batch = (value: number): Batch => ({
  samples: 1,
  inputs: 1,
  targets: 1,
  x: Float64Array.of(value),
  y: Float64Array.of(value),
});
const plan = {
  phases: [
    { beta: 0, steps: 3 },
    { beta: 0.1, steps: 2 },
    { beta: -0.1, steps: 1 },
  ],
  stride: 1,
};

describe('replay', () => {
  it('tells held-out data once for each nudged chunk, and never in the free phase', () => {
    const test = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    test.run(({ expectObservable }) => {
      const ticks$ = clock({ ticks: () => schedule(plan), duration: () => 1, scheduler: test });
      const tick = (phase: number, beta: number, first: number): StepTick => ({
        kind: 'step',
        task: 0,
        phase,
        beta,
        first,
        count: 1,
      });
      // start, phase 0: start 3 steps end, phase 1: start 2 steps end, phase 2: start 1 step end, update, end
      expectObservable(replay(ticks$, () => batch(7))).toBe('-------ab--c---|', {
        a: { beta: 0.1, batch: batch(7), tick: tick(1, 0.1, 0) },
        b: { beta: 0.1, batch: batch(7), tick: tick(1, 0.1, 1) },
        c: { beta: -0.1, batch: batch(7), tick: tick(2, -0.1, 0) },
      });
    });
  });

  it('asks for held-out data in nudged chunks only, and for each chunk anew', () => {
    const asked: [number, number][] = [];
    const batches: number[] = [];
    replay(of(...schedule(plan)), ({ phase, first }) => {
      asked.push([phase, first]);
      return batch(asked.length);
    }).subscribe(({ batch: { x } }) => batches.push(x[0]!));
    expect(asked).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
    expect(batches).toEqual([1, 2, 3]);
  });

  it('is silent where there is no nudged phase', () => {
    const heard: unknown[] = [];
    replay(of(...(schedule({ ...plan, phases: [{ beta: 0, steps: 9 }] }) as Iterable<Tick>)), () =>
      batch(0),
    ).subscribe((data) => heard.push(data));
    expect(heard).toEqual([]);
  });
});

describe('the summary of a schedule', () => {
  it('says who runs when, on what data, for how long at the most', () => {
    expect(scheduleSummary({ plan: { ...plan, stride: 50 }, tasks: 4 })).toBe(
      [
        '4 tasks, each:',
        '  1. free phase, beta = 0: up to 3 steps on training data, from the start of the task',
        '  2. nudged phase, beta = 0.1: up to 2 steps on training data + 0.1 x replayed held-out data, from the end of the free phase',
        '  3. nudged phase, beta = -0.1: up to 1 step on training data + -0.1 x replayed held-out data, from the end of the free phase',
        "  4. contrast of the phases' ends, per synapse; meta-update of its slow variables",
        'One step event stands for 50 steps. At most 24 inner steps in all.',
      ].join('\n'),
    );
  });

  it('says where meta-batches end, and what is worked out where that is no contrast', () => {
    const told = scheduleSummary({ plan: { ...plan, end: 'held-out gradient' }, tasks: 40, batch: 10 });
    expect(told).toMatch(/^40 tasks in meta-batches of 10, each:/);
    expect(told).toContain(
      '  4. held-out gradient\nAfter each meta-batch: mean over its tasks, in their order; ',
    );
  });

  it('knows the singular', () => {
    expect(scheduleSummary({ plan, tasks: 1 })).toMatch(/^1 task, each:/);
    expect(scheduleSummary({ plan, tasks: 1 })).toContain('up to 1 step on training data');
    expect(scheduleSummary({ plan, tasks: 1 })).toContain('One step event stands for 1 step.');
  });
});
