import { metaWeights } from '../../engine/engine';
import type { Simulation } from '../../learning/simulator';
import type { Network } from '../../network/network';
import type { Quantities } from '../../synapse/rule-executor';
import type { TrustEvidence } from '../../theory/trust/trust-evidence';

/** The variables that have moved, once those of one more meta-gradient have: those with an entry that is not 0. */
export function moving(metaGradient: Quantities, moved: readonly string[]): string[] {
  const now = Object.keys(metaGradient).filter((variable) =>
    metaGradient[variable]!.some((value) => value !== 0),
  );
  return [...new Set([...moved, ...now])];
}

/** Whose variable never moved. */
interface Learner {
  readonly network: Network;
  readonly slow: Quantities;
}

/** A sentence for a variable that was to learn and never moved, with why. */
export function stillWarning(
  variable: string,
  learner: Learner | Simulation,
  evidence: Pick<TrustEvidence, 'displacement'> | null,
): string {
  const { network } = learner;
  const slow = 'slow' in learner ? learner.slow : learner.save().variables;
  const [count, what] =
    variable === metaWeights ? [slow[variable]!.length, 'weight'] : [network.size, 'synapse'];
  const whose = count === 1 ? `the one ${what}` : `all ${count} ${what}s`;
  const [quantity, why] =
    evidence === null ? ['gradient', null] : ['contrast', reasonOf(variable, network, slow, evidence)];
  const because = why === null ? '' : `, because ${why}`;
  return `${variable} of ${whose} never moved: its ${quantity} was exactly 0 in every meta-step${because}`;
}

function reasonOf(
  variable: string,
  { synapse }: Network,
  slow: Quantities,
  { displacement }: Pick<TrustEvidence, 'displacement'>,
): string {
  const { fast } = synapse;
  if (displacement === 0) {
    return `${fast} ended each nudged phase where it began: the replayed data's gradient is 0 there, or too small to change ${fast} at this rate and precision`;
  }
  if (variable === metaWeights) return 'the loss had no gradient by them at the ends of the phases';
  if (!synapse.contrast[variable]!.reads.includes('nudged')) {
    return `the penalty's derivative by ${variable} does not depend on ${fast}`;
  }
  for (const strength of synapse.nonNegative) {
    if (strength !== variable && slow[strength]!.every((value) => value === 0)) {
      return `${strength} is 0 in every synapse, so that ${fast} is not drawn to ${variable}`;
    }
  }
  return `what ${fast} moved cancels in it`;
}
