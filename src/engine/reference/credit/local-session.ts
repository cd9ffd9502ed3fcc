import type { Batch } from '../../../data/batch';
import type { Network } from '../../../network/network';
import type { Relaxation, RelaxOptions } from '../../engine';
import type { BindRule } from '../bind-rule';
import { ReferenceSession } from '../reference-session';
import { checkLocal, LocalSource } from './local-source';
import type { OpenLearning } from './synapse-learning';

/** A session whose gradients come from neurons that settle and synapses that see their own two neurons: no backward pass is reached from here. */
export class LocalSession extends ReferenceSession<LocalSource> {
  /**
   * @param openLearning how synapses learn, and @param bindRules how other rules are run: plainly, in float64, unless an engine brings another way
   * @throws InputError where the network, its loss or its credit has no arithmetic here.
   */
  constructor(network: Network, openLearning?: OpenLearning, bindRules?: BindRule) {
    checkLocal(network);
    super(network, (surroundings) => new LocalSource(surroundings, openLearning), bindRules);
  }

  async relax(batch: Batch, options: RelaxOptions = {}): Promise<Relaxation> {
    return this.pass(batch).relax(options);
  }

  async activity(batch: Batch): Promise<Readonly<Record<string, Float64Array>>> {
    return this.pass(batch).activity();
  }
}
