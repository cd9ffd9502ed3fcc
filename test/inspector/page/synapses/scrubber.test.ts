import fc from 'fast-check';
import { findPhases } from '../../../../src/inspector/page/synapses/scrubber/find-phases';
import {
  type KnownPhases,
  metaUpdateFrom,
  phaseInWords,
  phasesOfTask,
  rowAfterStep,
  spanAt,
} from '../../../../src/inspector/page/synapses/scrubber/phases';
import { rowAtTime } from '../../../../src/inspector/page/synapses/scrubber/playback';
import type { Span, Timeline } from '../../../../src/inspector/protocol/traces';

/** Tasks of a free phase, nudged ones, and perhaps a meta-update, each of so many rows. */
const tasks = fc.array(
  fc.record({
    phases: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
    update: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

function spansOf(all: readonly { phases: readonly number[]; update: boolean }[]): Span[] {
  const spans: Span[] = [];
  let row = 0;
  all.forEach(({ phases, update }, task) => {
    const lengths = [
      ...phases.map((rows, phase) => [phase, rows] as const),
      ...(update ? [[-1, 1] as const] : []),
    ];
    for (const [phase, rows] of lengths) {
      const beta = phase > 0 ? 0.1 * phase : 0;
      spans.push({
        ...{ firstRow: row, endRow: row + rows, firstTask: task, lastTask: task },
        ...{ phase, beta, steps: rows, residual: null },
      });
      row += rows;
    }
  });
  return spans;
}

const whole = (spans: readonly Span[]): KnownPhases => {
  const rows = spans.at(-1)!.endRow;
  return { from: 0, to: rows, rows, spans };
};

describe('steps of the scrubber', () => {
  const trials = tasks
    .map(spansOf)
    .chain((spans) => fc.tuple(fc.constant(spans), fc.nat(spans.at(-1)!.endRow - 1)));

  test('a row lies in the span that holds it', () => {
    fc.assert(
      fc.property(trials, ([spans, row]) => {
        const span = spans[spanAt(spans, row)]!;
        expect(row >= span.firstRow && row < span.endRow).toBe(true);
      }),
    );
    expect(spanAt([], 0)).toBe(-1);
  });

  test('by phase go forward to where the next begins, and back to where this one or the one before began', () => {
    fc.assert(
      fc.property(trials, ([spans, row]) => {
        const begins = spans.map(({ firstRow }) => firstRow);
        const last = spans.at(-1)!.endRow - 1;
        expect(rowAfterStep(whole(spans), row, 'phase', 1)).toBe(begins.find((begin) => begin > row) ?? last);
        expect(rowAfterStep(whole(spans), row, 'phase', -1)).toBe(
          begins.findLast((begin) => begin < row) ?? 0,
        );
      }),
    );
  });

  test('by task are steps by phase to the first phase of a task', () => {
    fc.assert(
      fc.property(trials, ([spans, row]) => {
        const begins = spans
          .filter(({ firstTask }, i) => firstTask !== spans[i - 1]?.firstTask)
          .map(({ firstRow }) => firstRow);
        expect(rowAfterStep(whole(spans), row, 'task', 1)).toBe(
          begins.find((begin) => begin > row) ?? spans.at(-1)!.endRow - 1,
        );
        expect(rowAfterStep(whole(spans), row, 'task', -1)).toBe(
          begins.findLast((begin) => begin < row) ?? 0,
        );
      }),
    );
  });

  test('by row stay within the trace', () => {
    const known = { from: 5, to: 9, rows: 12, spans: [] };
    expect(rowAfterStep(known, 7, 'row', 1)).toBe(8);
    expect(rowAfterStep(known, 11, 'row', 1)).toBe(11);
    expect(rowAfterStep(known, 0, 'row', -1)).toBe(0);
  });

  test('are not known where the spans known do not reach', () => {
    const spans = spansOf([
      { phases: [4, 4], update: false },
      { phases: [4], update: false },
    ]).slice(1, 2);
    const known = { from: 5, to: 7, rows: 12, spans };
    for (const way of [1, -1] as const) {
      expect(rowAfterStep(known, 6, 'phase', way)).toBeNull();
      expect(rowAfterStep(known, 6, 'task', way)).toBeNull();
    }
  });

  test('lead from meta-update to meta-update', () => {
    fc.assert(
      fc.property(trials, ([spans, row]) => {
        const updates = spans.filter(({ phase }) => phase === -1).map(({ firstRow }) => firstRow);
        expect(metaUpdateFrom(whole(spans), row, 1)).toBe(updates.find((update) => update > row) ?? null);
        expect(metaUpdateFrom(whole(spans), row, -1)).toBe(
          updates.findLast((update) => update < row) ?? null,
        );
      }),
    );
  });

  test('of meta-updates one behind the other take each', () => {
    const update: Span = {
      ...spansOf([{ phases: [1], update: false }])[0]!,
      phase: -1,
      endRow: 5,
      lastTask: 4,
    };
    expect([1, 2, 3].map((row) => metaUpdateFrom(whole([update]), row, 1))).toEqual([2, 3, 4]);
    expect(metaUpdateFrom(whole([update]), 4, 1)).toBeNull();
  });
});

describe('the phases of a task', () => {
  test('are all of its own, without its meta-update', () => {
    fc.assert(
      fc.property(tasks, (all) => {
        const spans = spansOf(all);
        for (const { firstRow, firstTask } of spans) {
          const phases = phasesOfTask(whole(spans), firstRow)!;
          expect(phases.map(({ endRow, firstRow: first }) => endRow - first)).toEqual(all[firstTask]!.phases);
        }
      }),
    );
  });

  test('are not known where the task begins before or ends behind what is known', () => {
    const spans = spansOf([{ phases: [4, 4], update: false }]);
    expect(phasesOfTask({ from: 1, to: 8, rows: 8, spans }, 3)).toBeNull();
    expect(phasesOfTask({ from: 0, to: 8, rows: 20, spans }, 3)).toBeNull();
  });
});

describe('finding phases', () => {
  /** A server's answer: the spans cut at the ends asked for, merged into one where they are too many. */
  const serve = (spans: readonly Span[], rows: number) => {
    const asked: number[] = [];
    const timeline = async (from: number, to: number, most: number): Promise<Timeline> => {
      asked.push(to - from);
      const own = spans
        .filter(({ firstRow, endRow }) => endRow > from && firstRow < to)
        .map((span) => ({
          ...span,
          firstRow: Math.max(from, span.firstRow),
          endRow: Math.min(to, span.endRow),
        }));
      if (own.length <= most) return { rows, spans: own, merged: false };
      const merged = {
        ...own[0]!,
        phase: null,
        beta: null,
        endRow: own.at(-1)!.endRow,
        lastTask: own.at(-1)!.lastTask,
      };
      return { rows, spans: [merged], merged: true };
    };
    return { asked, timeline };
  };

  test.each([
    ['phases of a few rows', 2, 40_000],
    ['phases of one row', 1, 100_000],
    ['phases of very many rows', 70_000, 3],
  ])('of %s finds those of the task, in a few questions', async (_, length, count) => {
    const spans = spansOf(Array.from({ length: count }, () => ({ phases: [length, length], update: true })));
    const { asked, timeline } = serve(spans, spans.at(-1)!.endRow);
    const row = spans[spans.length >> 1]!.firstRow;
    const known = await findPhases(timeline, row, (found) => phasesOfTask(found, row) !== null);
    expect(phasesOfTask(known, row)!.map(({ firstRow, endRow }) => endRow - firstRow)).toEqual([
      length,
      length,
    ]);
    expect(asked.length).toBeLessThan(8);
  });

  test('ends, with what is known, where there is no answer', async () => {
    const spans = spansOf(Array.from({ length: 50_000 }, () => ({ phases: [1], update: false })));
    const { asked, timeline } = serve(spans, 50_000);
    const known = await findPhases(timeline, 25_000, () => false);
    expect(spanAt(known.spans, 25_000)).toBeGreaterThanOrEqual(0);
    expect(asked.length).toBeLessThanOrEqual(16);
  });
});

describe('play', () => {
  test('is at the row of its time, and ends at the last', () => {
    const film = { began: 1000, row: 10, speed: 60 };
    expect(rowAtTime(film, 1000, 100)).toEqual({ row: 10, ended: false });
    expect(rowAtTime(film, 1500, 100)).toEqual({ row: 40, ended: false });
    expect(rowAtTime(film, 2483.5, 100)).toEqual({ row: 99, ended: true });
    expect(rowAtTime(film, 9000, 0)).toEqual({ row: 0, ended: true });
  });
});

test('phases are called by their names', () => {
  expect(phaseInWords({ phase: 0, beta: 0 })).toBe('free');
  expect(phaseInWords({ phase: 2, beta: -0.1 })).toBe('nudged, β = -0.1');
  expect(phaseInWords({ phase: -1, beta: 0 })).toBe('meta-update');
  expect(phaseInWords({ phase: null, beta: null })).toBe('several phases');
});
