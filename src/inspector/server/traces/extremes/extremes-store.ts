import { SerialQueue } from '../../../../core/serial-queue';
import { yieldToEventLoop } from '../../../../core/yield-to-event-loop';
import type { OpenTrace } from '../open-trace';
import { rowSample } from '../row-sample';
import { Extremes } from './extremes';

/** Columns whose extremes are kept together: what one page of the system's memory holds of a row. */
const groupColumns = 512;

/** Numbers of a row up to which rows are read as a whole. */
const narrow = 8192;

/** Numbers read at a time. */
const blockNumbers = 128 * 1024;

/** A part of a trace: some columns of one variable. */
export interface Part {
  readonly variable: number;
  readonly firstColumn: number;
  readonly extremes: Extremes;
}

interface Kept extends Part {
  readonly key: string;
  /** Of the last row that was added. */
  sample: string | null;
}

/**
 * The extremes of traces, worked out when they are first asked for, gone on with as traces grow, and dropped, those asked for longest ago first, where they
 * take too much memory.
 */
export class ExtremesStore {
  /** What was asked for last stands last. */
  private readonly kept = new Map<string, Kept>();
  private readonly scans = new SerialQueue('The store of extremes');

  /** @param mostBytes Of all together; each trace's part takes an eighth of it at most. */
  constructor(readonly mostBytes: number) {}

  get bytes(): number {
    return [...this.kept.values()].reduce((sum, { extremes }) => sum + extremes.bytes, 0);
  }

  /**
   * The extremes of the parts in which these columns of these variables lie, up to all rows that the trace has now.
   * @param signal Ends it once nobody waits for it any more; how far it has come is kept.
   */
  read(
    trace: OpenTrace,
    wanted: readonly (readonly [variable: number, column: number])[],
    signal?: AbortSignal,
  ): Promise<Part[]> {
    return this.scans.add('read', async () => {
      signal?.throwIfAborted();
      const parts = new Map<string, Kept>();
      for (const [variable, column] of wanted) {
        const part = this.part(trace, variable, Math.floor(column / groupColumns));
        parts.set(part.key, part);
      }
      const all = [...parts.values()];
      await scan(trace, all, signal);
      for (const part of all) part.sample = sampleOf(trace, part);
      this.drop(parts);
      signal?.throwIfAborted();
      return all;
    });
  }

  private part(trace: OpenTrace, variable: number, group: number): Kept {
    const key = `${trace.key} ${variable} ${group}`;
    const known = this.kept.get(key);
    this.kept.delete(key);
    const firstColumn = group * groupColumns;
    const width = Math.min(groupColumns, trace.synapses - firstColumn);
    const isSame =
      known !== undefined && known.extremes.rows <= trace.rows && known.sample === sampleOf(trace, known);
    const part = isSame
      ? known
      : { key, variable, firstColumn, extremes: new Extremes(width, this.mostBytes / 8), sample: null };
    this.kept.set(key, part);
    return part;
  }

  private drop(used: ReadonlyMap<string, Kept>): void {
    for (const key of this.kept.keys()) {
      if (this.bytes <= this.mostBytes) return;
      if (!used.has(key)) this.kept.delete(key);
    }
  }
}

function sampleOf(trace: OpenTrace, { extremes, variable, firstColumn }: Part): string | null {
  if (extremes.rows === 0) return null;
  return rowSample(trace, extremes.rows - 1, variable * trace.synapses + firstColumn);
}

/** Adds the rows that parts do not have yet, until it is ended; those that stand equally far are read together. */
async function scan(trace: OpenTrace, parts: readonly Part[], signal?: AbortSignal): Promise<void> {
  const byRows = new Map<number, Part[]>();
  for (const part of parts) byRows.set(part.extremes.rows, [...(byRows.get(part.extremes.rows) ?? []), part]);
  for (const [row, together] of byRows) {
    if (trace.values.width <= narrow) await scanRows(trace, together, row, signal);
    else for (const part of together) await scanColumns(trace, part, row, signal);
  }
}

async function scanRows(
  { values, rows, synapses }: OpenTrace,
  parts: readonly Part[],
  from: number,
  signal?: AbortSignal,
) {
  const { width } = values;
  const most = Math.max(1, Math.floor(blockNumbers / width));
  const block = new Float64Array(most * width);
  for (let row = from; row < rows && !signal?.aborted; row += most) {
    const count = Math.min(most, rows - row);
    values.read(row, 0, block.subarray(0, count * width));
    for (const { extremes, variable, firstColumn } of parts)
      extremes.add(block, count, width, variable * synapses + firstColumn);
    await yieldToEventLoop();
  }
}

/** Where rows are long, of each only what is asked for. */
async function scanColumns(
  { values, rows, synapses }: OpenTrace,
  part: Part,
  from: number,
  signal?: AbortSignal,
) {
  const { extremes, variable, firstColumn } = part;
  const { width } = extremes;
  const block = new Float64Array(width);
  for (let row = from; row < rows && !signal?.aborted; row++) {
    values.read(row, variable * synapses + firstColumn, block);
    extremes.add(block, 1, width, 0);
    await yieldToEventLoop();
  }
}
