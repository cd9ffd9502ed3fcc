import { workerData } from 'node:worker_threads';
import { errorData } from '../../core/error-data';
import { SerialQueue } from '../../core/serial-queue';
import { type ExitGate, loadThrough } from './exit-gate';
import { HeldLearner } from './held-learner';
import type { Answer, LearnerSetting, Message } from './message';

/** What a worker is started with. */
export interface WorkerStart {
  readonly gate: ExitGate;
}

const queue = new SerialQueue('The worker');
/** By number. */
const learners = new Map<number, HeldLearner>();

/**
 * Does one job after the other; what the pool calls.
 * @public
 */
export function work(message: Message): Promise<Answer> {
  return queue.add('work', () => perform(message));
}

async function perform({ setting, job }: Message): Promise<Answer> {
  try {
    await sweep();
    if (job.kind === 'sweep') return { swept: true };
    const learner = learners.get(setting.id) ?? (await made(setting));
    return await learner.perform(job, setting);
  } catch (error) {
    return { failed: errorData(error) };
  }
}

async function made(setting: LearnerSetting): Promise<HeldLearner> {
  const { gate } = workerData as WorkerStart;
  const learner = await loadThrough(gate, () => HeldLearner.make(setting));
  learners.set(setting.id, learner);
  return learner;
}

/** Closes what is needed no more. */
async function sweep(): Promise<void> {
  for (const [id, learner] of learners) {
    if (!learner.isClosed) continue;
    learners.delete(id);
    await learner.close();
  }
}
