import type { TaskResult } from '../../learning/task-learner';
import type { Surrogate } from '../../network/credit/credit';
import { withCredit } from '../../network/network';
import { agreementByVariable } from './agreement-by-variable';
import type { CountedSessions } from './counted-sessions';
import { roundingOfNudge } from './estimate-error';
import { estimate } from './estimate-once';
import type { NeuronRest } from './settle-neurons';
import type { NeuronEvidence, TrustEvidence } from './trust-evidence';
import type { TrustProblem } from './trust-problem';

/**
 * b is that much smaller at the most: phases settle as well at any b, so that little of the surrogate's error need be left; but by no more than leaves this much
 * of rounding.
 */
const largestFactor = 1024;
const roundingOfSmaller = 0.01;

/**
 * The judged meta-gradient anew with neurons that have settled, and, with those, at a smaller b: what they differ by is what is left by the neurons, and what
 * by the surrogate loss. Their phases begin where the judged ones did and have as many steps, so that what these leave is in both.
 */
export async function compareNeurons(
  problem: TrustProblem,
  own: TaskResult,
  evidence: TrustEvidence & { readonly neurons: NeuronEvidence },
  surrogate: Surrogate,
  sessions: CountedSessions,
): Promise<NeuronEvidence> {
  const { slow, learned = Object.keys(slow), rule } = problem;
  const { neurons } = evidence;
  const { nudge } = surrogate;
  const { sweeps } = neurons.settled;
  const again = async (b: number) => {
    const network = withCredit(problem.network, surrogate.settled(b, sweeps));
    const session = await sessions.open(network);
    const attempt = await estimate({ ...problem, network }, session, rule.estimator);
    await session.close();
    return attempt;
  };
  const settled = await again(nudge);
  if (settled.result === null) return neurons;
  const room = Math.log2(roundingOfSmaller / roundingOfNudge(evidence, nudge));
  const factor = 2 ** Math.floor(Math.min(Math.log2(largestFactor), Math.max(1, room)));
  const smaller = await again(nudge / factor);
  const agreementOf = (one: TaskResult, other: TaskResult) =>
    agreementByVariable(one.metaGradient, other.metaGradient, learned);
  return {
    ...neurons,
    settled: { ...neurons.settled, agreement: agreementOf(own, settled.result) },
    smaller: { factor, agreement: smaller.result && agreementOf(settled.result, smaller.result) },
  };
}

/** What is known of neurons before meta-gradients are compared. */
export function neuronEvidence(
  kind: string,
  { order, nudge, sweeps }: Surrogate,
  { residual, settled }: NeuronRest,
  asymmetry: number,
): NeuronEvidence {
  return {
    ...{ kind, nudge, order, sweeps, residual, asymmetry },
    settled: { ...settled, agreement: null },
    smaller: null,
  };
}
