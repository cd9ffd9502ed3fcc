import fc from 'fast-check';
import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { clock } from '../../src/clock/clock';
import { schedule, type TaskPlan } from '../../src/clock/schedule';
import { scheduleSummary } from '../../src/clock/summary';
import type { SweepTick, Tick } from '../../src/clock/tick';
import { InputError } from '../../src/core/errors';

const plan: TaskPlan = {
  phases: [
    { beta: 0, steps: 2 },
    { beta: 0.5, steps: 1 },
  ],
  stride: 1,
  neural: { sweeps: 5, stride: 2 },
};

const letters: Record<string, string> = {
  'task-start': 'T',
  'phase-start': 'p',
  sweep: 's',
  step: 'S',
  'phase-end': 'e',
  'meta-update': 'u',
  'task-end': 't',
};

const anyPlan = fc.record({
  phases: fc.array(
    fc.record({ beta: fc.constantFrom(0, 0.1, -0.2), steps: fc.integer({ min: 1, max: 9 }) }),
    { minLength: 1, maxLength: 3 },
  ),
  stride: fc.integer({ min: 1, max: 4 }),
  neural: fc.record({ sweeps: fc.integer({ min: 1, max: 9 }), stride: fc.integer({ min: 1, max: 9 }) }),
});

describe('neural sweeps in the schedule', () => {
  it('come before the step whose gradient they are of, one tick each', () => {
    const test = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    test.run(({ expectObservable }) => {
      const ticks$ = clock({ ticks: () => schedule(plan), duration: () => 1, scheduler: test });
      // In the nudged phase, neurons settle on training data and on what is replayed.
      expectObservable(ticks$.pipe(map(({ kind }) => letters[kind]!))).toBe('TpsssSsssSepssssssSeut|', {
        ...Object.fromEntries(Object.values(letters).map((letter) => [letter, letter])),
      });
    });
  });

  it('say which step, sweep and data they are of', () => {
    const sweeps = [...schedule(plan)].filter(({ kind }) => kind === 'sweep') as SweepTick[];
    expect(sweeps.map(({ phase, step, on, sweep }) => [phase, step, on, sweep])).toEqual([
      ...[0, 2, 4].map((sweep) => [0, 0, 'train', sweep]),
      ...[0, 2, 4].map((sweep) => [0, 1, 'train', sweep]),
      ...[0, 2, 4].map((sweep) => [1, 0, 'train', sweep]),
      ...[0, 2, 4].map((sweep) => [1, 0, 'replay', sweep]),
    ]);
  });

  it('leave all other ticks as they are, and are those of each chunk’s first step', () => {
    fc.assert(
      fc.property(anyPlan, ({ neural, ...bare }) => {
        const ticks = [...schedule({ ...bare, neural })];
        expect(ticks.filter(({ kind }) => kind !== 'sweep')).toEqual([...schedule(bare)]);
        let sweeps: SweepTick[] = [];
        for (const tick of ticks as Tick[]) {
          if (tick.kind === 'sweep') sweeps.push(tick);
          if (tick.kind !== 'step') continue;
          const { task, phase, beta, first } = tick;
          for (const sweep of sweeps) expect(sweep).toMatchObject({ task, phase, beta, step: first });
          const each = Math.floor(neural.sweeps / neural.stride) + 1;
          expect(sweeps).toHaveLength(beta === 0 ? each : 2 * each);
          sweeps = [];
        }
        expect(sweeps).toEqual([]);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('are in the summary', () => {
    expect(scheduleSummary({ plan, tasks: 1 })).toContain(
      'Before each step event neurons settle by 5 sweeps on training data, in nudged phases on what is replayed too; sweep 0, 2, 4, ... is an event.',
    );
    expect(scheduleSummary({ plan: { ...plan, neural: undefined }, tasks: 1 })).not.toContain('sweep');
  });

  it('are refused where their numbers are not legal', () => {
    for (const neural of [
      { sweeps: 0, stride: 1 },
      { sweeps: 3, stride: 0.5 },
    ])
      expect(() => [...schedule({ ...plan, neural })]).toThrow(InputError);
  });
});
