import type { Population } from '../synapse/population';
import type { SimulationEvent } from './events';

/** What one task's phases report: plain data, which can come from another thread. */
export interface EventRecord {
  /** Each event with phi as it was then. */
  readonly events: readonly { readonly event: SimulationEvent; readonly phi: Float64Array }[];
  /** phi as the task has left it; null where its method shows none. */
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
    /** Whether anybody will hear it. */
    private readonly wanted: boolean,
  ) {}

  readonly next = (event: SimulationEvent): void => {
    this.reported = true;
    if (this.wanted) this.kept.push({ event, phi: this.snapshot() });
  };

  /** The task is over; its population may go to another one. */
  end(): EventRecord {
    if (this.reported) this.left = this.snapshot();
    return this.record;
  }

  get record(): EventRecord {
    return { events: this.kept, left: this.left };
  }

  /** phi as it is now; the same array as last time where it is as it was then, as at a phase's end behind its last step. */
  private snapshot(): Float64Array {
    const phi = this.population.values(this.population.model.fast);
    const last = this.kept.at(-1)?.phi;
    return last !== undefined && isSame(last, phi) ? last : phi.slice();
  }
}

/** Reports everything as if it happened now, to those who look at a population; leaves phi there as the task did. */
export function replayRecord(
  { events, left }: EventRecord,
  listener: { next(event: SimulationEvent): void },
  shown: Population,
): void {
  const phi = shown.values(shown.model.fast);
  for (const { event, phi: then } of events) {
    phi.set(then);
    listener.next(event);
  }
  if (left !== null) phi.set(left);
}

function isSame(one: Float64Array, other: Float64Array): boolean {
  for (let i = 0; i < one.length; i++) if (!Object.is(one[i], other[i])) return false;
  return true;
}
