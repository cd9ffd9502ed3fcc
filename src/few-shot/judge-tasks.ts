import { runConcurrently } from '../core/run-concurrently';
import type { CountedSession } from '../engine/counted-session';
import type { Engine, Session } from '../engine/engine';
import { courseOf, courseSeen, type Seen, seenIn, tellsClasses } from '../learning/course-of-loss';
import type { MetaLearner } from '../learning/meta-learner';
import { releasePenalty } from '../learning/prepare-session';
import { openSessions, type ShownSession } from '../learning/sessions';
import type { RoundValues } from '../learning/workers/task-host';
import type { Network } from '../network/network';
import { Population } from '../synapse/population';
import type { Quantities } from '../synapse/rule-executor';
import type { Episode } from '../tasks/task-stream';
import type { TaskSet } from './task-set';

/** What synapses have learned at some moment. */
export interface Stand {
  readonly variables: Quantities;
  /** phi at the start of a task, for synapses without an anchor. */
  readonly start: Float64Array;
}

/** How well tasks are learned, [steps][tasks]: after each number of inner steps, each task. */
export interface Judgement {
  /** Held-out loss; Infinity where the task has left every bound. */
  readonly losses: readonly number[][];
  /** Share of the held-out samples whose largest output is that of their class, of what tells classes apart; else null. */
  readonly accuracies: readonly number[][] | null;
}

/** Whom a judge lets learn, and with what. */
export interface TaskJudgeOptions {
  readonly network: Network;
  readonly learner: MetaLearner;
  readonly engine: Engine;
  readonly workers: number;
  /** Numbers of inner steps after which tasks are judged, ascending. */
  readonly steps: readonly number[];
  /**
   * Has others see how well tasks are learned, [tasks][steps]; null where nobody does. Default: nobody.
   * @hidden
   */
  readonly elsewhere?: (
    tasks: readonly Episode[],
    values: RoundValues,
    signal: AbortSignal,
  ) => Promise<readonly (readonly Seen[])[] | null>;
}

/** Lets a method learn tasks that it never learns from, by its own inner optimiser, and sees how well it does. */
export class TaskJudge {
  private sessions: Promise<readonly ShownSession<CountedSession>[]> | null = null;

  constructor(private readonly options: TaskJudgeOptions) {}

  /** @throws Interruption where the signal is aborted. */
  async judge(tasks: TaskSet, stand: Stand, signal: AbortSignal): Promise<Judgement> {
    const { network, steps } = this.options;
    const byTask: (readonly Seen[])[] = [];
    for await (const episodes of tasks.chunks()) {
      const judged =
        (await this.judgeElsewhere(episodes, stand, signal)) ??
        (await this.judgeHere(episodes, stand, signal));
      byTask.push(...judged);
    }
    const table = (what: keyof Seen) => steps.map((_, i) => byTask.map((course) => course[i]![what]));
    return { losses: table('loss'), accuracies: tellsClasses(network) ? table('accuracy') : null };
  }

  /**
   * The outputs for the held-out samples of one task after the most inner steps; null where it diverges.
   * @throws Interruption where the signal is aborted.
   */
  async outputs(episode: Episode, stand: Stand, signal: AbortSignal): Promise<Float64Array | null> {
    const { network, learner, steps } = this.options;
    const { answer } = learner;
    if (answer !== undefined) return (await answer(network, episode)).outputs;
    const { session } = (await this.prepare(stand))[0]!;
    const options = {
      ...this.courseOptions(session, episode, this.startOf(stand), signal),
      steps: steps.slice(-1),
    };
    return (await courseOf(options, (evaluation) => evaluation?.outputs.slice() ?? null))[0]!;
  }

  /** Gives back what it has opened; it can be used again, and opens it anew. */
  async close(): Promise<void> {
    for (const { session } of (await this.sessions) ?? []) await session.close();
    this.sessions = null;
  }

  private async judgeElsewhere(episodes: readonly Episode[], stand: Stand, signal: AbortSignal) {
    const { elsewhere, learner } = this.options;
    if (elsewhere === undefined || learner.answer !== undefined) return null;
    return elsewhere(episodes, { slow: stand.variables, start: this.startOf(stand) }, signal);
  }

  private async judgeHere(
    episodes: readonly Episode[],
    stand: Stand,
    signal: AbortSignal,
  ): Promise<readonly (readonly Seen[])[]> {
    const sessions = await this.prepare(stand);
    const start = this.startOf(stand);
    return runConcurrently(episodes, sessions, (episode, { session }) =>
      this.course(session, episode, start, signal),
    );
  }

  private async course(
    session: Session,
    episode: Episode,
    start: Float64Array,
    signal: AbortSignal,
  ): Promise<Seen[]> {
    const { network, learner, steps } = this.options;
    const { answer } = learner;
    if (answer !== undefined) {
      const seen = seenIn(await answer(network, episode), { network, heldOut: episode.heldOut });
      return steps.map(() => seen);
    }
    return courseSeen(this.courseOptions(session, episode, start, signal));
  }

  private courseOptions(
    session: Session,
    { train, heldOut }: Episode,
    start: Float64Array,
    signal: AbortSignal,
  ) {
    const { network, learner, steps } = this.options;
    return { network, session, adaptation: learner.adaptation, train, heldOut, start, steps, signal };
  }

  /** phi at the start of a task. */
  private startOf({ variables, start }: Stand): Float64Array {
    const { anchor } = this.options.network.synapse;
    return anchor === null ? start : variables[anchor]!;
  }

  /** Sessions that hold what has been learned. */
  private async prepare({ variables }: Stand): Promise<readonly ShownSession<CountedSession>[]> {
    const { network, learner, engine, workers } = this.options;
    const own = new Population(network.synapse, network.topology);
    this.sessions ??= openSessions({ network, engine, workers, atOnce: workers }, own);
    const sessions = await this.sessions;
    for (const { session } of sessions) {
      for (const [name, values] of Object.entries(variables)) await session.write(name, values);
      if (!learner.regularised) await releasePenalty(network, session);
    }
    return sessions;
  }
}
