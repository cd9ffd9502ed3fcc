import type { RunPlan } from '../clock/schedule';
import type { SimulationEvent } from '../learning/events';

/** Where the rows of a trace come from: which events make one, and what is in it. */
export interface RowSource<Entry = object> {
  readonly rowShape: readonly [number, number];
  readonly momentColumns: readonly string[];
  /** Indices of the synapses that it looks at when an event comes. */
  readonly reads: readonly number[];
  /** What it records, and when, for people: `phi, lambda every 50 steps`. */
  readonly inWords: string;
  /** The most bytes that its files can take in a run. */
  mostBytes(run: RunPlan): number;
  /** Whether an event is of the kind that is recorded; the methods below are for such events only. */
  isMoment(event: SimulationEvent): boolean;
  /** @param seen How many moments there were before. */
  isDue(event: SimulationEvent, seen: number): boolean;
  /** Writes what is recorded at the moment. */
  fill(event: SimulationEvent, row: Float64Array): void;
  /** One number for each of `momentColumns`. */
  momentOf(event: SimulationEvent): readonly number[];
  /** What `index.json` says of so many rows. */
  entry(name: string, rows: number, source: string | undefined): Entry;
}
