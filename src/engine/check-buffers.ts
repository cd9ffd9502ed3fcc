import { InputError } from '../core/errors';
import type { Network } from '../network/network';
import type { InnerStep } from './engine';

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
