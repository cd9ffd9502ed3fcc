import fc from 'fast-check';
import { type Feedback, schedule, type TaskPlan } from '../../src/clock/schedule';
import type { Tick } from '../../src/clock/tick';
import { InputError } from '../../src/core/errors';

const plan: TaskPlan = {
  phases: [
    { beta: 0, steps: 5 },
    { beta: 0.1, steps: 2 },
  ],
  stride: 2,
};

/** All ticks, where the learner has settled after the steps that `settled` names. */
function ticksOf(given: TaskPlan, first = 0, count = 1, settled = (_tick: Tick) => false): Tick[] {
  const ticks: Tick[] = [];
  const source = schedule(given, first, count);
  let feedback: Feedback | undefined;
  for (let next = source.next(feedback); !next.done; next = source.next(feedback)) {
    ticks.push(next.value);
    feedback = { settled: settled(next.value) };
  }
  return ticks;
}

const anyPlan: fc.Arbitrary<TaskPlan> = fc.record({
  phases: fc.array(
    fc.record({ beta: fc.double({ min: -1, max: 1, noNaN: true }), steps: fc.integer({ min: 1, max: 30 }) }),
    { minLength: 1, maxLength: 4 },
  ),
  stride: fc.integer({ min: 1, max: 12 }),
});

describe('the schedule of a task', () => {
  it('starts the task, runs each phase in chunks, then updates, then ends', () => {
    expect(ticksOf(plan)).toEqual([
      { kind: 'task-start', task: 0 },
      { kind: 'phase-start', task: 0, phase: 0, beta: 0 },
      { kind: 'step', task: 0, phase: 0, beta: 0, first: 0, count: 2 },
      { kind: 'step', task: 0, phase: 0, beta: 0, first: 2, count: 2 },
      { kind: 'step', task: 0, phase: 0, beta: 0, first: 4, count: 1 },
      { kind: 'phase-end', task: 0, phase: 0, beta: 0 },
      { kind: 'phase-start', task: 0, phase: 1, beta: 0.1 },
      { kind: 'step', task: 0, phase: 1, beta: 0.1, first: 0, count: 2 },
      { kind: 'phase-end', task: 0, phase: 1, beta: 0.1 },
      { kind: 'meta-update', task: 0 },
      { kind: 'task-end', task: 0 },
    ]);
  });

  it('counts tasks on from the first one', () => {
    const starts = ticksOf(plan, 7, 3).filter(({ kind }) => kind === 'task-start');
    expect(starts.map(({ task }) => task)).toEqual([7, 8, 9]);
  });

  it('spends each phase’s whole budget, in chunks of the stride, without gap or overlap', () => {
    fc.assert(
      fc.property(anyPlan, (given) => {
        given.phases.forEach(({ steps }, phase) => {
          let next = 0;
          for (const tick of ticksOf(given)) {
            if (tick.kind !== 'step' || tick.phase !== phase) continue;
            expect(tick.first).toBe(next);
            expect(tick.count).toBeGreaterThan(0);
            expect(tick.count).toBeLessThanOrEqual(given.stride);
            next += tick.count;
          }
          expect(next).toBe(steps);
        });
      }),
    );
  });

  it('is pure: the same plan and feedback give the same ticks, and the plan stays as it is', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 0, max: 5 }), (given, settledAt) => {
        const before = structuredClone(given);
        const settled = (tick: Tick) => tick.kind === 'step' && tick.first >= settledAt;
        expect(ticksOf(given, 0, 2, settled)).toEqual(ticksOf(given, 0, 2, settled));
        expect(given).toEqual(before);
      }),
    );
  });

  it('ends a phase as soon as it has settled, and no other phase', () => {
    const ticks = ticksOf(plan, 0, 1, (tick) => tick.kind === 'step' && tick.phase === 0 && tick.first === 2);
    const steps = ticks.filter((tick) => tick.kind === 'step');
    expect(steps.map(({ phase, first }) => [phase, first])).toEqual([
      [0, 0],
      [0, 2],
      [1, 0],
    ]);
    expect(ticks.filter(({ kind }) => kind === 'phase-end')).toHaveLength(2);
  });

  it('hears feedback after steps only', () => {
    expect(ticksOf(plan, 0, 1, (tick) => tick.kind !== 'step')).toEqual(ticksOf(plan));
  });

  it('may have no end, and is made tick by tick', () => {
    const source = schedule(plan, 0, Number.POSITIVE_INFINITY);
    let last: Tick | undefined;
    for (let i = 0; i < 11_000; i++) last = source.next(undefined).value as Tick;
    expect(last).toEqual({ kind: 'task-end', task: 999 });
  });

  it.each<[string, TaskPlan]>([
    ['no phase', { ...plan, phases: [] }],
    ['a phase without steps', { ...plan, phases: [{ beta: 0, steps: 0 }] }],
    ['half a step', { ...plan, phases: [{ beta: 0, steps: 1.5 }] }],
    ['a stride of 0', { ...plan, stride: 0 }],
  ])('is refused with %s', (_name, given) => {
    expect(() => ticksOf(given)).toThrow(InputError);
  });
});
