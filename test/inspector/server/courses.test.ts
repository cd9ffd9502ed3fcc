import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Problem } from '../../../src/inspector/protocol/live';
import type { Courses, Moments, Timeline } from '../../../src/inspector/protocol/traces';
import { openServedFolder } from '../../../src/inspector/server/files/served-folder';
import { Inspector } from '../../../src/inspector/server/inspector';
import { type CourseBounds, readCourses } from '../../../src/inspector/server/traces/course';
import { Extremes } from '../../../src/inspector/server/traces/extremes/extremes';
import { ExtremesStore } from '../../../src/inspector/server/traces/extremes/extremes-store';
import { withTrace } from '../../../src/inspector/server/traces/open-trace';
import { SpanMerger } from '../../../src/inspector/server/traces/span-merger';
import { makeRun } from '../../study/compare/made-runs';
import { TraceFiles } from './made-traces';
import { makeGrounds, type Serving, serving } from './serving';

const { runs } = makeGrounds();
const directory = makeRun(path.join(runs, 'long'), { state: 'running' });
const rows = 30_000;
/** No two alike, so that a value in the wrong place is seen; now and then one that is not finite. */
const valueAt = (row: number, variable: number, column: number): number => {
  if (column === 4) return row; // Each row's own: one that is left out at either end is missed.
  const hash = Math.imul(row * 31 + variable * 7 + column + 1, 2_654_435_761) >>> 0;
  if (hash % 977 === 0) return Number.NaN;
  if (hash % 983 === 0) return hash % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return (hash / 2 ** 32 - 0.5) * 10 ** (row % 7);
};
const [variables, synapses] = [2, 5];
const files = new TraceFiles(directory, 'steps', {
  variables: ['phi', 'lambda'],
  synapses,
  values: (row, into) => {
    for (let v = 0; v < variables; v++)
      for (let column = 0; column < synapses; column++) into[v * synapses + column] = valueAt(row, v, column);
  },
}).growTo(rows);
let server: Serving;
beforeAll(async () => {
  server = await serving(runs);
});
afterAll(async () => {
  files.close();
  await server.served.close();
  fs.rmSync(path.dirname(runs), { recursive: true });
});

/** The same by reading every value, one after the other. */
function plainly(variable: number, column: number, at: readonly number[], end: number) {
  return at.map((first, point) => {
    const values = Array.from({ length: (at[point + 1] ?? end) - first }, (_, i) =>
      valueAt(first + i, variable, column),
    );
    const finite = values.filter(Number.isFinite);
    return {
      low: finite.length === 0 ? null : finite.reduce((a, b) => Math.min(a, b)),
      high: finite.length === 0 ? null : finite.reduce((a, b) => Math.max(a, b)),
      isOdd: finite.length < values.length,
    };
  });
}

function expectExact({ at, courses }: Courses, from: number, end: number): void {
  expect(at[0] ?? from).toBe(from);
  for (const { variable, column, low, high, notFinite } of courses) {
    const expected = plainly(variable === 'phi' ? 0 : 1, column, at, end);
    expect(low).toEqual(expected.map((point) => point.low));
    expect(high).toEqual(expected.map((point) => point.high));
    expect(notFinite).toEqual([...expected.keys()].filter((point) => expected[point]!.isOdd));
  }
}

/** A trace in this process, with what is kept of it as small as a test wants it. */
async function inside<Result>(
  read: Parameters<typeof withTrace<Result>>[3],
  name = 'steps',
): Promise<Result> {
  const inspector = new Inspector(openServedFolder(runs), () => {});
  const { place, entry } = await inspector.trace('long', name);
  return withTrace(place, name, entry, read);
}

