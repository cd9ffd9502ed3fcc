import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Kernels } from './kernels';
import { instantiate, type WorkerMachine } from './machine';
import { type Program, prepareProgram } from './program';
import { type SettlingEnd, settle } from './settling';
import type { BlasChoice } from './system-blas';

/** A pass over the synapses: its module, and what `run` is given before the scalars. */
export interface PassCall {
  readonly bytes: Uint8Array;
  readonly given: readonly number[];
}

export type Job =
  | { readonly kind: 'run'; readonly program: Program }
  | {
      readonly kind: 'settle';
      readonly data: Program;
      readonly pull: PassCall;
      readonly step: PassCall;
      readonly pulledStep: PassCall;
      /** Numbers of each step's scalars in a row, [steps][count], for the rule and for pull and rule. */
      readonly scalars: Float64Array;
      readonly count: number;
      readonly steps: number;
      readonly tolerance: number;
      readonly residual: number | null;
    };

export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly blas: BlasChoice;
}

/** What a job gives: the loss, or how settling ended. */
export type Answer = number | SettlingEnd;

type Pass = (...given: number[]) => number;

/** Works off the jobs of one session, in a thread of its own, on the memory that all threads share. */
class JobRunner {
  private readonly modules = new Map<string, Pass>();
  private readonly kernels: Kernels;

  constructor(private readonly machine: WorkerMachine) {
    this.kernels = machine.kernels;
  }

  run(job: Job): Answer {
    if (job.kind === 'run') return prepareProgram(job.program, this.kernels)();
    const { scalars, count } = job;
    const dataGradient = prepareProgram(job.data, this.kernels);
    const pull = this.bind(job.pull, 0);
    const [step, pulledStep] = [this.bind(job.step, count), this.bind(job.pulledStep, count)];
    const withScalars = (pass: { run: Pass; given: number[]; first: number }, taken: number): number => {
      for (let i = 0; i < count; i++) pass.given[pass.first + i] = scalars[taken * count + i]!;
      return pass.run.apply(null, pass.given);
    };
    const passes = {
      dataGradient,
      pull: () => pull.run.apply(null, pull.given),
      step: (taken: number) => withScalars(step, taken),
      pulledStep: (taken: number) => withScalars(pulledStep, taken),
    };
    return settle(passes, job);
  }

  private bind({ bytes, given }: PassCall, scalars: number): { run: Pass; given: number[]; first: number } {
    const key = Buffer.from(bytes).toString('latin1');
    let run = this.modules.get(key);
    if (run === undefined) {
      run = this.machine.pass(bytes);
      this.modules.set(key, run);
    }
    return { run, given: [...given, ...Array<number>(scalars).fill(0)], first: given.length };
  }
}

/** Answers the jobs of a port, in their order. */
export function serve(port: MessagePort, { memory, blas }: WorkerStart): void {
  const runner = new JobRunner(instantiate(memory, blas));
  port.on('message', (job: Job) => {
    try {
      port.postMessage({ answer: runner.run(job) });
    } catch (error) {
      port.postMessage({ failed: (error as Error).message });
    }
  });
}

if (parentPort !== null && workerData?.memory !== undefined) serve(parentPort, workerData as WorkerStart);
