import { creditWords } from '../../network/credit/credit-words';
import { creditNamed } from '../../network/credit/credits';
import type { Change } from '../../theory/trust/adjustable';
import { creditedBy, type TrustProblem } from '../../theory/trust/trust-problem';

/** The words for where a problem's credit comes from; none where that is the backward pass, or what has no words. */
export function creditPresent({ network }: TrustProblem): { readonly credit?: string } {
  const words = network.credit.kind === 'backprop' ? null : creditWords(network.credit);
  return words === null ? {} : { credit: words };
}

/** The problem with the credit of a change; as it is where the change has none. */
export function withCreditOf<Problem extends TrustProblem>({ credit }: Change, problem: Problem): Problem {
  return credit === undefined ? problem : creditedBy(problem, creditNamed(String(credit), problem.seed));
}
