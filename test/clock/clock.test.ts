import type { Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { clock } from '../../src/clock/clock';
import { type Feedback, schedule } from '../../src/clock/schedule';
import type { Tick } from '../../src/clock/tick';

const scheduler = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

const plan = { phases: [{ beta: 0, steps: 2 }], stride: 1 };
/** The ticks of one task under `plan`, by the letters that stand for them in a marble diagram. */
const letters: Record<string, Tick> = {
  t: { kind: 'task-start', task: 0 },
  p: { kind: 'phase-start', task: 0, phase: 0, beta: 0 },
  a: { kind: 'step', task: 0, phase: 0, beta: 0, first: 0, count: 1 },
  b: { kind: 'step', task: 0, phase: 0, beta: 0, first: 1, count: 1 },
  q: { kind: 'phase-end', task: 0, phase: 0, beta: 0 },
  m: { kind: 'meta-update', task: 0 },
  e: { kind: 'task-end', task: 0 },
};
const ticks = () => schedule(plan);

/** A generator that tells how many ticks have been pulled from it. */
function counted(tasks = 1): {
  ticks: () => Generator<Tick, void, Feedback | undefined>;
  pulled: () => number;
} {
  let pulled = 0;
  return {
    pulled: () => pulled,
    *ticks() {
      const source = schedule(plan, 0, tasks);
      let feedback: Feedback | undefined;
      for (let next = source.next(feedback); !next.done; next = source.next(feedback)) {
        pulled++;
        feedback = yield next.value;
      }
    },
  };
}

describe('the clock', () => {
  it('tells one tick a frame where each takes a frame', () => {
    const test = scheduler();
    test.run(({ expectObservable }) => {
      const ticks$ = clock({ ticks, duration: () => 1, scheduler: test });
      expectObservable(ticks$).toBe('tpabqme|', letters);
    });
  });

  it('lets each tick last as long as its duration', () => {
    const test = scheduler();
    test.run(({ expectObservable }) => {
      const duration = ({ kind }: Tick) => (kind === 'step' ? 5 : 1);
      expectObservable(clock({ ticks, duration, scheduler: test })).toBe('tpa----b----qme|', letters);
    });
  });

  it('tells all ticks in one frame where none takes time', () => {
    const test = scheduler();
    test.run(({ expectObservable }) => {
      expectObservable(clock({ ticks, scheduler: test })).toBe('(tpabqme|)', letters);
    });
  });

  it('ends a phase where the feedback says that it has settled', () => {
    const test = scheduler();
    test.run(({ expectObservable }) => {
      const feedback = () => ({ settled: true });
      expectObservable(clock({ ticks, feedback, duration: () => 1, scheduler: test })).toBe(
        'tpaqme|',
        letters,
      );
    });
  });

  it('stops where nobody listens any more', () => {
    const test = scheduler();
    const source = counted();
    test.run(({ expectObservable, flush }) => {
      const ticks$ = clock({ ticks: source.ticks, duration: () => 1, scheduler: test });
      expectObservable(ticks$, '^--!').toBe('tpa', letters);
      flush();
      expect(source.pulled()).toBe(3);
      expect(test.actions).toHaveLength(0);
    });
  });

  it('is cold: each listener gets ticks of its own from the start', () => {
    const test = scheduler();
    test.run(({ expectObservable }) => {
      const ticks$ = clock({ ticks, duration: () => 1, scheduler: test });
      expectObservable(ticks$, '^').toBe('tpabqme|', letters);
      expectObservable(ticks$, '--^').toBe('--tpabqme|', letters);
    });
  });

  it('does nothing before somebody listens', () => {
    const source = counted();
    clock({ ticks: source.ticks });
    expect(source.pulled()).toBe(0);
  });

  it('has one tick queued ahead, never more, also in a schedule without end', () => {
    const test = scheduler();
    const source = counted(Number.POSITIVE_INFINITY);
    let told = 0;
    let longest = 0;
    const subscription = clock({ ticks: source.ticks, duration: () => 1, scheduler: test }).subscribe(() => {
      told++;
      longest = Math.max(longest, test.actions.length);
      expect(source.pulled()).toBe(told); // pulled when it is told, not before
      if (told === 5000) subscription.unsubscribe();
    });
    expect(test.actions).toHaveLength(1);
    test.maxFrames = Number.POSITIVE_INFINITY;
    test.flush();
    expect(told).toBe(5000);
    expect(longest).toBeLessThanOrEqual(1);
    expect(test.actions).toHaveLength(0);
  });
});

describe('the work that a tick starts', () => {
  /** Ticks told so far, and what lets the work of the last one end. */
  function working(finish: 'resolve' | 'reject' = 'resolve') {
    const told: string[] = [];
    let release = () => {};
    const busy = () =>
      new Promise<void>((resolve, reject) => {
        release = finish === 'resolve' ? resolve : () => reject(new Error('boom'));
      });
    return { told, busy, release: () => release() };
  }
  const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

  it('holds the next tick back until it is done', async () => {
    const { told, busy, release } = working();
    const subscription = clock({ ticks, busy }).subscribe(({ kind }) => told.push(kind));
    await turn();
    expect(told).toEqual(['task-start']);
    await turn();
    expect(told).toEqual(['task-start']);
    release();
    await turn();
    expect(told).toEqual(['task-start', 'phase-start']);
    subscription.unsubscribe();
    release();
    await turn();
    expect(told).toHaveLength(2);
  });

  it('is asked for feedback when it is done, not before', async () => {
    const { busy, release } = working();
    const feedback = jest.fn(() => ({ settled: false }));
    const subscription = clock({ ticks, busy, feedback }).subscribe();
    await turn();
    expect(feedback).toHaveBeenCalledTimes(1);
    release();
    await turn();
    expect(feedback).toHaveBeenCalledTimes(2);
    subscription.unsubscribe();
  });

  const errorOf = (ticks$: Observable<Tick>) =>
    new Promise((resolve) => {
      ticks$.subscribe({ error: (error: Error) => resolve(error.message) });
    });

  it.each<[string, Parameters<typeof clock>[0]]>([
    ['work fails', { ticks, busy: () => Promise.reject(new Error('boom')) }],
    [
      'work cannot be begun',
      {
        ticks,
        busy: () => {
          throw new Error('boom');
        },
      },
    ],
    [
      'the schedule fails',
      {
        // biome-ignore lint/correctness/useYield: it fails before its first tick
        *ticks(): Generator<Tick, void, Feedback | undefined> {
          throw new Error('boom');
        },
      },
    ],
    [
      'a duration fails after work',
      {
        ticks,
        busy: () => Promise.resolve(),
        duration: () => {
          throw new Error('boom');
        },
      },
    ],
  ])('becomes the error of the stream where %s', async (_name, options) => {
    await expect(errorOf(clock(options))).resolves.toBe('boom');
  });
});
