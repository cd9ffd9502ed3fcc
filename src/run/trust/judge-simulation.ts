import type { ContrastiveRule } from '../../learning/contrastive';
import type { Simulation } from '../../learning/simulator';
import type { Trust } from '../../theory/trust/trust';
import type { RunContext } from '../run-context';

export interface JudgeOptions extends Pick<RunContext, 'engine' | 'rules' | 'seed' | 'signal'> {
  readonly rule: ContrastiveRule;
  /** The slow variables whose gradients are used. Default: all. */
  readonly learned?: readonly string[];
}

/**
 * Whether the meta-gradient of a simulation, at its slow variables as they are, can be trusted. By phases in a session of its own: the
 * simulation stays as it is, and may be closed.
 * @throws Interruption where the signal is aborted.
 */
export async function judgeSimulation(simulation: Simulation, options: JudgeOptions): Promise<Trust> {
  // Loaded where somebody judges: most commands do not.
  const { gatherEvidence } = await import('../../theory/trust/gather-evidence');
  const { judgeTrust } = await import('../../theory/trust/trust');
  const { network, task } = simulation;
  const { start, variables } = simulation.save();
  const { [network.synapse.fast]: _fast, ...slow } = variables;
  return judgeTrust(await gatherEvidence({ ...options, network, task, slow, start }));
}
