import { type SchedulerLike, Subscription, share } from 'rxjs';
import { clock } from '../clock/clock';
import { type Replayed, replay } from '../clock/replay';
import { schedule, type TaskPlan } from '../clock/schedule';
import { Interruption } from '../core/errors';
import { breathe } from './breathing';
import type { ContrastiveRule, PhaseSettings } from './contrastive';
import { TaskLearner, type TaskLearnerOptions, type TaskResult } from './task-learner';

export interface RunTaskOptions extends TaskLearnerOptions {
  /** The task's number, for its events. */
  readonly index: number;
  readonly stride: number;
  readonly scheduler: SchedulerLike;
  readonly signal?: AbortSignal;
}

/** The phases of one task under a contrastive rule: the free one, then the estimator's nudged ones. */
export function taskPlan(rule: ContrastiveRule, stride: number): TaskPlan {
  const phase = (beta: number, { steps, tolerance }: Required<PhaseSettings>) => ({ beta, steps, tolerance });
  const nudged = rule.estimator.betas.map((beta) => phase(beta, rule.nudged));
  return { phases: [phase(0, rule.free), ...nudged], stride };
}

/**
 * Runs one task: the clock tells, replay brings held-out data in, the learner does.
 * @throws DivergenceError where a phase diverges; Interruption where the signal is aborted.
 */
export function runTask(options: RunTaskOptions): Promise<TaskResult> {
  const { rule, stride, index, scheduler, signal } = options;
  const learner = new TaskLearner(options);
  const ticks = () => schedule(taskPlan(rule, stride), index);
  return new Promise((resolve, reject) => {
    let work: Promise<void> | null = null;
    let replayed: Replayed | null = null;
    const feedback = () => learner.feedback;
    const ticks$ = clock({ ticks, feedback, busy: () => work, scheduler }).pipe(share());
    const stop = (): void => {
      if (learner.updated) return; // this meta-step is as good as done; the next one will not begin
      subscription.unsubscribe();
      const interrupt = () => reject(new Interruption({ what: 'The run was interrupted' }));
      Promise.resolve(work).then(interrupt, interrupt); // nothing may go on behind the caller's back
    };
    // Subscribed before the learner, so that a chunk's held-out data is there when the chunk begins.
    const subscription = new Subscription(() => signal?.removeEventListener('abort', stop));
    subscription.add(
      replay(ticks$, () => learner.heldOut).subscribe({
        next: (data) => {
          replayed = data;
        },
        error: () => {}, // the learner's own subscription, below, reports it
      }),
    );
    subscription.add(
      ticks$.subscribe({
        next: (tick) => {
          work = learner.perform(tick, replayed).then(breathe);
          replayed = null;
        },
        error: (error) => {
          subscription.unsubscribe();
          reject(error);
        },
        complete: () => {
          subscription.unsubscribe();
          resolve(learner.result());
        },
      }),
    );
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop);
  });
}
