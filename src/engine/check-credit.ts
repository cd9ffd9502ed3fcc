import { InputError } from '../core/errors';
import type { Network } from '../network/network';

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
