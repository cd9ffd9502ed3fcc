import type { WorkerMachine } from '../machine/machine';
import type { Answer, Job, JobQueue } from './job';
import { JobRunner } from './job-runner';

/** Works a job off before it gives the promise of its answer. */
export class ThisThread implements JobQueue {
  private readonly runner: JobRunner;
  private numbers = 0;

  constructor(machine: WorkerMachine) {
    this.runner = new JobRunner(machine);
  }

  newNumber(): number {
    return this.numbers++;
  }

  async ask(job: Job): Promise<Answer> {
    return this.runner.run(job);
  }

  async close(): Promise<void> {}
}
