import { InputError } from '../core/errors';
import type { Network } from '../network/network';
import type { InnerStep } from './engine';

/**
 * For engines whose gradients come from a backward pass alone.
 * @throws InputError where the network's credit comes from elsewhere.
 */
export function checkCredit({ credit }: Network, engine: string): void {
  if (credit.kind === 'backprop') return;
  throw new InputError({
    what: `The engine ${engine} has no arithmetic for this source of credit`,
    got: credit.kind,
    legal: 'backprop',
    advice: 'Take the engine simd, or reference',
  });
}

/**
 * Whether what an optimiser keeps for each synapse has names of its own beside what the rule of the network's credit keeps.
 * @throws InputError where it has not.
 */
export function checkBuffers({ credit }: Network, { buffers }: InnerStep): void {
  const own = credit.buffers ?? [];
  const got = buffers.find((name) => own.includes(name));
  if (got === undefined) return;
  throw new InputError({
    what: `The optimiser and the rule of the credit "${credit.kind}" both keep a buffer of this name`,
    got,
    legal: `the credit's are ${own.join(', ')}, the optimiser's ${buffers.join(', ')}`,
    advice: 'Give the one of the credit another name',
  });
}
