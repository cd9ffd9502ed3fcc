import type { Unsubscribable } from 'rxjs';
import { z } from 'zod';
import { DivergenceError } from '../core/errors';
import { aFunction, anAbortSignal, validate } from '../core/validate';
import { engineSchema } from '../engine/engine-schema';
import { convergenceWarnings, neuronWarnings, precisionWarnings } from '../learning/phase-warnings';
import type { Simulation, SimulationState } from '../learning/simulator';
import type { TaskResult } from '../learning/task-learner';
import { executorSchema, type Quantities } from '../synapse/rule-executor';
import type { Judged } from '../theory/trust/judge';
import type { RunContext } from './run-context';
import type { Diagnosis } from './scenario/scenario';
import { aSimulation, judgeSimulation } from './trust/judge-simulation';
import { type RuleSettings, ruleSettingsSchema } from './trust/rule-settings';
import { moving, stillWarning } from './trust/still-variables';

/** A simulation that meta-learns one task, as a scenario describes it. */
export interface MetaLearning<History> {
  /** What is counted, for the progress line. */
  readonly label: string;
  readonly simulation: Simulation;
  readonly metaSteps: number;
  /** Whether the task is learned once more in the end, to see what the last meta-step was worth. Default false. */
  readonly measuresLast?: boolean;
  /** How settings make the rule: what advice names, and is tried by. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the scenario's configuration is.
  readonly settings: RuleSettings<any>;
  /** What the scenario remembers, empty: plain values and typed arrays, which checkpoints hold. */
  readonly history: History;
  /** Listens to the simulation while it learns; `history` gives it as it is then. */
  listen?(history: () => History): Unsubscribable;
  /** Adds one learning of the task to the history; what it returns is shown beside the progress. */
  note(history: History, learned: LearnedTask): Promise<string> | string;
}

/** The task, learned once. */
export interface LearnedTask {
  /** Counted from 0. */
  readonly index: number;
  readonly isLast: boolean;
  readonly result: TaskResult;
  /** The slow variables that it was learned with. */
  readonly slow: Quantities;
}

/** What meta-learning in a scenario ended with. */
export interface MetaLearned<History> {
  readonly history: History;
  /** Its meta-gradient at the end, judged. */
  readonly trust: Judged;
  /** Learnings with a phase that did not converge. */
  readonly unconverged: number;
  /** Variables that were to learn and never moved, since their contrast was exactly 0 each time. */
  readonly still: readonly string[];
}

type Surroundings = Pick<RunContext, 'engine' | 'rules' | 'seed' | 'signal' | 'warn' | 'repeat'>;

const judgingContext = {
  engine: engineSchema,
  rules: executorSchema,
  seed: z.int().min(0),
  signal: anAbortSignal,
};
const learningContext = z.looseObject({ ...judgingContext, warn: aFunction(), repeat: aFunction() });

const judgeable = {
  label: z.string(),
  simulation: aSimulation,
  metaSteps: z.int().min(0),
  settings: ruleSettingsSchema,
};
const learningSchema = z.strictObject({
  ...judgeable,
  measuresLast: z.boolean().optional(),
  history: z.unknown(),
  listen: aFunction().optional(),
  note: aFunction(),
});

/**
 * Lets a simulation meta-learn step by step, with progress, checkpoints and a warning for each phase that ends short of its equilibrium, closes it,
 * and judges its meta-gradient.
 * @throws DivergenceError where a phase diverges, with the change that helped where it was tried; InputError where an argument is not legal.
 */
