import type { Machine } from '../machine/machine';
import type { Answer, Job, JobQueue } from './job';
import type { PoolThread } from './pool-thread';
import { endTeam, loseHelper, newTeam, type TeamSetting } from './team';
import { threadPool } from './thread-pool';

let runners = 0;

/** Helpers at work, and what is to be taken back when they go. */
interface Helpers {
  readonly team: TeamSetting;
  readonly threads: readonly PoolThread[];
  readonly unhear: readonly (() => void)[];
}

/**
 * A thread that does jobs in their order, with helpers for large batches, all from the pool. Several sessions may have a desk there, so
 * that the jobs of one wait while what the others gave is looked at. With the last of them the threads go back.
 */
export class Crew {
  private readonly leader: PoolThread;
  private readonly runner = runners++;
  private helpers: Helpers | null = null;
  private desks = 0;
  private numbers = 0;

  /** @param most threads that work off the parts of large batches beside the first; called where a batch has parts */
  constructor(
    private readonly machine: Machine,
    private readonly most: number,
  ) {
    this.leader = threadPool(machine.memory).take();
    this.leader.post({ kind: 'begin', runner: this.runner, blas: machine.choice });
  }

  /** A session's place here. Closed, it has waited for its last job. */
  desk(): JobQueue {
    this.desks++;
    let last: Promise<unknown> = Promise.resolve();
    let left: Promise<void> | null = null;
    const leave = async (): Promise<void> => {
      await last; // or the thread would write to what the session gives back
      this.desks--;
      if (this.desks === 0) this.dismiss();
    };
    return {
      newNumber: () => this.numbers++,
      ask: (job) => {
        const answer = this.ask(job);
        last = answer.catch(() => {});
        return answer;
      },
      close: () => {
        left ??= leave();
        return left;
      },
    };
  }

  /** @throws MetaplastError where the job or one of the threads fails. */
  private ask(job: Job): Promise<Answer> {
    const { runner } = this;
    const isShared = job.kind === 'settle' && this.most > 0 && job.data.some(({ parts }) => parts.length > 1);
    if (isShared) {
      this.helpers ??= this.call();
      const definitions = job.define;
      if (definitions.length > 0)
        for (const helper of this.helpers.threads) helper.post({ kind: 'define', definitions });
    }
    return this.leader.ask({ kind: 'job', runner, job });
  }

  private call(): Helpers {
    const { machine, leader, runner } = this;
    const pool = threadPool(machine.memory);
    const threads: PoolThread[] = [];
    while (threads.length < this.most) {
      const thread = pool.takeAlone();
      if (thread === null) break;
      threads.push(thread);
    }
    const team = newTeam(threads.length + 1);
    const unhear = threads.map((thread) => thread.onFailure(() => loseHelper(team)));
    threads.forEach((thread, i) => {
      thread.post({ kind: 'follow', team, member: i + 1, blas: machine.choice });
    });
    leader.post({ kind: 'lead', runner, team });
    return { team, threads, unhear };
  }

  private dismiss(): void {
    const pool = threadPool(this.machine.memory);
    this.leader.post({ kind: 'end', runner: this.runner });
    pool.giveBack(this.leader);
    if (this.helpers === null) return;
    const { team, threads, unhear } = this.helpers;
    endTeam(team);
    for (const stop of unhear) stop();
    for (const thread of threads) pool.giveBack(thread);
  }
}
