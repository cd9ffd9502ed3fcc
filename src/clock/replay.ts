import type { Observable } from 'rxjs';
import { z } from 'zod';
import { filter, isObservable, map } from '../core/rxjs-parts';
import { aFunction, made, validate } from '../core/validate';
import type { Batch } from '../data/batch';
import type { StepTick, Tick } from './tick';

/** Held-out data on its way into the learner, for one chunk of nudged steps. */
export interface Replayed {
  readonly beta: number;
  readonly batch: Batch;
  /** The chunk that it is replayed in. */
  readonly tick: StepTick;
}

const replayArguments = z.strictObject({
  ticks$: made<Observable<Tick>>('an Observable of ticks, such as clock(...)', isObservable),
  heldOut: aFunction<(tick: StepTick) => Batch>(),
});

/**
 * The replay stream: held-out data, once for each chunk of steps, while and only while the clock is in a
 * nudged phase. It is the one way by which held-out data reaches learning, and so it is the nudge.
 * `heldOut` says which batch a chunk sees: the whole set, or one minibatch after the other.
 * @throws InputError where an argument is not legal.
 */
export function replay(ticks$: Observable<Tick>, heldOut: (tick: StepTick) => Batch): Observable<Replayed> {
  validate(replayArguments, { ticks$, heldOut }, 'the arguments of replay');
  return ticks$.pipe(
    filter((tick): tick is StepTick => tick.kind === 'step' && tick.beta !== 0),
    map((tick) => ({ beta: tick.beta, batch: heldOut(tick), tick })),
  );
}
