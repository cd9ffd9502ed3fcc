import { metaWeights } from '../engine/engine';
import type { StreamLearnerState } from '../learning/stream-learner';
import type { Network } from '../network/network';
import type { RunContext } from '../run/run-context';
import type { Episode } from '../tasks/task-stream';
import type { Trust } from '../theory/trust/trust';
import { learnedBetweenTasks } from './methods/learned-between-tasks';
import type { Method } from './methods/method';
import type { FewShotSettings } from './settings';

export interface JudgeStreamOptions {
  readonly method: Method;
  readonly network: Network;
  /** What the synapses have learned so far. */
  readonly state: Pick<StreamLearnerState, 'variables' | 'start'>;
  /** The task whose meta-gradient is judged. */
  readonly task: Episode;
  readonly context: Pick<RunContext<FewShotSettings>, 'config' | 'engine' | 'rules' | 'seed' | 'signal'>;
}

/**
 * Whether the meta-gradient that a method gets from one task can be trusted; null for a method that is not the contrastive rule.
 * @throws Interruption where the signal is aborted.
 */
export async function judgeStream(options: JudgeStreamOptions): Promise<Trust | null> {
  const { method, network, state, task, context } = options;
  const rule = method.rule?.(context.config[method.name]);
  if (rule === undefined) return null;
  const { gatherEvidence } = await import('../theory/trust/gather-evidence');
  const { judgeTrust } = await import('../theory/trust/trust');
  const { variables: slow } = state;
  const start = metaWeights in slow ? state.start : slow.omega!;
  const learned = learnedBetweenTasks(method, context.config);
  return judgeTrust(await gatherEvidence({ ...context, network, task, rule, slow, start, learned }));
}
