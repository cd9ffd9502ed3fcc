import { KernelError, type Violation } from '../core/errors';
import { KernelAuditor } from './kernel-auditor';
import { kernelOfModule } from './kernel-of-module';
import { checkReturns } from './returns';
import { type ParameterRoles, rolesIn } from './roles';
import { type KernelFunction, type KernelSyntax, parseKernel, sourceOf } from './source';
import { auditSurroundings } from './surroundings';

export type { ParameterRoles } from './roles';

/** What the audit of one rule found. */
export interface LocalityAudit {
  /** Whether the rule reads its own synapse's quantities only, and so has no violation. */
  readonly local: boolean;
  /** Every offending expression, in the order of the text. */
  readonly violations: readonly Violation[];
}

/** A rule that may have several kernels, by its text: what `defineRule` returns is one. */
interface RuleText {
  readonly steps: readonly { readonly kernel: { readonly source: string } }[];
}

function isRule(rule: unknown): rule is RuleText {
  const { steps } = (rule ?? {}) as Partial<RuleText>;
  return Array.isArray(steps) && steps.every((step) => typeof step?.kernel?.source === 'string');
}

/** Runs a walk that recurses, and tells of text nested too deeply for it. */
function withinDepth<T>(walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new KernelError({
      what: 'The rule is nested too deeply to be read',
      advice: 'Split it with const locals',
    });
  }
}

function auditKernel(syntax: KernelSyntax, around: readonly Violation[] = []): LocalityAudit {
  checkReturns(syntax);
  const violations = [...around, ...new KernelAuditor(syntax).audit()].sort((a, b) => a.line - b.line);
  return { local: violations.length === 0, violations };
}

/**
 * Reads the syntax tree of a rule and names every expression that is not local, or not in the kernel dialect:
 * arrays are read at `[this.thread.x]` only, with scalars, arithmetic, comparisons, `if`, `?:`, `const`, `let` and
 * the functions of Math. Never runs the rule. The world is closed: what is not expressly legal is a violation.
 *
 * ```ts
 * auditLocality(function (phi, n) { return phi[this.thread.x + 1] / n; }).violations[0].expression
 * // 'phi[this.thread.x + 1]'
 * ```
 * @param rule one ordinary function, or its source text, or a whole rule, whose kernels are audited one by one
 * @throws KernelError where it is no kernel at all: unparsable, an arrow, or without a number on some path.
 */
export function auditLocality(rule: KernelFunction | string | RuleText): LocalityAudit {
  if (isRule(rule)) {
    const violations = rule.steps.flatMap(({ kernel }) => auditLocality(kernel.source).violations);
    return { local: violations.length === 0, violations };
  }
  return withinDepth(() => auditKernel(parseKernel(sourceOf(rule as KernelFunction | string))));
}

/**
 * Audits a file whose `module.exports` or default export is one kernel function. Parses, never runs. Also names
 * what in the file could change the meaning of Math. Line numbers are the file's.
 * @throws KernelError where the file exports no kernel, or more than one candidate.
 */
export function auditLocalityOfModule(fileText: string): LocalityAudit {
  if (typeof fileText !== 'string') {
    throw new KernelError({ what: "A rule file's text must be a text", got: fileText });
  }
  return withinDepth(() => {
    const module = kernelOfModule(fileText);
    return auditKernel(module, auditSurroundings(module));
  });
}

/**
 * Tells a rule's arrays (read at an index) from its scalars (the rest), in the order of its parameters.
 * @throws KernelError where the text is not one ordinary function.
 */
export function parameterRoles(rule: KernelFunction | string): ParameterRoles {
  return withinDepth(() => rolesIn(parseKernel(sourceOf(rule))));
}
