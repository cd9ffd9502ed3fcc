import type { Node } from 'acorn';
import { KernelError } from '../core/errors';
import type { Activities } from './activities';
import { auditSyntax, type LocalityAudit, together } from './audit-locality';
import { kernelOfModule, parseFile } from './kernel-of-module';
import { mentionsOf, rulesOfFile } from './rules-of-file';
import type { KernelSyntax } from './source';
import { auditSurroundings } from './surroundings';
import { withinDepth } from './within-depth';

/** The audit of one kernel of a file. */
export interface NamedAudit extends LocalityAudit {
  /** The rule that it belongs to; null for a kernel by itself. */
  readonly rule: string | null;
  /** The quantity that it writes; null for a kernel by itself. */
  readonly writes: string | null;
}

/** The audit of a file: that of all its kernels together, and of each. */
export interface ModuleAudit extends LocalityAudit {
  readonly kernels: readonly NamedAudit[];
  /** Whether the file defines synapse models too, whose kernels are made from their energies when it is run. */
  readonly definesSynapses: boolean;
}

/** What an audit throws, with the kernel that it is about. */
function named<T>(rule: string | null, writes: string | null, audit: () => T): T {
  try {
    return audit();
  } catch (error) {
    if (!(error instanceof KernelError) || writes === null) throw error;
    const what = `${error.report.what}, in what rule "${rule ?? 'unnamed'}" writes to ${writes}`;
    throw new KernelError({ ...error.report, what });
  }
}

/**
 * Audits a file from its text: the one kernel that it exports, or else every kernel that it gives to `defineRule` and `defineKernel`.
 * Parses, never runs. Also names what in the file could change the meaning of Math. Line numbers are the file's.
 * @param lineOf for text that was made from another, the line there.
 * @param activities which arrays show a synapse its two neurons, for the reasons
 * @throws KernelError where the file holds no kernel and no synapse, or its text does not tell one.
 */
export function auditLocalityOfModule(
  fileText: string,
  lineOf?: KernelSyntax['lineOf'],
  activities?: Activities,
): ModuleAudit {
  if (typeof fileText !== 'string') {
    throw new KernelError({ what: "A rule file's text must be a text", got: fileText });
  }
  return withinDepth(() => {
    const program = parseFile(fileText);
    const synapses = mentionsOf(program, 'defineSynapse');
    const definesSynapses = synapses.calls.length + synapses.others.length > 0;
    const rules = rulesOfFile(program, fileText, lineOf);
    const alone = rules.length > 0 || definesSynapses ? [] : [kernelOfModule(program, fileText)];
    const found = [
      ...rules,
      ...alone.map((syntax) => ({ rule: null, writes: null, syntax: { ...syntax, lineOf } })),
    ];
    const nodes: Node[] = found.map(({ syntax }) => syntax.arrow ?? syntax.node);
    const around = auditSurroundings({ program, text: fileText, lineOf }, nodes, alone.length > 0);
    const kernels = found.map(({ rule, writes, syntax }) => ({
      rule,
      writes,
      ...named(rule, writes, () => auditSyntax(syntax, activities)),
    }));
    return { ...together(kernels, around), kernels, definesSynapses };
  });
}
