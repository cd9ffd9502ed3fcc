import type { Frame, Moment, Moments, Timeline } from '../../../protocol/traces';
import { addressOf, ask, askJson } from '../../api/ask';
import { findPhases } from '../scrubber/find-phases';
import { type KnownPhases, spanAt } from '../scrubber/phases';
import { Kept } from './kept';

/** Rows of one trace of one run, as the server has them; what was asked for last is kept. */
export interface TraceSource {
  /** All columns of a variable at a row. */
  readonly frame: (variable: string, row: number) => Promise<Frame>;
  readonly moment: (row: number) => Promise<Moment | null>;
  readonly timeline: (from: number, to: number, most: number) => Promise<Timeline>;
  /** Phases around a row, until they are enough (see `findPhases`). */
  readonly phases: (row: number, enough: (known: KnownPhases) => boolean) => Promise<KnownPhases>;
  readonly coursesAddress: (
    variables: readonly string[],
    columns: readonly number[],
    from: number,
    to: number,
    most: number,
  ) => string;
}

const framesKept = 64 * 1024 * 1024;
const momentsKept = 16 * 1024 * 1024;
/** Moments that are asked for at once: their number must divide the 4,096 that the server gives at most. */
const chunk = 64;

/** @param onRows How many rows the trace has, whenever an answer says it. */
export function traceSource(id: string, trace: string, onRows: (rows: number) => void): TraceSource {
  const frames = new Kept<Promise<Frame>>(framesKept);
  const moments = new Kept<Promise<readonly Moment[]>>(momentsKept);
  let known: KnownPhases | null = null;

  async function askFrame(variable: string, row: number): Promise<Frame> {
    const answer = await ask(addressOf('frame', { id, trace, variable, row }));
    onRows(Number(answer.headers.get('x-rows')));
    // Little-endian, as this machine is: browsers run on no other.
    return new Float64Array(await answer.arrayBuffer());
  }
  async function askMoments(first: number): Promise<readonly Moment[]> {
    const answer = await askJson<Moments>(
      addressOf('moments', { id, trace, from: first, to: first + chunk }),
    );
    onRows(answer.rows);
    return answer.moments;
  }
  async function timeline(from: number, to: number, most: number): Promise<Timeline> {
    const answer = await askJson<Timeline>(addressOf('timeline', { id, trace, from, to, most }));
    onRows(answer.rows);
    return answer;
  }
  return {
    frame(variable, row) {
      const key = `${variable} ${row}`;
      const before = frames.get(key);
      if (before !== undefined) return before;
      const asked = askFrame(variable, row).then((values) => {
        frames.set(key, asked, values.byteLength);
        return values;
      });
      return asked;
    },
    async moment(row) {
      const first = row - (row % chunk);
      const before = await moments.get(String(first));
      if (before?.[row - first] !== undefined) return before[row - first]!;
      const asked = askMoments(first);
      const found = await asked;
      moments.set(String(first), asked, 128 * found.length);
      return found[row - first] ?? null;
    },
    timeline,
    async phases(row, enough) {
      if (known !== null && spanAt(known.spans, row) >= 0 && enough(known)) return known;
      const found = await findPhases(timeline, row, enough);
      if (found.spans.length > 0) known = found;
      return found;
    },
    coursesAddress: (variables, columns, from, to, most) =>
      addressOf('course', {
        ...{ id, trace, from, to, most },
        variables: variables.join(','),
        columns: columns.join(','),
      }),
  };
}
