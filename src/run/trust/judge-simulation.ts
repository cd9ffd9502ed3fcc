import type { ContrastiveRule } from '../../learning/contrastive';
import { type Simulation, simulate } from '../../learning/simulator';
import type { Judged } from '../../theory/trust/judge';
import type { RunContext } from '../run-context';
import type { RuleSettings } from './adjustable-scenario';

export interface JudgeOptions extends Pick<RunContext, 'engine' | 'rules' | 'seed' | 'signal'> {
  readonly rule: ContrastiveRule;
  /** The slow variables whose gradients are used. Default: all. */
  readonly learned?: readonly string[];
  /** How settings make the rule, so that advice can be given by their names. Default: it names what `contrastive` takes. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever a scenario's configuration is.
  readonly settings?: RuleSettings<any>;
  /** Meta-steps of the whole run. Default: those that were taken. */
  readonly metaSteps?: number;
}

/**
 * Whether the meta-gradient of a simulation, at its slow variables as they are, can be trusted; where it cannot, what was tried to mend it. By
 * phases in a session of its own: the simulation stays as it is, and may be closed.
 * @throws Interruption where the signal is aborted.
 */
export async function judgeSimulation(simulation: Simulation, options: JudgeOptions): Promise<Judged> {
  // Loaded where somebody judges: most commands do not.
  const { judge } = await import('../../theory/trust/judge');
  const { adjustableRule } = await import('./adjustable-rule');
  const { adjustableScenario } = await import('./adjustable-scenario');
  const { settings, metaSteps, ...given } = options;
  const { network, task, metaStepsTaken } = simulation;
  const problem = { ...given, network, task, ...standOf(simulation) };
  if (settings === undefined) return judge(adjustableRule(problem));
  const course = {
    begin: standOf(simulate(simulation.options)),
    taken: metaStepsTaken,
    total: metaSteps ?? metaStepsTaken,
    logarithmic: simulation.options.meta.logarithmic ?? [],
  };
  return judge(adjustableScenario(problem, settings, course));
}

/** Where the slow variables stand, and where phi starts a free phase. */
function standOf(simulation: Simulation) {
  const { start, variables } = simulation.save();
  const { [simulation.network.synapse.fast]: _fast, ...slow } = variables;
  return { start, slow };
}
