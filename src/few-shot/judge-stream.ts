import type { StreamLearnerState } from '../learning/stream-learner';
import type { Network } from '../network/network';
import type { RunContext } from '../run/run-context';
import type { RuleSettings } from '../run/trust/rule-settings';
import { rulePaths } from '../run/trust/setting-paths';
import type { Quantities } from '../synapse/rule-executor';
import { learnedByLogarithm } from '../synapse/slow-variable';
import type { Episode } from '../tasks/task-stream';
import type { Judged } from '../theory/trust/judge';
import type { Method } from './methods/method';
import type { FewShotSettings } from './settings';

/** What the synapses have learned at some moment, and from how many meta-batches. */
type Stand = Pick<StreamLearnerState, 'variables' | 'start' | 'metaSteps'>;

export interface JudgeStreamOptions {
  readonly method: Method;
  readonly network: Network;
  /** The slow variables that it learns. */
  readonly learned: readonly string[];
  /** What the synapses have learned so far, and what they began with. */
  readonly state: Stand;
  readonly begin: Stand;
  /** The first is the task whose meta-gradient is judged; advice is tried on the others as well. None: it is not judged. */
  readonly tasks: readonly Episode[];
  /** The scenario's schema. */
  readonly schema: RuleSettings<FewShotSettings>['schema'];
  readonly context: Pick<RunContext<FewShotSettings>, 'config' | 'engine' | 'rules' | 'seed' | 'signal'>;
}

/**
 * Whether the meta-gradient that a method gets from one task can be trusted, and where it cannot, what was tried to mend it; null for a method that is not the
 * contrastive rule.
 * @throws Interruption where the signal is aborted.
 */
export async function judgeStream(options: JudgeStreamOptions): Promise<Judged | null> {
  const { method, network, learned, state, begin, tasks, schema, context } = options;
  const [task, ...others] = tasks;
  const { config, engine, rules, seed, signal } = context;
  if (method.rule === undefined || task === undefined) return null;
  const { judge } = await import('../theory/trust/judge');
  const { adjustableScenario } = await import('../run/trust/adjustable-scenario');
  const rule = (settings: FewShotSettings) => method.rule!(settings[method.name]);
  const { anchor, nonNegative, declared } = network.synapse;
  const startOf = (slow: Quantities) => (anchor === null ? state.start : slow[anchor]!);
  const standOf = ({ variables: slow }: Stand) => ({ slow, start: startOf(slow) });
  const problem = { network, task, rule: rule(config), learned, engine, rules, seed, signal };
  // Of several, advice could not say which.
  const [strongest] = nonNegative;
  const strength = nonNegative.length === 1 ? { strength: `synapse.${strongest}` } : {};
  const paths = { ...rulePaths(`${method.name}.`), ...strength, metaRate: 'meta.rate' };
  const course = {
    taken: state.metaSteps,
    total: config.metaSteps,
    begin: standOf(begin),
    logarithmic: learnedByLogarithm(declared),
  };
  const settings = { schema, config, paths, rule, startOf };
  return judge(adjustableScenario({ ...problem, ...standOf(state) }, settings, course, others));
}
