import type { ExecutorReport } from '../../synapse/rule-executor';
import type { Trust } from '../../theory/trust/trust';
import { toleratedError } from '../../theory/trust/verdict';

/** A verdict for `summary.json`; a part of the error that is not finite, or not known, is null there. */
export function trustSummary({ verdict, error, because, advice, evidence }: Trust) {
  const parts = error && { bias: error.bias, settling: error.settling, rounding: error.rounding };
  return { verdict, error: parts, because, advice, cost: evidence.work };
}

/** The same for people: the verdict with what led to it, the change most likely to help, and what it cost. */
export function trustLines({ verdict, because, advice, evidence }: Trust): string[] {
  const { gradients, hessianVectors } = evidence.work;
  const tolerated = `${(100 * toleratedError).toFixed(0)} %`;
  return [
    `  verdict: ${verdict} (errors of up to ${tolerated} are tolerated)`,
    `  because ${because}`,
    ...(advice === null ? [] : [`  most likely to help: ${advice}`]),
    `  this verdict cost ${gradients} gradients and ${hessianVectors} Hessian-vector products`,
  ];
}

/** What executed the rules, as a report's last line. */
export function ranBy({ executor, mode, precision, fallbackReason }: ExecutorReport): string {
  const how = `${executor}${mode === null ? '' : `, mode ${mode}`}, in ${precision}`;
  return `Contrast and meta-update ran by ${how}${fallbackReason === null ? '' : ` (${fallbackReason})`}.`;
}
