import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { instantiate } from '../machine/machine';
import type { BlasChoice } from '../machine/system-blas';
import type { Job } from './job';
import { JobRunner } from './job-runner';
import type { TeamSetting } from './team';

export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly blas: BlasChoice;
  /** Those that this thread leads. */
  readonly team?: TeamSetting;
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
