import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { instantiate } from '../machine/machine';
import type { Definition } from './job';
import { prepareProgram } from './program';
import type { WorkerStart } from './simd-worker';
import { follow, type TeamSetting } from './team';

/** What a helper's thread is started with. */
export interface HelperStart extends WorkerStart {
  readonly team: TeamSetting;
  /** Its number in the team; 0 is the leader. */
  readonly member: number;
}

const { memory, blas, team, member } = workerData as HelperStart;
const { kernels } = instantiate(memory, blas);
const programs = new Map<number, () => void>();

/** Definitions wait at the port until a program is asked for that is not known yet: this thread never gets to its events. */
function known(id: number): () => void {
  while (!programs.has(id)) {
    const { message } = receiveMessageOnPort(parentPort!) as { message: Definition[] };
    for (const definition of message) {
      if ('program' in definition) programs.set(definition.id, prepareProgram(definition.program, kernels));
    }
  }
  return programs.get(id)!;
}

follow(team, member, (id) => {
  known(id)();
});
