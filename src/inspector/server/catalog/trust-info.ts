import { isGroup } from '../../../study/compare/leaf-path';
import { toleratedError } from '../../../theory/trust/verdict';
import type { TrustInfo } from '../../protocol/runs';

type Group = Readonly<Record<string, unknown>>;

/** How deep in a summary verdicts are looked for. */
const deepest = 6;

/** The verdicts in a summary: of the run in its `trust`, of each method in `methods.NAME.trust`, or wherever else there is one. */
export function trustIn(summary: unknown): TrustInfo[] {
  return isGroup(summary) ? [...verdictsIn(summary, [], 0)] : [];
}

function* verdictsIn(group: Group, path: readonly string[], depth: number): Generator<TrustInfo> {
  const { trust } = group;
  if (isGroup(trust) && typeof trust.verdict === 'string') yield infoOf(trust, group, path);
  if (depth === deepest) return;
  for (const [name, part] of Object.entries(group))
    if (name !== 'trust' && isGroup(part)) yield* verdictsIn(part, [...path, name], depth + 1);
}

function infoOf(trust: Group, beside: Group, path: readonly string[]): TrustInfo {
  const evidence = isGroup(trust.evidence) ? trust.evidence : {};
  const names = path[0] === 'methods' ? path.slice(1) : path;
  return {
    label: names.length === 0 ? null : names.join('.'),
    verdict: String(trust.verdict),
    because: typeof trust.because === 'string' ? trust.because : '',
    advice: typeof trust.advice === 'string' ? trust.advice : null,
    beta: number(evidence.beta),
    order: number(evidence.order),
    error: isGroup(trust.error) ? partsOf(trust.error) : null,
    neurons: neuronsIn(evidence.neurons, trust.error),
    tolerated: toleratedError,
    exact: checksIn(beside.exactChecks),
  };
}

const partsOf = ({ bias, settling, rounding }: Group) => ({
  bias: number(bias),
  settling: number(settling),
  rounding: number(rounding),
});

function neuronsIn(neurons: unknown, error: unknown): TrustInfo['neurons'] {
  if (!isGroup(neurons) || typeof neurons.kind !== 'string') return null;
  const { surrogate, neural } = isGroup(error) ? error : {};
  return {
    kind: neurons.kind,
    nudge: number(neurons.nudge),
    sweeps: number(neurons.sweeps),
    surrogate: number(surrogate),
    neural: number(neural),
  };
}

function checksIn(checks: unknown): TrustInfo['exact'] {
  if (!Array.isArray(checks)) return [];
  return checks.flatMap((check: unknown) => {
    if (!isGroup(check)) return [];
    const [metaStep, relativeError] = [number(check.metaStep), number(check.relativeError)];
    return metaStep === null || relativeError === null ? [] : [{ metaStep, relativeError }];
  });
}

const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
