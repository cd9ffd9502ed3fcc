import { z } from 'zod';
import { anAbortSignal, distinctNames, hasFields, made, validate } from '../../core/validate';
import { engineSchema } from '../../engine/engine-schema';
import { type ContrastiveRule, contrastiveRuleSchema } from '../../learning/contrastive';
import { type Simulation, simulate } from '../../learning/simulator';
import { executorSchema } from '../../synapse/rule-executor';
import { learnedByLogarithm } from '../../synapse/slow-variable';
import type { Judged } from '../../theory/trust/judge';
import type { RunContext } from '../run-context';
import { type RuleSettings, ruleSettingsSchema } from './rule-settings';

/** What a simulation's meta-gradient is judged by. */
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

/** Simulations, by their form. */
export const aSimulation = made<Simulation>('a simulation, as simulate() makes', (value) =>
  hasFields(value, { save: 'function', metaStep: 'function', network: 'object', task: 'object' }),
);

/** The context of a scenario may be handed over as it is, with more in it. */
const judgeOptions = z.looseObject({
  rule: contrastiveRuleSchema,
  engine: engineSchema,
  rules: executorSchema,
  seed: z.int().min(0),
  signal: anAbortSignal.optional(),
  learned: distinctNames.optional(),
  settings: ruleSettingsSchema.optional(),
  metaSteps: z.int().min(0).optional(),
});

/**
 * Whether the meta-gradient of a simulation, at its slow variables as they are, can be trusted; where it cannot, what was tried to mend it. By
 * phases in a session of its own: the simulation stays as it is, and may be closed.
 * @throws Interruption where the signal is aborted; InputError where an argument is not legal.
 */
export async function judgeSimulation(simulation: Simulation, options: JudgeOptions): Promise<Judged> {
  // Loaded where somebody judges: most commands do not.
  const { judge } = await import('../../theory/trust/judge');
  const { adjustableRule } = await import('./adjustable-rule');
  const { adjustableScenario } = await import('./adjustable-scenario');
  validate(aSimulation, simulation, 'the simulation to judge');
  validate(judgeOptions, options, 'the options of judgeSimulation');
  const { settings, metaSteps, ...given } = options;
  const { network, task, metaStepsTaken } = simulation;
  const problem = { ...given, network, task, ...standOf(simulation) };
  if (settings === undefined) return judge(adjustableRule(problem));
  const course = {
    begin: standOf(simulate(simulation.options)),
    taken: metaStepsTaken,
    total: metaSteps ?? metaStepsTaken,
    logarithmic: simulation.options.meta.logarithmic ?? learnedByLogarithm(network.synapse.declared),
  };
  return judge(adjustableScenario(problem, settings, course));
}

/** Where the slow variables stand, and where phi starts a free phase. */
function standOf(simulation: Simulation) {
  const { start, variables } = simulation.save();
  const { [simulation.network.synapse.fast]: _fast, ...slow } = variables;
  return { start, slow };
}
