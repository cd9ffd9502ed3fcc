import type { Population } from '../synapse/population';
import type { SimulationEvent } from './events';

/** Which values of phi those look at who hear events: of all synapses, of these, or there is nobody. */
export type Reads = 'all' | 'none' | readonly number[];

/** What one task's phases report: plain data, which can come from another thread. */
export interface EventRecord {
  /** Each event with phi as it was then, of those synapses that somebody looks at. */
  readonly events: readonly { readonly event: SimulationEvent; readonly phi: Float64Array }[];
  /** Which these are. */
  readonly reads: Reads;
  /** phi as the task has left it; null where its method shows none, or nobody asked. */
  readonly left: Float64Array | null;
}

/** Keeps what one task's phases report, with phi as it was then, until it is that task's turn to be heard. */
export class EventBuffer {
  private readonly kept: { readonly event: SimulationEvent; readonly phi: Float64Array }[] = [];
  private left: Float64Array | null = null;
  private reported = false;

  constructor(
    /** Where the task learns: a population that this task has for itself until `end`. */
    private readonly population: Population,
    private readonly reads: Reads,
    /** Whether phi is kept as the task leaves it. */
    private readonly isLeftWanted = true,
  ) {}

  readonly next = (event: SimulationEvent): void => {
    this.reported = true;
    if (this.reads !== 'none') this.kept.push({ event, phi: this.snapshot(this.reads) });
  };

  /** The task is over; its population may go to another one. */
  end(): EventRecord {
    if (this.reported && this.isLeftWanted) this.left = this.phi.slice();
    return this.record;
  }

  get record(): EventRecord {
    return { events: this.kept, reads: this.reads, left: this.left };
  }

  private get phi(): Float64Array {
    return this.population.values(this.population.model.fast);
  }

  /** phi as it is now; the same array as last time where it is as it was then, as at a phase's end behind its last step. */
  private snapshot(reads: 'all' | readonly number[]): Float64Array {
    const { phi } = this;
    const now = reads === 'all' ? phi : Float64Array.from(reads, (synapse) => phi[synapse]!);
    const last = this.kept.at(-1)?.phi;
    if (last !== undefined && isSame(last, now)) return last;
    return reads === 'all' ? phi.slice() : now;
  }
}

/** Reports everything as if it happened now, to those who look at a population; leaves phi there as the task did. */
export function replayRecord(
  { events, reads, left }: EventRecord,
  listener: { next(event: SimulationEvent): void },
  shown: Population,
): void {
  const phi = shown.values(shown.model.fast);
  for (const { event, phi: then } of events) {
    if (reads === 'all' || reads === 'none') phi.set(then);
    else for (const [i, synapse] of reads.entries()) phi[synapse] = then[i]!;
    listener.next(event);
  }
  if (left !== null) phi.set(left);
}

function isSame(one: Float64Array, other: Float64Array): boolean {
  for (let i = 0; i < one.length; i++) if (!Object.is(one[i], other[i])) return false;
  return true;
}
