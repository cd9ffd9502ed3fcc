import { MetaplastError } from '../../../core/errors';
import { argumentList } from '../machine/argument-list';
import type { WorkerMachine } from '../machine/machine';
import { settle } from '../settling';
import type { Answer, DataStage, Definition, Job } from './job';
import { prepareProgram } from './prepare-program';
import { TeamLeader, type TeamSetting } from './team';

interface BoundPass {
  run(): void;
  readonly numbers: Float64Array;
}

/** Works off the jobs of sessions, in whichever thread it is, on the memory that all threads share. */
export class JobRunner {
  private readonly programs = new Map<number, () => void>();
  private readonly passes = new Map<number, BoundPass>();

  private leader: TeamLeader | null = null;

  constructor(private readonly machine: WorkerMachine) {}

  /** Shares the parts of large batches out to a team's helpers from now on. */
  lead(team: TeamSetting): void {
    this.leader = new TeamLeader(team);
  }

  run(job: Job): Answer {
    for (const definition of job.define) this.define(definition);
    if (job.kind === 'run') {
      this.programs.get(job.program)!();
      return null;
    }
    const [pull, step, pulledStep] = [job.pull, job.step, job.pulledStep].map((id) => this.passes.get(id)!);
    const passes = {
      squares: job.squares,
      dataGradient: this.dataGradient(job.data),
      pull: () => pull!.run(),
      step: (taken: number) => withNumbers(step!, job.numbers, taken),
      pulledStep: (taken: number) => withNumbers(pulledStep!, job.numbers, taken),
      stepTaken: job.averages === null ? () => {} : this.programs.get(job.averages)!,
    };
    return settle(passes, job);
  }

  private dataGradient(stages: readonly DataStage[]): () => void {
    const run = (id: number): void => this.programs.get(id)!();
    if (stages.length === 1 && stages[0]!.join === null) return this.programs.get(stages[0]!.parts[0]!)!;
    return () => {
      for (let i = 0; i < stages.length; i++) {
        const { parts, join } = stages[i]!;
        if (this.leader === null) for (let p = 0; p < parts.length; p++) run(parts[p]!);
        else if (!this.leader.work(parts, run)) {
          throw new MetaplastError({ what: 'A helper of this thread has failed' });
        }
        if (join !== null) run(join);
      }
    };
  }

  private define(definition: Definition): void {
    if ('program' in definition) {
      this.programs.set(definition.id, prepareProgram(definition.program, this.machine.kernels));
      return;
    }
    const { bytes, given, numbers } = definition.pass;
    const pass = this.machine.pass(bytes);
    const list = argumentList(given);
    this.passes.set(definition.id, { run: () => pass.apply(null, list), numbers });
  }
}

/** Runs a pass with the numbers of one step, of those of all steps. */
function withNumbers({ run, numbers }: BoundPass, all: Float64Array, taken: number): void {
  const count = numbers.length;
  const from = all.length === count ? 0 : taken * count;
  for (let i = 0; i < count; i++) numbers[i] = all[from + i]!;
  run();
}