describe('the course of a synapse', () => {
  /** Anywhere, and where blocks meet. */
  const place = fc.oneof(
    fc.nat(rows),
    fc
      .tuple(fc.nat(Math.floor(rows / 64) - 1), fc.integer({ min: -1, max: 1 }))
      .map(([block, beside]) => Math.max(0, 64 * block + beside)),
  );

  /** Asks for parts of it, and compares each with a plain reading; gives of how many rows points were. */
  async function compare(store: ExtremesStore, bounds: CourseBounds): Promise<number[]> {
    const every: number[] = [];
    await inside((trace) =>
      fc.assert(
        fc.asyncProperty(
          ...([
            place,
            place,
            fc.oneof(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 700 })),
          ] as const),
          fc.uniqueArray(fc.nat(synapses - 1), { minLength: 1 }),
          async (a, b, most, columns) => {
            const [from, to] = [Math.min(a, b), Math.max(a, b)];
            const request = { variables: [1, 0], columns, from, to, most };
            const courses = await readCourses(trace, store, request, bounds);
            every.push(courses.every);
            expect(courses.at.length).toBeLessThanOrEqual(most);
            expect(courses.courses).toHaveLength(2 * columns.length);
            expectExact(courses, from, to);
          },
        ),
        { numRuns: 80 },
      ),
    );
    return every;
  }

  it('is that of the file to the last bit, whatever part of it is asked for, where rows are read', async () => {
    const store = new ExtremesStore(1e6);
    await compare(store, { numbers: Infinity, points: 1 });
    expect(store.bytes).toBe(0);
  });

  it('and where blocks of them are, which were worked out before, and the rows at both ends', async () => {
    const every = await compare(new ExtremesStore(1e6), { numbers: 0, points: 1 });
    expect(every.filter((each) => each % 64 === 0).length).toBeGreaterThan(20);
  });

  it('and where there is room for few blocks only, so that each is of many rows', async () => {
    const every = await compare(new ExtremesStore(8 * 17 * synapses * 9), { numbers: 0, points: 1 });
    expect(every.filter((each) => each % 4096 === 0).length).toBeGreaterThan(20);
  });

  it('is each value itself where there are no more rows than points', async () => {
    const {
      rows: all,
      every,
      courses,
    } = await server.json<Courses>(
      '/api/course?id=long&trace=steps&variables=lambda&columns=4&from=29000&to=29100&most=100',
    );
    expect([all, every]).toEqual([rows, 1]);
    expect(courses[0]!.low).toEqual(courses[0]!.high);
    expectExact(
      { rows: all, at: Array.from({ length: 100 }, (_, i) => 29_000 + i), every, courses },
      29_000,
      29_100,
    );
  });
});

