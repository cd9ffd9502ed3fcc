import type { Violation } from '../core/errors';
import { type Activities, checkActivities, noActivities } from './activities';
import { coreForm, mostCopied, mostCopies, TooManyCopies } from './core-form';
import { KernelAuditor } from './kernel-auditor';
import { checkReturns } from './returns';
import { type ParameterRoles, rolesIn } from './roles';
import { type KernelFunction, type KernelSyntax, lineIn, parseKernel, sourceOf } from './source';
import { withinDepth } from './within-depth';

export type { ParameterRoles } from './roles';

/** What the audit of one rule found. */
export interface LocalityAudit {
  /** Whether the rule is local and in the dialect, and so has no violation: `defineRule` takes such rules. */
  readonly local: boolean;
  readonly verdict: LocalityVerdict;
  /** What it reads of its own synapse, at [this.thread.x]. */
  readonly quantities: readonly string[];
  /**
   * What it is given as one number for all synapses. Where that comes from is not in the rule's text: a sum over the network can
   * come in by it.
   */
  readonly scalars: readonly string[];
  /** Every offending expression, in the order of the text. */
  readonly violations: readonly Violation[];
}

/**
 * What is known of a rule: `not local` where it reads more than its own synapse's, or may; `local, but outside the dialect` where it
 * does not, but is written as engines do not take it.
 */
export type LocalityVerdict = 'local' | 'not local' | 'local, but outside the dialect';

function verdictOn(violations: readonly Violation[]): LocalityVerdict {
  if (violations.some(({ breaks }) => breaks === 'locality')) return 'not local';
  return violations.length > 0 ? 'local, but outside the dialect' : 'local';
}

function judged(
  violations: readonly Violation[],
  { arrays, scalars }: Omit<ParameterRoles, 'parameters'>,
): LocalityAudit {
  const verdict = verdictOn(violations);
  return { local: verdict === 'local', verdict, quantities: arrays, scalars, violations };
}

/** A rule that may have several kernels, by its text: what `defineRule` returns is one. */
interface RuleText {
  readonly steps: readonly { readonly kernel: { readonly source: string } }[];
}

function isRule(rule: unknown): rule is RuleText {
  if (typeof rule !== 'object') return false;
  const { steps } = (rule ?? {}) as Partial<RuleText>;
  return (
    Array.isArray(steps) &&
    steps.length > 0 &&
    steps.every((step) => typeof step?.kernel?.source === 'string')
  );
}

/** @throws KernelError where it is no kernel at all. */
export function auditSyntax(syntax: KernelSyntax, activities?: Activities): LocalityAudit {
  checkReturns(syntax);
  const auditor = new KernelAuditor(syntax, activities);
  const violations = auditor.audit();
  const isWrittenOut = violations.length === 0 && auditor.hasCopies;
  return judged(isWrittenOut ? tooLong(syntax) : violations, rolesIn(syntax));
}

/** The audit of several kernels, with what is wrong around them. */
export function together(audits: readonly LocalityAudit[], around: readonly Violation[] = []): LocalityAudit {
  const all = (of: (audit: LocalityAudit) => readonly string[]): string[] => [...new Set(audits.flatMap(of))];
  const violations = [...around, ...audits.flatMap((audit) => audit.violations)];
  return judged(
    violations.sort((a, b) => a.line - b.line),
    { arrays: all(({ quantities }) => quantities), scalars: all(({ scalars }) => scalars) },
  );
}

/** Loops and helpers that come to more than an engine should be given. */
function tooLong(syntax: KernelSyntax): Violation[] {
  try {
    coreForm(syntax);
    return [];
  } catch (error) {
    if (!(error instanceof TooManyCopies)) throw error;
    const { start, end, loc } = error.node;
    const [expression = ''] = syntax.text.slice(start, end).split(/[\n{]/);
    const why = `runs too often, is too long, or goes on for ever: all loops and helpers of a rule may run ${mostCopies} times together, and hold ${mostCopied} expressions then`;
    return [{ expression: expression.trim(), line: lineIn(syntax, loc!), why, breaks: 'dialect' }];
  }
}

/**
 * Reads the syntax tree of a rule and names every expression that is not local, or not in the kernel dialect:
 * arrays are read at `[this.thread.x]` only, with scalars, arithmetic, operators on bits, comparisons, `if`, `?:`, `const`,
 * `let`, `for` with constant bounds, local arrow functions and the functions of Math. Never runs the rule. The world is closed: what is not expressly legal is a violation.
 *
 * ```ts
 * auditLocality(function (phi, n) { return phi[this.thread.x + 1] / n; }).violations[0].expression
 * // 'phi[this.thread.x + 1]'
 * ```
 * @param rule one ordinary function, or its source text, or a whole rule, whose kernels are audited one by one
 * @param activities which of its arrays show a synapse its two neurons, as a source of credit declares it: reasons then say so, and no verdict depends on it
 * @throws KernelError where it is no kernel at all: unparsable, or without a number on some path; InputError where `activities` is none.
 */
export function auditLocality(
  rule: KernelFunction | string | RuleText,
  activities: Activities = noActivities,
): LocalityAudit {
  const seen = checkActivities(activities);
  if (isRule(rule)) {
    return together(rule.steps.map(({ kernel }) => auditLocality(kernel.source, seen)));
  }
  return withinDepth(() => auditSyntax(parseKernel(sourceOf(rule as KernelFunction | string)), seen));
}

/**
 * Tells a rule's arrays (read at an index) from its scalars (the rest), in the order of its parameters.
 * @throws KernelError where the text is not one ordinary function.
 */
export function parameterRoles(rule: KernelFunction | string): ParameterRoles {
  return withinDepth(() => rolesIn(parseKernel(sourceOf(rule))));
}
