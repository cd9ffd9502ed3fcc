import type { SchedulerLike } from 'rxjs';
import { clock } from '../clock/clock';
import { type Replayed, replay } from '../clock/replay';
import {
  closing,
  type NeuralPlan,
  opening,
  phaseTicks,
  schedule,
  type TaskPlan,
  type Ticks,
} from '../clock/schedule';
import type { Tick } from '../clock/tick';
import { wholeNumber } from '../core/checks';
import { DivergenceError, UnstableNeuronsError } from '../core/errors';
import { interrupted } from '../core/interruption';
import { runConcurrently } from '../core/run-concurrently';
import { Subscription, share } from '../core/rxjs-parts';
import { validate } from '../core/validate';
import { yieldToEventLoop } from '../core/yield-to-event-loop';
import { type ContrastiveRule, contrastiveRuleSchema, type PhaseSettings } from './contrastive';
import { EventBuffer, replayRecord } from './event-buffer';
import { neuralCourse } from './neural-course';
import type { PhaseTick } from './phase-learner';
import type { ShownSession } from './sessions';
import { TaskLearner, type TaskLearnerOptions, type TaskResult } from './task-learner';

export interface RunTaskOptions extends TaskLearnerOptions {
  /** The task's number, for its events. */
  readonly index: number;
  readonly stride: number;
  /** Sweeps of neurons from one sweep event to the next. Default: no such events. */
  readonly sweepStride?: number | undefined;
  readonly scheduler: SchedulerLike;
  readonly signal?: AbortSignal;
  /** Other sessions, in which nudged phases can be learned at the same time. Default: none, one phase after the other. */
  readonly beside?: readonly ShownSession[];
  /** Whether anybody hears the listener. Default true; what nobody hears need not be kept until its turn. */
  readonly heard?: boolean;
}

/**
 * The phases of one task under a contrastive rule: the free one, then the estimator's nudged ones.
 * @param neural Sweeps of neurons that are reported before each chunk of steps. Default: none.
 * @throws InputError where an argument is not legal.
 */
export function taskPlan(rule: ContrastiveRule, stride: number, neural?: NeuralPlan): TaskPlan {
  validate(contrastiveRuleSchema, rule, 'the rule of taskPlan');
  wholeNumber('stride', stride, 1);
  if (neural !== undefined) {
    wholeNumber('neural.sweeps', neural.sweeps, 1);
    wholeNumber('neural.stride', neural.stride, 1);
  }
  return planOf(rule, stride, neural);
}

/** The same for what was checked, once a task. */
function planOf(rule: ContrastiveRule, stride: number, neural?: NeuralPlan): TaskPlan {
  const phase = (beta: number, { steps, tolerance, residualAtEnd }: Required<PhaseSettings>) => ({
    ...{ beta, steps, tolerance },
    ...(residualAtEnd || tolerance > 0 ? {} : { residualAtEnd }),
  });
  const nudged = rule.estimator.betas.map((beta) => phase(beta, rule.nudged));
  const told = neural === undefined ? {} : { neural: { sweeps: neural.sweeps, stride: neural.stride } };
  return { phases: [phase(0, rule.free), ...nudged], stride, ...told };
}

/**
 * Runs one task: the clock tells, replay brings held-out data in, the learner does.
 * @throws DivergenceError where a phase diverges; UnstableNeuronsError where neurons do not settle; Interruption where the signal is aborted.
 */
export async function runTask(options: RunTaskOptions): Promise<TaskResult> {
  const { network, rule, stride, sweepStride, index, task, beside = [], heard = true } = options;
  const neural = sweepStride === undefined || !heard ? undefined : neuralCourse(network, sweepStride);
  // A chunk of steps has one batch.
  const plan = planOf(rule, task.minibatch === undefined ? stride : 1, neural);
  const learner = new TaskLearner({ ...options, neural });
  if (beside.length === 0) {
    await play(learner, () => schedule(plan, index), options);
    return learner.result();
  }
  await play(learner, () => opening(plan, index), options);
  await nudgeSideBySide(learner, plan, [options, ...beside], options);
  await play(learner, () => closing(index), options);
  return learner.result();
}

/**
 * The nudged phases, each in a session of its own; they depend on the free phase alone. What they tell is heard in their order,
 * once all are over.
 */
async function nudgeSideBySide(
  learner: TaskLearner,
  plan: TaskPlan,
  sessions: readonly ShownSession[],
  options: RunTaskOptions,
): Promise<void> {
  const { index, listener, population, heard = true } = options;
  for (const { session } of sessions.slice(1)) await learner.writeSlowVariables(session);
  const nudged = plan.phases.map(({ beta }, phase) => ({ beta, phase })).slice(1);
  const ends = await runConcurrently(nudged, sessions, async ({ beta, phase }, shown) => {
    const buffer = new EventBuffer(shown.population, heard ? 'all' : 'none');
    const phaseLearner = learner.begin(beta, shown, buffer);
    const performer = {
      perform: (tick: Tick, replayed: Replayed | null) => phaseLearner.perform(tick as PhaseTick, replayed),
      updated: false,
      get heldOut() {
        return phaseLearner.heldOut;
      },
      get feedback() {
        return phaseLearner.feedback;
      },
    };
    try {
      await play(performer, () => phaseTicks(plan, index, phase), options);
      return { buffer, outcome: phaseLearner.outcome };
    } catch (error) {
      if (error instanceof DivergenceError || error instanceof UnstableNeuronsError) return { buffer, error };
      throw error;
    } finally {
      buffer.end();
    }
  });
  for (const { buffer, outcome, error } of ends) {
    replayRecord(buffer.record, listener, population);
    if (error !== undefined) throw error;
    await learner.take(outcome);
  }
}

/** Who does what the clock says. */
type Performer = Pick<TaskLearner, 'perform' | 'feedback' | 'updated' | 'heldOut'>;

/** Has all ticks performed, one after the other. */
function play(
  learner: Performer,
  ticks: () => Ticks,
  { scheduler, signal }: Pick<RunTaskOptions, 'scheduler' | 'signal'>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let work: Promise<void> | null = null;
    let replayed: Replayed | null = null;
    const feedback = () => learner.feedback;
    const ticks$ = clock({ ticks, feedback, busy: () => work, scheduler }).pipe(share());
    const stop = (): void => {
      if (learner.updated) return; // this meta-step is as good as done; the next one will not begin
      subscription.unsubscribe();
      const interrupt = () => reject(interrupted());
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
          work = learner.perform(tick, replayed).then(yieldToEventLoop);
          replayed = null;
        },
        error: (error) => {
          subscription.unsubscribe();
          reject(error);
        },
        complete: () => {
          subscription.unsubscribe();
          resolve();
        },
      }),
    );
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop);
  });
}
