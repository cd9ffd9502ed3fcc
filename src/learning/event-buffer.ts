import type { Population } from '../synapse/population';
import type { SimulationEvent } from './events';

/** Keeps what one task's phases tell, with phi as it was then, until it is that task's turn to be heard. */
export class EventBuffer {
  private readonly kept: { readonly event: SimulationEvent; readonly phi: Float64Array }[] = [];
  /** phi as the task has left it; null where its method shows none. */
  private left: Float64Array | null = null;
  private told = false;

  constructor(
    /** Where the task learns: a population that this task has for itself until `end`. */
    private readonly population: Population,
    /** Whether anybody will hear it. */
    private readonly wanted: boolean,
  ) {}

  readonly next = (event: SimulationEvent): void => {
    this.told = true;
    if (this.wanted) this.kept.push({ event, phi: this.phi.slice() });
  };

  /** The task is over; its population may go to another one. */
  end(): void {
    if (this.told) this.left = this.phi.slice();
  }

  /** Tells everything as if it happened now, to those who look at another population; leaves phi there as the task did. */
  tell(listener: { next(event: SimulationEvent): void }, shown: Population): void {
    const phi = shown.values(shown.model.fast);
    for (const { event, phi: then } of this.kept) {
      phi.set(then);
      listener.next(event);
    }
    if (this.left !== null) phi.set(this.left);
  }

  private get phi(): Float64Array {
    return this.population.values(this.population.model.fast);
  }
}
