import { errorData } from '../../core/error-data';
import { remake } from '../../core/remake';
import { validate } from '../../core/validate';
import { CountedSession, workOf, workSince } from '../../engine/counted-session';
import type { Engine } from '../../engine/engine';
import { engineSchema } from '../../engine/engine-schema';
import { type Network, networkSchema } from '../../network/network';
import { Population } from '../../synapse/population';
import type { Quantities } from '../../synapse/rule-executor';
import type { Episode } from '../../tasks/task-stream';
import { courseSeen, type Seen } from '../course-of-loss';
import { EventBuffer } from '../event-buffer';
import { learnEpisode } from '../learn-episode';
import { copiesOf } from '../learned-variables';
import type { MetaLearner } from '../meta-learner';
import { releasePenalty } from '../prepare-session';
import { likenessOf } from './likeness';
import {
  type Answer,
  closed,
  interrupted,
  type Job,
  type LearnerDescription,
  type LearnerSetting,
  type TaskAnswer,
} from './message';

/** Milliseconds from one look at whether the task is to be given up to the next. */
const lookEvery = 10;

interface Parts {
  readonly network: Network;
  readonly learner: MetaLearner;
  readonly engine: Engine;
}

/** A learner in a worker: does one job after the other, on slow variables that come by the shared memory. */
export class HeldLearner {
  private readonly sessions: readonly [{ readonly session: CountedSession }];
  private readonly population: Population;
  private round = -1;
  private slow: Quantities = {};
  private start = new Float64Array(0);

  private constructor(
    private readonly parts: Parts,
    private readonly control: Int32Array,
    private readonly session: CountedSession,
  ) {
    this.sessions = [{ session }];
    this.population = new Population(parts.network.synapse, parts.network.topology);
  }

  /** @throws what making it throws, where its description cannot be followed here. */
  static async make({ description, control }: LearnerSetting): Promise<HeldLearner> {
    const { files, network, learner, engine } = JSON.parse(description) as LearnerDescription;
    for (const file of files) await remake(loadingOf(file));
    const made = (await remake({ network, learner, engine })) as Parts;
    validate(networkSchema, made.network, 'the network that a worker has made');
    validate(engineSchema, made.engine, 'the engine that a worker has made');
    return new HeldLearner(made, control, new CountedSession(await made.engine.open(made.network)));
  }

  /** Whether the learner in the main thread needs it no more. */
  get isClosed(): boolean {
    return Atomics.load(this.control, closed) === 1;
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.parts.learner.close?.();
  }

  async perform(job: Exclude<Job, { kind: 'sweep' }>, setting: LearnerSetting): Promise<Answer> {
    const { network, learner, engine } = this.parts;
    if (job.kind === 'open') return { opened: await likenessOf(network, learner, engine) };
    await this.takeOver(setting);
    const begin = performance.now();
    const each: (TaskAnswer | readonly Seen[])[] = [];
    await this.interruptible(async (signal) => {
      for (const episode of job.episodes) {
        each.push(
          job.kind === 'learn'
            ? await this.learn(episode, job, signal)
            : await this.judge(episode, job.steps, signal),
        );
      }
    });
    return { each, milliseconds: performance.now() - begin } as Answer;
  }

  /** The slow variables, once a round. */
  private async takeOver({ round, slow, start }: LearnerSetting): Promise<void> {
    if (round === this.round) return;
    this.slow = copiesOf(slow);
    this.start = start.slice();
    for (const [name, values] of Object.entries(this.slow)) {
      await this.session.write(name, values);
      if (this.population.model.meta.includes(name)) this.population.values(name).set(values);
    }
    this.round = round;
  }

  private async learn(
    episode: Episode,
    { wanted, reads, shown }: Extract<Job, { kind: 'learn' }>,
    signal: AbortSignal,
  ): Promise<TaskAnswer> {
    const { sessions, population, session, slow, start } = this;
    const { network, learner } = this.parts;
    const before = workOf(sessions);
    const buffer = new EventBuffer(population, reads, episode.index === shown);
    const listener: EventBuffer['next'] = (event) => {
      if (event.kind !== 'meta-update') buffer.next(event); // which comes when the whole meta-batch is learned
    };
    const place = {
      network,
      learner,
      session,
      population,
      slow,
      start,
      signal,
      listener: { next: listener },
    };
    const learned = await learnEpisode(episode, place);
    const [record, work] = [buffer.end(), workSince(before, sessions)];
    if ('problem' in learned) return { problem: errorData(learned.problem), record, work };
    const { metaGradient, heldOutLoss, phases } = learned.result;
    const gradients = wanted.map((name) => [name, metaGradient[name]]);
    const result = { metaGradient: Object.fromEntries(gradients), heldOutLoss, phases };
    return { result, record, work };
  }

  private async judge(
    { train, heldOut }: Episode,
    steps: readonly number[],
    signal: AbortSignal,
  ): Promise<readonly Seen[]> {
    const { session, start } = this;
    const { network, learner } = this.parts;
    const { adaptation, regularised } = learner;
    if (!regularised) {
      await releasePenalty(network, session);
      this.round = -1; // what comes next, of this round too, finds the penalty as it is
    }
    return courseSeen({ network, session, adaptation, train, heldOut, start, steps, signal });
  }

  /** Does something that the main thread can interrupt, where the event loop of this one turns. */
  private async interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    const look = (): void => {
      if (Atomics.load(this.control, interrupted) === 1) controller.abort();
    };
    look();
    const timer = setInterval(look, lookEvery);
    try {
      return await work(controller.signal);
    } finally {
      clearInterval(timer);
    }
  }
}

const loadingOf = (file: string): unknown => ({
  $made: {
    module: 'src/run/scenario/load-file',
    name: 'loadFile',
    given: [file, file, 'The file', 'the path of a file'],
  },
});
