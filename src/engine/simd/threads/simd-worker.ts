import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { BlasChoice } from '../machine/blas-choice';
import { instantiate, type WorkerMachine } from '../machine/machine';
import { JobRunner } from './job-runner';
import type { Order } from './order';
import { prepareProgram } from './prepare-program';
import { follow } from './team';

/** What a thread of the pool is started with. */
export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  /** [1]: for how many orders it has yet to load kernels; the main thread counts up, the thread down. */
  readonly loads: Int32Array;
}

/** Does the orders that come by a port. */
function serve(port: MessagePort, { memory, loads }: WorkerStart): void {
  const machines = new Map<BlasChoice, WorkerMachine>();
  /** By number; what went wrong, where one could not be made. */
  const runners = new Map<number, JobRunner | Error>();

  const load = (blas: BlasChoice): WorkerMachine => {
    try {
      const machine = machines.get(blas) ?? instantiate(memory, blas);
      machines.set(blas, machine);
      return machine;
    } finally {
      Atomics.sub(loads, 0, 1);
      Atomics.notify(loads, 0);
    }
  };

  const runnerOf = (number: number): JobRunner => {
    const runner = runners.get(number)!;
    if (runner instanceof Error) throw runner;
    return runner;
  };

  port.on('message', (order: Order) => {
    switch (order.kind) {
      case 'begin':
        try {
          runners.set(order.runner, new JobRunner(load(order.blas)));
        } catch (error) {
          runners.set(order.runner, error as Error);
        }
        return;
      case 'lead':
        if (runners.get(order.runner) instanceof JobRunner) runnerOf(order.runner).lead(order.team);
        return;
      case 'job':
        try {
          port.postMessage({ answer: runnerOf(order.runner).run(order.job) });
        } catch (error) {
          port.postMessage({ failed: (error as Error).message });
        }
        return;
      case 'end':
        runners.delete(order.runner);
        return;
      case 'follow':
        return help(port, order, () => load(order.blas));
    }
  });
}

/** Follows a team until it ends. Where this thread cannot, the team's work fails. */
function help(
  port: MessagePort,
  { team, member }: Extract<Order, { kind: 'follow' }>,
  load: () => WorkerMachine,
): void {
  const programs = new Map<number, () => void>();
  let machine: WorkerMachine | null = null;
  try {
    machine = load();
  } catch {} // its first program fails
  follow(team, member, (id) => {
    // Definitions wait at the port until a program is asked for that is not known yet: a thread that follows never gets to its events.
    while (!programs.has(id)) {
      const { definitions } = receiveMessageOnPort(port)!.message as Extract<Order, { kind: 'define' }>;
      for (const definition of definitions) {
        if ('program' in definition) {
          programs.set(definition.id, prepareProgram(definition.program, machine!.kernels));
        }
      }
    }
    programs.get(id)!();
  });
}

if (parentPort !== null && workerData?.memory !== undefined) serve(parentPort, workerData as WorkerStart);
