import type { ExecutorReport } from '../../synapse/rule-executor';
import type { Advice } from '../../theory/trust/advise';
import type { Descent } from '../../theory/trust/descent';
import type { Judged } from '../../theory/trust/judge';
import { outcomeOf } from '../../theory/trust/outcome-in-words';
import type { NeuronEvidence, TrustEvidence } from '../../theory/trust/trust-evidence';
import { toleratedError } from '../../theory/trust/verdict';

/** A verdict for `summary.json`; a part of the error that is not finite, or not known, is null there. */
export function trustSummary({ verdict, error, because, advice, trials, descent, evidence }: Judged) {
  const ofNeurons = error && evidence.neurons && { surrogate: error.surrogate, neural: error.neural };
  const parts = error && {
    ...{ bias: error.bias, settling: error.settling, rounding: error.rounding },
    ...ofNeurons,
  };
  const tried =
    trials?.tried.map(({ words, verdict, error, work }) => ({ words, verdict, error, ...work })) ?? [];
  const cost = { ...evidence.work, trials: trials?.work ?? { gradients: 0, hessianVectors: 0 } };
  return {
    verdict,
    error: parts,
    because,
    advice,
    tried,
    descent,
    cost,
    evidence: evidenceSummary(evidence),
  };
}

/** What errors were measured at, for whoever draws them against beta. */
function evidenceSummary({ estimator, beta, order, precision, smaller, neurons, field }: TrustEvidence) {
  return {
    ...{ estimator, beta, order, precision },
    ...(neurons && { neurons: neuronSummary(neurons) }),
    ...(field && { field }),
    /** The smaller nudge that the bias was measured by. */
    smallerBeta: smaller === null || smaller.agreement === null ? null : beta / smaller.factor,
    tolerated: toleratedError,
  };
}

function neuronSummary({ kind, nudge, order, sweeps, residual }: NeuronEvidence) {
  return { kind, nudge, order, sweeps, residual };
}

/** The same for people: the verdict with what led to it, the change that helped where it was tried, and what that cost. */
export function trustLines({ verdict, because, advice, trials, descent, evidence }: Judged): string[] {
  const { gradients, hessianVectors } = evidence.work;
  const tolerated = `${(100 * toleratedError).toFixed(0)} %`;
  return [
    `  verdict: ${verdict} (errors of up to ${tolerated} are tolerated)`,
    `  because ${because}`,
    ...(descent === null ? [] : [descentLine(descent)]),
    `  this verdict cost ${gradients} gradients and ${hessianVectors} Hessian-vector products`,
    ...(trials === null ? adviceLines(advice) : triedLines(advice, trials)),
  ];
}

/** An inexact gradient may lead down all the same; whether this one does was measured. */
function descentLine({ expected, found }: Descent): string {
  const percent = (share: number) => `${Number((100 * Math.abs(share)).toPrecision(2))} %`;
  const leads = leadsDown({ expected, found }) ? 'yet it leads down' : 'and it does not lead down here';
  const does = found >= 0 ? 'lowers' : 'raises';
  return `  ${leads}: a small step along it, which should lower the held-out loss of this task by ${percent(expected)}, ${does} it by ${percent(found)}`;
}

/** By a tenth of what it promises at the least. */
export function leadsDown({ expected, found }: Descent): boolean {
  return found > expected / 10;
}

const adviceLines = (advice: string | null): string[] => (advice === null ? [] : [`  ${advice}`]);

function triedLines(advice: string | null, { tried, work, mostGradients }: Advice): string[] {
  const count = `${tried.length} ${tried.length === 1 ? 'change was' : 'changes were'} tried`;
  const cost = `${work.gradients} gradients (${mostGradients} at most) and ${work.hessianVectors} Hessian-vector products`;
  const all = tried.map((trial) => `${trial.words.replaceAll('--set ', '')} (${outcomeOf(trial)})`);
  return [
    advice === null ? '  no change that was tried helped' : `  most likely to help: ${advice}`,
    `  ${count}, which cost ${cost}: ${all.join('; ')}`,
  ];
}

/** What executed the rules, as a report's last line. */
export function ranBy({ executor, mode, precision, fallbackReason }: ExecutorReport): string {
  const how = `${executor}${mode === null ? '' : `, mode ${mode}`}, in ${precision}`;
  return `Contrast and meta-update ran by ${how}${fallbackReason === null ? '' : ` (${fallbackReason})`}.`;
}
