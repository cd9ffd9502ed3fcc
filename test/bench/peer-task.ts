import { contrastive } from '../../src/learning/contrastive';
import { symmetric } from '../../src/learning/estimators';
import { nesterov } from '../../src/learning/optimizers';
import type { PeerStep } from './peer-step';

/** A whole task by the contrastive rule: a free phase, two nudged ones from its end, and their contrast. Its step's beta is the nudge. */
export interface PeerTask {
  readonly step: PeerStep & { readonly replay: NonNullable<PeerStep['replay']> };
  readonly free: number;
  /** Steps of each nudged phase. */
  readonly nudged: number;
}

/** What a peer is asked, once the task's step is open. */
export function taskMessage(name: string, { step, free, nudged }: PeerTask, threads: number): object {
  return { task: name, free, nudged, beta: step.inner.beta, threads };
}

/** The same for ours. The nudged phases go on with the momentum of the free one. */
export function ruleOf({ step, free, nudged }: PeerTask) {
  const { rate, momentum, beta } = step.inner;
  const optimizer = nesterov({ rate, momentum });
  const phase = (steps: number) => ({ optimizer, steps, tolerance: 0 });
  const estimator = symmetric(beta);
  return contrastive({ estimator, free: phase(free), nudged: phase(nudged), optimizerState: 'keep' });
}
