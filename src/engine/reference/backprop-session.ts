import type { Network } from '../../network/network';
import { layerArithmetic } from './layer-table';
import { lossArithmetic } from './loss-table';
import { NetworkPass } from './network-pass';
import { ReferenceSession } from './reference-session';

/** A session whose gradients come from a backward pass. @throws InputError where a layer or the loss has no arithmetic here. */
export function backpropSession(network: Network): ReferenceSession {
  network.layers.forEach(layerArithmetic);
  lossArithmetic(network.loss);
  return new ReferenceSession(network, (surroundings) => new NetworkPass(surroundings));
}
