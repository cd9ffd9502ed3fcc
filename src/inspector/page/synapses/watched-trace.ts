import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from '@preact/signals';
import type { Problem } from '../../protocol/live';
import type { TraceInfo } from '../../protocol/runs';
import { problemOf } from '../api/problem';
import { row, state } from '../state/state';
import { type BlockCells, cellsOfBlock } from './cells/block-cells';
import { textOfView, type View } from './difference/compared';
import { type FixedScale, fixedScale } from './frames/fixed-scale';
import { latestWins } from './frames/latest-wins';
import { frameAt, type ShownFrame } from './frames/shown-frame';
import { type TraceSource, traceSource } from './frames/trace-source';
import { difference, follow } from './state';

/** The trace that the view watches: what it holds, how far it has grown, and the row that is shown. */
export interface WatchedTrace {
  readonly id: string;
  readonly info: TraceInfo;
  readonly source: TraceSource;
  /** One for each of the trace's blocks. */
  readonly blocks: readonly BlockCells[];
  /** Grows while the run goes on. */
  readonly rows: Signal<number>;
  /** The row asked for, within the trace. */
  readonly row: ReadonlySignal<number>;
  readonly shown: ReadonlySignal<ShownFrame | null>;
  readonly fixed: ReadonlySignal<FixedScale | null>;
  /** What could not be had of the row shown. */
  readonly problem: ReadonlySignal<Problem | null>;
  /** The column of the synapse that is pointed at, in whichever map; null for none. */
  readonly hovered: Signal<number | null>;
  /** Row under the cursor of the charts, which they share. */
  readonly cursor: Signal<number | null>;
  readonly stop: () => void;
}

/** Neighbours are asked for once the scrubber rests so long, in milliseconds. */
const rest = 150;

/** A fixed scale is found anew once the trace is longer by this factor. */
const growth = 1.5;

/** A fixed scale, and of which view it is, as the address has it. */
interface FoundScale {
  readonly view: string;
  readonly scale: FixedScale;
}

export function watchTrace(id: string, info: TraceInfo): WatchedTrace {
  const rows = signal(info.rows);
  const source = traceSource(id, info.name, (said) => {
    if (said > rows.peek()) rows.value = said;
  });
  const blocks = info.blocks.map(cellsOfBlock);
  const wanted = computed(() => Math.min(row.value, Math.max(0, rows.value - 1)));
  const shown = signal<ShownFrame | null>(null);
  const begun = computed(() => shown.value !== null);
  const problem = signal<Problem | null>(null);
  let resting: ReturnType<typeof setTimeout> | undefined;
  let drawn = 0;

  const frames = latestWins(
    async (at: number) => {
      const frame = await frameAt(source, info.variables, difference.value, at);
      // Not more often than the screen shows it.
      if (performance.now() - drawn < 15) await new Promise((resolve) => requestAnimationFrame(resolve));
      drawn = performance.now();
      return frame;
    },
    (frame) => {
      shown.value = frame;
      problem.value = null;
      clearTimeout(resting);
      resting = setTimeout(prefetch, rest);
    },
    (thrown) => {
      problem.value = problemOf(thrown);
    },
  );
  function prefetch() {
    if (difference.value.kind === 'nudged') return;
    for (const neighbour of [wanted.peek() + 1, wanted.peek() - 1]) {
      if (neighbour < 0 || neighbour >= rows.peek()) continue;
      // What fails here is said when it is asked for.
      for (const name of info.variables) source.frame(name, neighbour).catch(() => {});
    }
  }

  const ends = [
    effect(() => {
      difference.value;
      if (rows.value > 0) frames.want(wanted.value);
    }),
    effect(() => {
      if (follow.value && rows.value > 0) {
        const last = rows.value - 1;
        untracked(() => state.slide([row.to(last)]));
      }
    }),
  ];
  const found = signal<FoundScale | null>(null);
  const fits = (scale: FoundScale | null, view: View, count: number) =>
    scale !== null && scale.view === textOfView(view) && count < growth * scale.scale.rows;
  const scales = latestWins(
    async ([view, count]: readonly [View, number]): Promise<FoundScale> => {
      const before = found.peek();
      // That which was found while this waited may serve.
      if (before !== null && fits(before, view, count)) return before;
      const scale = await fixedScale(source, info.variables, blocks, view, count, info.synapses);
      return { view: textOfView(view), scale };
    },
    (scale) => {
      found.value = scale;
    },
    () => {
      // The scale of the row shown serves instead; the row itself says what is wrong.
    },
  );
  ends.push(
    effect(() => {
      const [view, count] = [difference.value, rows.value];
      // The row that is asked for goes first.
      if (begun.value && !fits(found.peek(), view, count)) scales.want([view, count]);
    }),
  );
  const fixed = computed(() =>
    found.value?.view === textOfView(difference.value) ? found.value.scale : null,
  );

  return {
    ...{ id, info, source, blocks, rows, row: wanted, shown, fixed, problem },
    hovered: signal(null),
    cursor: signal(null),
    stop() {
      for (const end of ends) end();
      frames.stop();
      scales.stop();
      clearTimeout(resting);
    },
  };
}
