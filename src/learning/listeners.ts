import { Observable, Subject } from '../core/rxjs-parts';
import type { Reads } from './event-buffer';
import type { SimulationEvent } from './events';

/** Those who hear a learner's events, and what of its synapses they look at then. */
export class Listeners {
  private readonly events = new Subject<SimulationEvent>();
  /** What each listener that has said so looks at; null for one that looks at all. */
  private readonly looking: (readonly number[] | null)[] = [];

  /** Events for somebody who looks at these synapses when one comes; null: at any. */
  for(synapses: readonly number[] | null): Observable<SimulationEvent> {
    return new Observable((subscriber) => {
      this.looking.push(synapses);
      subscriber.add(() => this.looking.splice(this.looking.indexOf(synapses), 1));
      return this.events.subscribe(subscriber);
    });
  }

  /** Whether anybody listens. */
  get observed(): boolean {
    return this.looking.length > 0;
  }

  /** Of which synapses phi is looked at, in ascending order. */
  get reads(): Reads {
    if (!this.observed) return 'none';
    const chosen = this.looking.filter((synapses) => synapses !== null);
    if (chosen.length < this.looking.length) return 'all';
    return [...new Set(chosen.flat())].sort((a, b) => a - b);
  }

  next(event: SimulationEvent): void {
    this.events.next(event);
  }

  complete(): void {
    this.events.complete();
  }
}
