import { KernelError, LocalityError } from '../core/errors';
import { auditLocality, parameterRoles } from './audit-locality';
import { makeFunction } from './make-function';
import { type KernelFunction, kernelText, parseKernel, sourceOf } from './source';

export type { KernelFunction, KernelThis } from './source';

/** A rule that has passed the audit of its locality. */
export interface Kernel {
  /** The function's name, or `anonymous`. */
  readonly name: string;
  /** The audited text of the function. */
  readonly source: string;
  /** Names of the parameters, in order. */
  readonly parameters: readonly string[];
  /** Parameters read at `[this.thread.x]`: one entry a synapse. */
  readonly arrays: readonly string[];
  /** The other parameters: one value for all synapses. */
  readonly scalars: readonly string[];
  /** Made anew from `source` in the global scope: what was audited is what runs, and it closes over nothing. */
  readonly call: KernelFunction;
}

/**
 * Makes a rule kernel of a function, or of its source text, after the audit.
 *
 * ```ts
 * const decay = defineKernel(function decay(phi, rate) { return phi[this.thread.x] * (1 - rate); });
 * decay.call.call({ thread: { x: 2 } }, [1, 2, 3], 0.5); // 1.5
 * ```
 * @param kernel an ordinary function of arrays read at `[this.thread.x]` and scalars; returns a number
 * @param told how an error names the kernel; by its function's name where left out
 * @throws KernelError where it is no kernel at all; LocalityError where it is one that is not local.
 */
export function defineKernel(kernel: KernelFunction | string, told?: string): Kernel {
  const text = sourceOf(kernel);
  const { violations } = auditLocality(text);
  const syntax = parseKernel(text);
  const given = typeof kernel === 'function' && typeof kernel.name === 'string' ? kernel.name : '';
  const name = syntax.node.id?.name ?? (given || 'anonymous');
  if (violations.length > 0) throw new LocalityError(told ?? name, violations);
  const source = kernelText(syntax);
  const { parameters, arrays, scalars } = parameterRoles(text);
  return Object.freeze({
    name,
    source,
    parameters: Object.freeze(parameters),
    arrays: Object.freeze(arrays),
    scalars: Object.freeze(scalars),
    call: recreate(source),
  });
}

function recreate(source: string): KernelFunction {
  try {
    return makeFunction([], `return (${source})`)();
  } catch (error) {
    throw new KernelError({ what: `The rule's source text cannot be compiled: ${(error as Error).message}` });
  }
}
