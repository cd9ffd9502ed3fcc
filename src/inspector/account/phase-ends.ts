import { join } from 'node:path';
import { RecordedSynapses } from '../../trace/recorded-synapses';
import type { TraceIndex } from '../../trace/recorder';
import { type NpyRows, openRows } from '../../trace/trace-rows';

/** What a trace has of them. */
export interface RecordedEnds {
  readonly tasks: readonly TaskEnds[];
  /** Whether the trace has come to the last of the tasks; it may lag behind while a run goes on. */
  readonly reaches: boolean;
}

/** Whose ends, and of which tasks. */
interface AskedEnds {
  /** Of the trace with the account; traces of another method are of other synapses. */
  readonly source: string | undefined;
  readonly fast: string;
  /** By its index in the network. */
  readonly synapse: number;
  readonly tasks: readonly [first: number, last: number];
}

/** The fast variable of one synapse at the ends of one task's phases. */
export interface TaskEnds {
  readonly task: number;
  readonly phases: readonly { readonly beta: number; readonly value: number }[];
}

/**
 * The ends of phases of the tasks behind one meta-update, from a trace of the same source that holds every phase's end of this synapse.
 * @returns null where no trace of the run holds them
 */
export function phaseEnds(
  folder: string,
  index: TraceIndex,
  { source, fast, synapse, tasks: [first, last] }: AskedEnds,
): RecordedEnds | null {
  for (const entry of Object.values(index)) {
    if (entry.source !== source) continue;
    if (entry.at !== 'phase-end' || entry.every !== 1 || !entry.variables.includes(fast)) continue;
    const column = new RecordedSynapses(entry.synapses).columnOf(synapse);
    if (column === null) continue;
    const [, variables, synapses] = entry.shape;
    const values = openRows(join(folder, entry.file), variables * synapses, false);
    const when = openRows(join(folder, entry.when.file), entry.when.columns.length, false);
    try {
      const place = entry.variables.indexOf(fast) * synapses + column;
      return endsIn(values, when, place, first, last);
    } finally {
      values.close();
      when.close();
    }
  }
  return null;
}

/** Rows of one task that are looked at: its phases, twice where it was learned twice. */
const mostRows = 64;

function endsIn(values: NpyRows, when: NpyRows, place: number, first: number, last: number): RecordedEnds {
  const rows = Math.min(values.present, when.present);
  const momentAt = (row: number): Float64Array => when.read(row, 1);
  // Tasks ascend: the first row of the first task.
  let [row, high] = [0, rows];
  while (row < high) {
    const middle = Math.floor((row + high) / 2);
    if (momentAt(middle)[0]! < first) row = middle + 1;
    else high = middle;
  }
  const ends = new Map<number, Map<number, number>>();
  const end = Math.min(rows, row + mostRows * (last - first + 1));
  for (; row < end; row++) {
    const [task, , beta] = momentAt(row) as unknown as [number, number, number];
    if (!(task <= last)) break;
    const phases = ends.get(task) ?? new Map<number, number>();
    phases.set(beta, values.number(row, place));
    ends.set(task, phases);
  }
  const tasks = [...ends].map(([task, phases]) => ({
    task,
    phases: [...phases].map(([beta, value]) => ({ beta, value })),
  }));
  const reaches = rows > 0 && momentAt(rows - 1)[0]! >= last;
  return { tasks, reaches };
}
