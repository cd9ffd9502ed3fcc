import { RecentlyUsed } from '../../../core/recently-used';
import { yieldToEventLoop } from '../../../core/yield-to-event-loop';
import type { Timeline } from '../../protocol/traces';
import { type MomentPlaces, placesIn } from './moments';
import type { OpenTrace } from './open-trace';
import { rowSample } from './row-sample';
import { SpanMerger } from './span-merger';

const blockRows = 16_384;

/** How many timelines are kept to go on with where their traces grow. */
const mostKept = 16;

/** Makes timelines; what was read of a trace is read once, as long as the same is asked again while it grows. */
export class Timelines {
  private readonly kept = new RecentlyUsed<string, Kept>(mostKept);

  /** @param signal Ends it once nobody waits for it any more; how far it has come is kept. */
  async read(
    trace: OpenTrace,
    from: number,
    to: number,
    most: number,
    signal?: AbortSignal,
  ): Promise<Timeline> {
    const end = Math.min(to, trace.rows);
    const key = JSON.stringify([trace.key, from, most]);
    const known = this.kept.get(key);
    const goesOn = known?.isFree && known.merger.row <= end && known.sample === sampleOf(trace, known.merger);
    const merger = goesOn ? known.merger : new SpanMerger(Math.min(from, end), most);
    // Not by two at once.
    this.kept.set(key, { merger, sample: null, isFree: false });
    await addRows(trace, merger, end, signal);
    this.kept.set(key, { merger, sample: sampleOf(trace, merger), isFree: true });
    signal?.throwIfAborted();
    return { rows: trace.rows, ...merger.result() };
  }
}

interface Kept {
  readonly merger: SpanMerger;
  /** Of the last row that was added. */
  readonly sample: string | null;
  readonly isFree: boolean;
}

const sampleOf = (trace: OpenTrace, { row }: SpanMerger) => (row === 0 ? null : rowSample(trace, row - 1));

async function addRows(
  trace: OpenTrace,
  merger: SpanMerger,
  end: number,
  signal?: AbortSignal,
): Promise<void> {
  const { moments } = trace;
  const { width } = moments;
  const at = placesIn(trace);
  const block = new Float64Array(blockRows * width);
  while (merger.row < end && !signal?.aborted) {
    const first = merger.row;
    const count = Math.min(blockRows, end - first);
    moments.read(first, 0, block.subarray(0, count * width));
    addBlock(block, count, width, at, merger);
    await yieldToEventLoop();
  }
}

/** Adds rows, phase by phase. */
function addBlock(
  block: Float64Array,
  rows: number,
  width: number,
  at: MomentPlaces,
  merger: SpanMerger,
): void {
  const { task, phase, beta, step, residual } = at;
  for (let first = 0; first < rows; ) {
    const start = first * width;
    let end = first + 1;
    for (; end < rows; end++) {
      const next = end * width;
      const isSame =
        block[next + task] === block[start + task] &&
        block[next + phase] === block[start + phase] &&
        block[next + beta] === block[start + beta];
      if (!isSame) break;
    }
    const last = (end - 1) * width;
    merger.add({
      count: end - first,
      task: block[start + task]!,
      phase: block[start + phase]!,
      beta: block[start + beta]!,
      step: block[last + step]!,
      residual: residual < 0 ? undefined : block[last + residual]!,
    });
    first = end;
  }
}