export async function metaLearn<History>(
  context: Surroundings,
  learning: MetaLearning<History>,
): Promise<MetaLearned<History>> {
  validate(learningContext, context, 'the context of metaLearn');
  validate(learningSchema, learning, 'what metaLearn learns');
  const { engine, signal, warn, repeat } = context;
  const { label, simulation, metaSteps, measuresLast = false, note } = learning;
  const { rule } = simulation.options;
  const probe = await engine.probe();
  const precision = probe.available ? probe.precision : 'float64';
  let seen: Seen<History> = { history: learning.history, unconverged: 0, moved: [] };
  const listening = learning.listen?.(() => seen.history);
  try {
    await repeat({
      label,
      total: metaSteps + (measuresLast ? 1 : 0),
      async step(index) {
        const isLast = index === metaSteps;
        const slow = slowOf(simulation);
        const result = isLast ? await simulation.estimate(signal) : await simulation.metaStep(signal);
        const unconverged = convergenceWarnings(result.phases, rule);
        for (const warning of [...unconverged, ...precisionWarnings(result.equilibria, precision)]) {
          warn(`meta-step ${index}: ${warning}`);
        }
        const [unsettled] = neuronWarnings(result.phases, simulation.network.credit);
        if (unsettled !== undefined && seen.unsettled !== true) {
          seen.unsettled = true;
          warn(`meta-step ${index}: ${unsettled}. Later ones of this kind are not reported`);
        }
        if (unconverged.length > 0) seen.unconverged++;
        seen.moved = moving(result.metaGradient, seen.moved);
        return note(seen.history, { index, isLast, result, slow });
      },
      save: () => ({ simulation: simulation.save(), ...seen }),
      restore(state) {
        const { simulation: saved, ...rest } = state as typeof seen & { simulation: SimulationState };
        simulation.restore(saved);
        seen = rest;
      },
    });
  } catch (error) {
    throw error instanceof DivergenceError ? await advised(error, context, learning) : error;
  } finally {
    listening?.unsubscribe();
    await simulation.close();
  }
  const trust = await judgeLearning(context, learning);
  const still = learnedBy(learning).filter((variable) => !seen.moved.includes(variable));
  for (const variable of still) warn(stillWarning(variable, simulation, trust.evidence));
  return { history: seen.history, trust, unconverged: seen.unconverged, still };
}

/**
 * Judges a run of `metaLearn` at a checkpoint; `saved` is what its part saved last.
 * @throws InputError where an argument is not legal.
 */
export async function diagnoseLearning(
  context: Omit<Surroundings, 'warn' | 'repeat'>,
  learning: Omit<MetaLearning<unknown>, 'history' | 'note'>,
  saved: unknown,
): Promise<Diagnosis[]> {
  validate(z.looseObject(judgingContext), context, 'the context of diagnoseLearning');
  validate(z.looseObject(judgeable), learning, 'what diagnoseLearning judges');
  validate(z.looseObject({ simulation: z.unknown() }), saved, 'what the part saved');
  learning.simulation.restore((saved as { simulation: SimulationState }).simulation);
  return [{ label: learning.label, trust: await judgeLearning(context, learning) }];
}

/** What is kept of the meta-steps so far. */
interface Seen<History> {
  history: History;
  unconverged: number;
  moved: string[];
  /** Whether it was said that neurons do not settle. */
  unsettled?: true;
}

type Judgeable = Pick<MetaLearning<unknown>, 'simulation' | 'metaSteps' | 'settings'>;

function judgeLearning(context: Omit<Surroundings, 'warn' | 'repeat'>, learning: Judgeable): Promise<Judged> {
  const { engine, rules, seed, signal } = context;
  const { simulation, metaSteps, settings } = learning;
  const { rule } = simulation.options;
  const learned = learnedBy(learning);
  return judgeSimulation(simulation, { engine, rules, seed, signal, rule, learned, settings, metaSteps });
}

const learnedBy = ({ simulation }: Judgeable): readonly string[] =>
  simulation.options.meta.learn ?? Object.keys(slowOf(simulation));

/** The same error, with what was tried where it happened. */
async function advised(
  { moment, residual, report }: DivergenceError,
  context: Surroundings,
  learning: Judgeable,
): Promise<DivergenceError> {
  const { advice, trials } = await judgeLearning(context, learning);
  const tried = trials?.tried.map(({ words }) => words.replaceAll('--set ', '')) ?? [];
  const other = tried.length === 0 ? '' : ` (tried without success: ${tried.join('; ')})`;
  return new DivergenceError(
    moment,
    residual,
    advice === null ? `${report.advice}${other}` : `Try ${advice}`,
  );
}

/** A copy of everything that learns between tasks. */
function slowOf(simulation: Simulation): Quantities {
  const { [simulation.network.synapse.fast]: _fast, ...slow } = simulation.save().variables;
  return slow;
}
