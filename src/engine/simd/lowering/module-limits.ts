import { KernelError } from '../../../core/errors';
import type { Kernel } from '../../../kernel/kernel';
import type { WasmModule } from './wasm-code';

/** What every engine must be able to compile (WebAssembly JavaScript Interface, implementation-defined limits). */
const most = { parameters: 1000, locals: 50_000, bytes: 7_654_321 } as const;

/** @throws KernelError where the kernels are longer than WebAssembly allows, saying which limit they exceed. */
export function checkLimits(kernels: readonly Kernel[], { parameters, locals, body }: WasmModule): void {
  const sizes = {
    parameters: parameters.length,
    locals: parameters.length + locals.length,
    // Each local is declared in two bytes, and both counts take some more.
    bytes: body.length + 2 * locals.length + 16,
  };
  for (const part of ['parameters', 'locals', 'bytes'] as const) {
    if (sizes[part] <= most[part]) continue;
    throw new KernelError({
      what: `The kernels ${kernels.map(({ name }) => `"${name}"`).join(', ')} are too long for one pass`,
      got: `${sizes[part]} ${part}`,
      legal: `up to ${most[part]} ${part}`,
      advice: 'Split the rule, or take --engine reference',
    });
  }
}
