import type { SchedulerLike } from 'rxjs';
import { z } from 'zod';
import { asyncScheduler, Observable } from '../core/rxjs-parts';
import { aFunction, hasFields, made, validate } from '../core/validate';
import type { Feedback } from './schedule';
import type { Tick } from './tick';

/** How a plan is played as events. */
export interface ClockOptions {
  /** The ticks to tell; a fresh generator for each subscriber. */
  readonly ticks: () => Generator<Tick, void, Feedback | undefined>;
  /** What the learner found in the chunk of steps just done. Default: never settled. */
  readonly feedback?: () => Feedback;
  /** Time until the next tick, in frames of the scheduler. Default: none, one tick right after the other. */
  readonly duration?: (tick: Tick) => number;
  /** Holds the next tick back until the work that the last one started is done. Default: no work. */
  readonly busy?: () => Promise<void> | null;
  /** Default: the event loop, so that timers and signals are heard between ticks. */
  readonly scheduler?: SchedulerLike;
}

/** Schedulers of RxJS. */
export const schedulerSchema = made<SchedulerLike>('a scheduler of RxJS', (value) =>
  hasFields(value, { now: 'function', schedule: 'function' }),
);

const clockOptions = z.strictObject({
  ticks: aFunction<ClockOptions['ticks']>(),
  feedback: aFunction<NonNullable<ClockOptions['feedback']>>().optional(),
  duration: aFunction<NonNullable<ClockOptions['duration']>>().optional(),
  busy: aFunction<NonNullable<ClockOptions['busy']>>().optional(),
  scheduler: schedulerSchema.optional(),
});

/**
 * The event clock: a cold Observable of ticks. One tick is queued ahead, never more, so that a schedule
 * without end costs no memory and the next tick can depend on what the learner found.
 * Unsubscribing stops it between two ticks. An error in `busy` becomes the Observable's error.
 * @throws InputError where an option is not legal.
 */
export function clock(options: ClockOptions): Observable<Tick> {
  const given = validate(clockOptions, options, 'the options of clock');
  const { ticks, feedback, duration = () => 0, busy = () => null, scheduler = asyncScheduler } = given;
  return new Observable<Tick>((subscriber) => {
    const source = ticks();
    const tell = (): void => {
      const next = source.next(feedback?.());
      if (next.done) {
        subscriber.complete();
        return;
      }
      subscriber.next(next.value);
      const work = busy();
      const queue = (): void => {
        if (!subscriber.closed) subscriber.add(scheduler.schedule(guarded, duration(next.value)));
      };
      if (work === null) queue();
      else work.then(queue).catch((error) => subscriber.error(error));
    };
    const guarded = (): void => {
      try {
        tell();
      } catch (error) {
        subscriber.error(error);
      }
    };
    subscriber.add(scheduler.schedule(guarded));
  });
}
