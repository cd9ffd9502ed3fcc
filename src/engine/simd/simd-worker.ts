import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { MetaplastError } from '../../core/errors';
import { instantiate, type WorkerMachine } from './machine';
import { type Program, prepareProgram } from './program';
import { type SettlingEnd, settle } from './settling';
import type { BlasChoice } from './system-blas';
import { TeamLeader, type TeamSetting } from './team';

/** A pass over the synapses: its module, and what `run` is given before the numbers of a step. */
interface PassCall {
  readonly bytes: Uint8Array;
  readonly given: readonly number[];
}

/** Something that the thread is to remember under a number. */
export type Definition =
  | { readonly id: number; readonly program: Program }
  | { readonly id: number; readonly pass: PassCall };

export type Job = { readonly define: readonly Definition[] } & (
  | { readonly kind: 'run'; readonly program: Program }
  | {
      readonly kind: 'settle';
      /** By the numbers under which they were defined: the parts of the data's gradient, and what adds them up, if anything. */
      readonly data: readonly number[];
      readonly addUp: number | null;
      readonly pull: number;
      readonly step: number;
      readonly pulledStep: number;
      /** What each step is given behind the places of its arrays, [steps][count], for the rule and for pull and rule. */
      readonly numbers: Float64Array;
      readonly count: number;
      readonly steps: number;
      readonly tolerance: number;
      readonly residual: number | null;
    }
);

export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly blas: BlasChoice;
  /** Those that this thread leads. */
  readonly team?: TeamSetting;
}

/** What a job gives: the loss, or how settling ended. */
export type Answer = number | SettlingEnd;

interface BoundPass {
  readonly run: (...given: number[]) => number;
  readonly given: number[];
  /** How many numbers stand before those of each step. */
  readonly first: number;
}

/** Works off the jobs of one session, in a thread of its own, on the memory that all threads share. */
class JobRunner {
  private readonly programs = new Map<number, () => number>();
  private readonly passes = new Map<number, BoundPass>();

  private readonly leader: TeamLeader | null;

  constructor(
    private readonly machine: WorkerMachine,
    team: TeamSetting | undefined,
  ) {
    this.leader = team === undefined ? null : new TeamLeader(team);
  }

  run(job: Job): Answer {
    for (const definition of job.define) this.define(definition);
    if (job.kind === 'run') return prepareProgram(job.program, this.machine.kernels)();
    const { numbers, count } = job;
    const [pull, step, pulledStep] = [job.pull, job.step, job.pulledStep].map((id) => this.passes.get(id)!);
    const withNumbers = ({ run, given, first }: BoundPass, taken: number): number => {
      for (let i = 0; i < count; i++) given[first + i] = numbers[taken * count + i]!;
      return run.apply(null, given);
    };
    const passes = {
      dataGradient: this.dataGradient(job.data, job.addUp),
      pull: () => pull!.run.apply(null, pull!.given),
      step: (taken: number) => withNumbers(step!, taken),
      pulledStep: (taken: number) => withNumbers(pulledStep!, taken),
    };
    return settle(passes, job);
  }

  private dataGradient(parts: readonly number[], addUp: number | null): () => void {
    if (addUp === null) return this.programs.get(parts[0]!)!;
    const run = (id: number): void => {
      this.programs.get(id)!();
    };
    return () => {
      if (this.leader === null) for (const id of parts) run(id);
      else if (!this.leader.work(parts, run)) {
        throw new MetaplastError({ what: 'A helper of this thread has failed' });
      }
      run(addUp);
    };
  }

  private define(definition: Definition): void {
    if ('program' in definition) {
      this.programs.set(definition.id, prepareProgram(definition.program, this.machine.kernels));
      return;
    }
    const { bytes, given } = definition.pass;
    this.passes.set(definition.id, { run: this.machine.pass(bytes), given: [...given], first: given.length });
  }
}

/** Answers the jobs of a port, in their order. */
function serve(port: MessagePort, { memory, blas, team }: WorkerStart): void {
  const runner = new JobRunner(instantiate(memory, blas), team);
  port.on('message', (job: Job) => {
    try {
      port.postMessage({ answer: runner.run(job) });
    } catch (error) {
      port.postMessage({ failed: (error as Error).message });
    }
  });
}

if (parentPort !== null && workerData?.memory !== undefined) serve(parentPort, workerData as WorkerStart);