describe('extremes of blocks', () => {
  it('are those of the rows, however few blocks there is room for, in whatever pieces the rows come', () => {
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 2000 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 2, max: 9 }),
        (values, piece, blocks) => {
          const extremes = new Extremes(1, 17 * blocks);
          for (let i = 0; i < values.length; i += piece) {
            const part = Float64Array.from(values.slice(i, i + piece));
            extremes.add(part, part.length, 1, 0);
          }
          expect(extremes.rows).toBe(values.length);
          expect(extremes.wholeBlocks).toBeLessThanOrEqual(blocks + 1);
          for (let block = 0; block < extremes.wholeBlocks; block++) {
            const of = values.slice(block * extremes.blockRows, (block + 1) * extremes.blockRows);
            const finite = of.filter(Number.isFinite);
            expect(extremes.lowOf(block, 0)).toBe(
              finite.length === 0 ? Infinity : finite.reduce((a, b) => (b < a ? b : a)),
            );
            expect(extremes.highOf(block, 0)).toBe(
              finite.length === 0 ? -Infinity : finite.reduce((a, b) => (b > a ? b : a)),
            );
            expect(extremes.isOdd(block, 0)).toBe(finite.length < of.length);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('take no more memory than they are allowed: those asked for longest ago are dropped, and worked out again', async () => {
    const store = new ExtremesStore(8 * 17 * synapses * 4);
    for (let turn = 0; turn < 3; turn++) {
      for (const variable of [0, 1]) {
        const [part] = await inside((trace) => store.read(trace, [[variable, 0]]));
        expect(part!.extremes.rows).toBe(rows);
      }
      expect(store.bytes).toBeLessThanOrEqual(store.mostBytes);
    }
  });

  it('are gone on with where a trace grows, and begun again where it was cut and has other rows', async () => {
    const of = makeRun(path.join(runs, 'growing'), { state: 'running' });
    let factor = 1;
    const made = {
      synapses: 3,
      values: (row: number, into: Float64Array) => into.fill(factor * (row % 1000)),
    };
    const first = new TraceFiles(of, 'steps', made).growTo(4000);
    const store = new ExtremesStore(1e6);
    const inspector = new Inspector(openServedFolder(runs), () => {});
    const reads = jest.spyOn(fs, 'readSync');
    const highest = async () => {
      const { place, entry } = await inspector.trace('growing', 'steps');
      reads.mockClear();
      const request = { variables: [0], columns: [2], from: 0, to: Infinity, most: 40 };
      const bounds = { numbers: 0, points: 1 };
      const { courses, rows: all } = await withTrace(place, 'steps', entry, (trace) =>
        readCourses(trace, store, request, bounds),
      );
      const bytes = reads.mock.results.reduce((sum, { value }) => sum + value, 0);
      return { all, first: courses[0]!.high[0], highest: Math.max(...courses[0]!.high.map(Number)), bytes };
    };
    // The first point is of two blocks.
    expect(await highest()).toMatchObject({ all: 4000, first: 127, highest: 999 });
    first.growTo(5500);
    const grown = await highest();
    expect(grown).toMatchObject({ all: 5500, highest: 999 });
    // What was read before is not read again: 1,500 rows of 24 bytes, some of them twice, and heads of files.
    expect(grown.bytes).toBeLessThan(4000 * 24);
    first.close();
    factor = 2; // As where a run goes on from a checkpoint on another machine: the same file has other rows.
    const files = ['steps.npy', 'steps.when.npy'].map((name) => path.join(of, 'traces', name));
    const inodes = files.map((file) => fs.statSync(file).ino);
    new TraceFiles(of, 'steps', made).growTo(6000).close();
    expect(files.map((file) => fs.statSync(file).ino)).toEqual(inodes);
    const cut = await highest();
    expect(cut).toMatchObject({ all: 6000, highest: 1998 });
    expect(cut.first! % 2).toBe(0);
    reads.mockRestore();
  });
});

describe('a trace of many synapses', () => {
  const wide = 466_698;
  beforeAll(() => {
    const values = (row: number, into: Float64Array) => {
      for (let i = 0; i < into.length; i++) into[i] = row + i / 2 ** 20;
    };
    new TraceFiles(directory, 'wide', { synapses: wide, values }).growTo(20).close();
  });

  it('is read where it was asked for, and not as a whole', async () => {
    const columns = [0, 123_456, wide - 1];
    const reads = jest.spyOn(fs, 'readSync');
    const { courses } = await server.json<Courses>(
      `/api/course?id=long&trace=wide&variables=phi&columns=${columns}`,
    );
    const bytes = reads.mock.results.reduce((sum, { value }) => sum + value, 0);
    reads.mockRestore();
    expect(courses.map(({ low }) => low)).toEqual(
      columns.map((column) => Array.from({ length: 20 }, (_, row) => row + column / 2 ** 20)),
    );
    expect(bytes).toBeLessThan(1e6); // of 75 MB
  });

  it('gives a frame of all of them', async () => {
    const response = await server.get('/api/frame?id=long&trace=wide&variable=phi&row=7');
    expect(response.headers.get('x-rows')).toBe('20');
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    const frame = new Float64Array(await response.arrayBuffer());
    expect(frame).toHaveLength(wide);
    expect([frame[0], frame[wide - 1]]).toEqual([7, 7 + (wide - 1) / 2 ** 20]);
  });
});

describe('the moments of a trace', () => {
  it('are its rows', async () => {
    const { rows: all, moments } = await server.json<Moments>(
      '/api/moments?id=long&trace=steps&from=15&to=18',
    );
    expect(all).toBe(rows);
    expect(moments).toEqual([
      { row: 15, task: 1, phase: 0, beta: 0, step: 5, residual: 1 / 6 },
      { row: 16, task: 1, phase: 1, beta: 0.1, step: 0, residual: 2 / 7 },
      { row: 17, task: 1, phase: 1, beta: 0.1, step: 1, residual: 2 / 8 },
    ]);
  });
});

describe('a timeline', () => {
  it('has a span for each phase where there is room', async () => {
    const { spans, merged } = await server.json<Timeline>(
      '/api/timeline?id=long&trace=steps&from=3&to=20&most=10',
    );
    expect(merged).toBe(false);
    expect(spans).toEqual([
      { firstRow: 3, endRow: 6, firstTask: 0, lastTask: 0, phase: 0, beta: 0, steps: 5, residual: 1 / 6 },
      { firstRow: 6, endRow: 10, firstTask: 0, lastTask: 0, phase: 1, beta: 0.1, steps: 3, residual: 2 / 10 },
      { firstRow: 10, endRow: 16, firstTask: 1, lastTask: 1, phase: 0, beta: 0, steps: 5, residual: 1 / 6 },
      {
        firstRow: 16,
        endRow: 20,
        firstTask: 1,
        lastTask: 1,
        phase: 1,
        beta: 0.1,
        steps: 3,
        residual: 2 / 10,
      },
    ]);
  });

  it('has all rows once, in order, in no more spans than asked for, however the rows come', () => {
    const phases = fc.array(
      fc.tuple(fc.nat(3), fc.nat(2), fc.integer({ min: 1, max: 5 }), fc.option(fc.nat(9))),
      { minLength: 1, maxLength: 300 },
    );
    fc.assert(
      fc.property(
        phases,
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 3 }),
        (all, most, piece) => {
          const merger = new SpanMerger(0, most);
          let largest: number | null = null;
          let expected = 0;
          for (const [task, phase, count, residual] of all) {
            for (let done = 0; done < count; done += piece) {
              const part = Math.min(piece, count - done);
              merger.add({
                count: part,
                task,
                phase,
                beta: phase / 10,
                step: done + part,
                residual: residual ?? undefined,
              });
            }
            expected += count;
            const { spans } = merger.result();
            expect(spans.length).toBeLessThanOrEqual(most);
            expect(spans[0]!.firstRow).toBe(0);
            expect(spans.at(-1)!.endRow).toBe(expected);
            for (const [i, span] of spans.entries())
              if (i > 0) expect(span.firstRow).toBe(spans[i - 1]!.endRow);
          }
          // Of rows of one phase the last residual counts, so that others of it may be larger.
          const residuals = merger.result().spans.map(({ residual }) => residual ?? -1);
          for (const [i, [task, phase, , residual]] of all.entries()) {
            const next = all[i + 1];
            const isEnd = next === undefined || next[0] !== task || next[1] !== phase;
            if (isEnd && residual !== null) largest = Math.max(largest ?? -1, residual);
          }
          expect(Math.max(...residuals)).toBe(largest ?? -1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is gone on with where the trace grows', async () => {
    const of = makeRun(path.join(runs, 'growing-clock'), { state: 'running' });
    const made = new TraceFiles(of, 'steps', { synapses: 1 }).growTo(15);
    const ask = (query = '') =>
      server.json<Timeline>(`/api/timeline?id=growing-clock&trace=steps&most=100${query}`);
    expect((await ask()).spans.at(-1)).toMatchObject({ firstRow: 10, endRow: 15, steps: 4 });
    made.growTo(35);
    const grown = await ask();
    expect(grown.spans.at(-1)).toMatchObject({ firstRow: 30, endRow: 35, firstTask: 3 });
    expect(grown.spans).toEqual((await ask('&to=35')).spans);
    made.close();
  });
});

describe('what is asked of a trace', () => {
  it.each([
    ['too many moments', 'moments?trace=steps&from=0&to=5000', 'up to 4096'],
    ['too many points', 'course?trace=steps&variables=phi&columns=0&most=30000', 'from 2 to 20000'],
    [
      'too many points of all together',
      `course?trace=wide&variables=phi&columns=${[...Array(60).keys()]}&most=20000`,
      'up to 1000000',
    ],
    ['too many synapses', `course?trace=wide&variables=phi&columns=${[...Array(65).keys()]}`, 'up to 64'],
    ['a part that there is none of', 'course?trace=steps&variables=phi&columns=0&colour=red', 'id, trace'],
    ['a column that is not there', 'course?trace=steps&variables=phi&columns=5', 'from 0 to 4'],
    ['a column twice', 'course?trace=steps&variables=phi&columns=1,1', 'each once'],
    ['a variable that is not there', 'course?trace=steps&variables=psi&columns=0', 'phi, lambda'],
    ['half a row', 'frame?trace=steps&variable=phi&row=1.5', 'whole number'],
    ['a row below the first', 'frame?trace=steps&variable=phi&row=-1', 'whole number'],
    ['a row behind the last', `frame?trace=steps&variable=phi&row=${rows}`, `from 0 to ${rows - 1}`],
    ['a number in another notation', 'frame?trace=steps&variable=phi&row=0x10', 'whole number'],
    ['a parameter twice', 'frame?trace=steps&variable=phi&row=1&row=2', 'up to 1'],
    ['nothing', 'frame?trace=steps&variable=phi', 'from 0'],
    ['an account of a trace without', 'account?trace=steps&row=0&column=0', 'none of this run'],
    ['another trace', 'frame?trace=step&variable=phi&row=0', 'steps'],
  ])('is refused with what is legal: %s', async (_what, asked, legal) => {
    const response = await server.get(`/api/${asked}&id=long`);
    expect([400, 404]).toContain(response.status);
    expect(((await response.json()) as Problem).legal).toContain(legal);
    expect(server.complaints).toEqual([]);
  });
});
