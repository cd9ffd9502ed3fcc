import { yieldToEventLoop } from '../../../core/yield-to-event-loop';
import type { Courses } from '../../protocol/traces';
import { fewestRows } from './extremes/extremes';
import type { ExtremesStore, Part } from './extremes/extremes-store';
import type { OpenTrace } from './open-trace';
import { Points } from './points';

/** Which courses are asked for. */
export interface CourseRequest {
  /** Indices of variables. */
  readonly variables: readonly number[];
  readonly columns: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly most: number;
  /** Ends it once nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** Where rows themselves are read, and where what was worked out of blocks of them. */
export interface CourseBounds {
  /** Numbers that are read for an answer without anything worked out before. */
  readonly numbers: number;
  /** With fewer points than these no answer is content to have none between blocks. */
  readonly points: number;
}

const standardBounds: CourseBounds = { numbers: 8 * 1024 * 1024, points: 200 };

interface Wanted {
  readonly variable: number;
  readonly column: number;
  readonly points: Points;
}

/** The courses of some synapses: of few rows from the rows themselves, of many from the extremes of blocks of rows, and from the rows at both ends. */
export async function readCourses(
  trace: OpenTrace,
  store: ExtremesStore,
  { variables, columns, from, to, most, signal }: CourseRequest,
  bounds = standardBounds,
): Promise<Courses> {
  const end = Math.min(to, trace.rows);
  const count = Math.max(0, end - from);
  const each = Math.max(1, Math.ceil(count / most));
  const pairs = variables.flatMap((variable) => columns.map((column) => [variable, column] as const));
  // Of long rows only what lies around the synapses asked for is read.
  const numbers = count * Math.min(trace.values.width, gap * pairs.length);
  const readsRows = each === 1 || count < fewestRows * bounds.points || numbers <= bounds.numbers;
  const parts = readsRows ? [] : await store.read(trace, pairs, signal);
  const block = Math.max(1, ...parts.map(({ extremes }) => extremes.blockRows));
  const isAligned = parts.length > 0 && (each >= block || count / block >= bounds.points);
  const every = isAligned ? block * Math.ceil(each / block) : each;
  const at = isAligned ? alignedPoints(from, end, every, most) : evenPoints(from, end, every);
  const wanted = pairs.map(([variable, column]) => ({ variable, column, points: new Points(at.at.length) }));
  const ranges = at.at.map((row, point) => ({ point, row, end: at.at[point + 1] ?? end }));
  if (isAligned) await addFromBlocks(trace, parts, wanted, ranges, signal);
  else await addRows(trace, wanted, ranges, signal);
  const { entry } = trace;
  return {
    rows: trace.rows,
    at: at.at,
    every: at.every,
    courses: wanted.map(({ variable, column, points }) => points.course(entry.variables[variable]!, column)),
  };
}

function evenPoints(from: number, end: number, every: number) {
  const count = Math.max(0, Math.ceil((end - from) / every));
  return { at: Array.from({ length: count }, (_, point) => from + point * every), every };
}

/** Points that begin at multiples of `every`, but for the first; as many rows each as it takes to be no more than `most`. */
function alignedPoints(from: number, end: number, every: number, most: number) {
  let each = every;
  while (Math.ceil(end / each) - Math.floor(from / each) > most) each += every;
  const first = Math.floor(from / each);
  const count = Math.ceil(end / each) - first;
  return { at: Array.from({ length: count }, (_, i) => Math.max(from, (first + i) * each)), every: each };
}

interface Range {
  readonly point: number;
  readonly row: number;
  readonly end: number;
}

async function addFromBlocks(
  trace: OpenTrace,
  parts: readonly Part[],
  wanted: readonly Wanted[],
  ranges: readonly Range[],
  signal?: AbortSignal,
): Promise<void> {
  for (const part of parts) {
    const { extremes, variable, firstColumn } = part;
    const ours = wanted.filter(
      (one) =>
        one.variable === variable && one.column >= firstColumn && one.column < firstColumn + extremes.width,
    );
    const { blockRows, wholeBlocks } = extremes;
    const edges: Range[] = [];
    for (const { point, row, end } of ranges) {
      const first = Math.ceil(row / blockRows);
      const last = Math.min(Math.floor(end / blockRows), wholeBlocks);
      if (first >= last) {
        edges.push({ point, row, end });
        continue;
      }
      if (row < first * blockRows) edges.push({ point, row, end: first * blockRows });
      if (last * blockRows < end) edges.push({ point, row: last * blockRows, end });
      for (const { column, points } of ours) {
        for (let block = first; block < last; block++) {
          const at = column - firstColumn;
          points.addRange(
            point,
            extremes.lowOf(block, at),
            extremes.highOf(block, at),
            extremes.isOdd(block, at),
          );
        }
      }
    }
    await addRows(trace, ours, edges, signal);
  }
}

/** Numbers of a row that are read at once, though some between them were not asked for. */
const gap = 512;

/** Numbers read at a time. */
const blockNumbers = 128 * 1024;

async function addRows(
  trace: OpenTrace,
  wanted: readonly Wanted[],
  ranges: readonly Range[],
  signal?: AbortSignal,
): Promise<void> {
  const { synapses } = trace;
  const placed = wanted
    .map(({ variable, column, points }) => ({ place: variable * synapses + column, points }))
    .sort((a, b) => a.place - b.place);
  const read = readerOf(trace, [...new Set(placed.map(({ place }) => place))]);
  for (const { points: together, first, end } of joinedRanges(ranges)) {
    let at = 0;
    for (let row = first; row < end; row += read.most) {
      signal?.throwIfAborted();
      const count = Math.min(read.most, end - row);
      const block = read.rows(row, count);
      const begin = at;
      for (const { place, points } of placed) {
        const offset = read.offsetOf(place);
        at = begin;
        for (let i = 0; i < count; i++) {
          while (row + i >= together[at]!.end) at++;
          points.add(together[at]!.point, block[i * read.stride + offset]!);
        }
      }
      await yieldToEventLoop();
    }
  }
}

/** Points whose rows are one behind the other, so that they are read together. */
function joinedRanges(ranges: readonly Range[]) {
  const all: { readonly points: Range[]; readonly first: number; end: number }[] = [];
  for (const range of ranges) {
    const last = all.at(-1);
    if (last === undefined || last.end !== range.row) {
      all.push({ points: [range], first: range.row, end: range.end });
    } else {
      last.points.push(range);
      last.end = range.end;
    }
  }
  return all;
}

/** Reads rows, or of long rows what lies around the places asked for. */
function readerOf({ values }: OpenTrace, places: readonly number[]) {
  const runs = runsOf(places);
  const needed = runs.reduce((sum, { length }) => sum + length, 0);
  const { width } = values;
  if (4 * needed >= width || width <= gap) {
    const most = Math.max(1, Math.floor(blockNumbers / width));
    const block = new Float64Array(most * width);
    const rows = (row: number, count: number) => {
      values.read(row, 0, block.subarray(0, count * width));
      return block;
    };
    return { most, stride: width, rows, offsetOf: (place: number) => place };
  }
  const most = Math.max(1, Math.floor(blockNumbers / needed));
  const block = new Float64Array(most * needed);
  const rows = (row: number, count: number) => {
    for (let i = 0; i < count; i++) {
      for (const { first, length, offset } of runs) {
        const start = i * needed + offset;
        values.read(row + i, first, block.subarray(start, start + length));
      }
    }
    return block;
  };
  const offsetOf = (place: number) => {
    const run = runs.findLast(({ first }) => first <= place)!;
    return run.offset + place - run.first;
  };
  return { most, stride: needed, rows, offsetOf };
}

/** Places, ascending, as what is read at once. */
function runsOf(places: readonly number[]) {
  const runs: { first: number; length: number; offset: number }[] = [];
  let offset = 0;
  for (const place of places) {
    const last = runs.at(-1);
    const more = last === undefined ? Infinity : place + 1 - (last.first + last.length);
    if (last !== undefined && more <= gap) {
      last.length += more;
      offset += more;
    } else {
      runs.push({ first: place, length: 1, offset });
      offset++;
    }
  }
  return runs;
}
