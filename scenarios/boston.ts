import { z } from 'zod';
import { bostonMlp } from '../models/boston-mlp';
import { implicitGradient, relativeError } from '../src/baselines/implicit';
import { runAsScript } from '../src/cli/run-as-script';
import { InputError, NoMinimumError } from '../src/core/errors';
import { boston } from '../src/data/boston';
import { convergenceWarnings, precisionWarnings } from '../src/learning/phase-warnings';
import { taskPlan } from '../src/learning/run-task';
import { type Simulation, type SimulationState, simulate } from '../src/learning/simulator';
import type { TaskResult } from '../src/learning/task-learner';
import type { RunContext } from '../src/run/run-context';
import { defineScenario } from '../src/run/scenario/scenario';
import {
  checkSynapseIndex,
  estimatorSchema,
  metaOptimizerFrom,
  metaSchema,
  phaseSchema,
  ruleFrom,
} from '../src/run/scenario/settings';
import { judgeSimulation } from '../src/run/trust/judge-simulation';
import { splitTask } from '../src/tasks/split-task';
import type { Trust } from '../src/theory/trust/trust';
import { bostonFigure } from './boston/figure';
import { type BostonHistory, bostonReport, bostonSummary } from './boston/report';

const config = z.strictObject({
  hidden: z.int().min(1).max(200).default(20).describe('hidden tanh units, 1 to 200'),
  heldOut: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.3)
    .describe('fraction of the 506 samples that is held out, above 0 and below 1'),
  lambda: z
    .strictObject({
      initial: z.number().min(0).default(0.1).describe('strength of every synapse at the start, 0 or more'),
      scale: z
        .enum(['log', 'linear'])
        .default('log')
        .describe('learn log lambda, or lambda itself, projected onto 0 or more'),
    })
    .refine(({ initial, scale }) => initial > 0 || scale === 'linear', {
      path: ['initial'],
      message: '0 has no logarithm; take a strength above 0, or lambda.scale=linear',
    })
    .prefault({}),
  ...estimatorSchema,
  free: phaseSchema({ rate: 0.05, steps: 5000, tolerance: 1e-6 }),
  nudged: phaseSchema({ rate: 0.05, steps: 2000, tolerance: 1e-6 }),
  meta: metaSchema({ rate: 0.05 }),
  metaSteps: z.int().min(1).default(30).describe('meta-steps, 1 or more'),
  start: z
    .enum(['continue', 'initial'])
    .default('continue')
    .describe('where phi starts each free phase: at the end of the one before, or at its first values'),
  exactChecks: z
    .int()
    .min(0)
    .default(3)
    .describe('at how many points of the run the exact meta-gradient is computed beside the estimate'),
  watch: z.int().min(0).default(0).describe('index of the synapse whose phi is recorded step by step'),
  stride: z.int().min(1).default(50).describe('inner steps between two records of it'),
});

/** Evenly spread over the run, its first and last point among them. */
function checkPoints(count: number, metaSteps: number): Set<number> {
  const spread = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : (i * metaSteps) / (count - 1)));
  return new Set(spread.map(Math.round));
}

type Settings = z.output<typeof config>;

const bostonScenario = defineScenario({
  name: 'boston',
  question: 'Do synapses that meta-learn their lambda generalise better on Boston housing?',
  config,
  presets: {
    smoke: { metaSteps: 4, exactChecks: 1 },
    cpu: {},
    paper: { metaSteps: 100, exactChecks: 10, free: { steps: 20000 }, nudged: { steps: 10000 } },
  },
  schedule(settings) {
    checkSynapseIndex('watch', settings.watch, bostonMlp(settings.hidden).size);
    // One task more than there are meta-steps: the last one measures what the last lambda is worth.
    return { plan: taskPlan(ruleFrom(settings), settings.stride), tasks: settings.metaSteps + 1 };
  },

  async run(context) {
    const { config: settings, engine, rules, signal, warn, metric, record, figure, repeat } = context;
    const { metaSteps } = settings;
    const simulation = simulationOf(context);
    const probe = await engine.probe();
    const precision = probe.available ? probe.precision : 'float64';
    record(simulation, 'synapses', { variables: ['phi', 'lambda'], synapses: 'all', at: 'phase-end' });
    record(simulation, 'watched', { variables: ['phi'], synapses: [settings.watch], at: 'step' });
    const checks = checkPoints(settings.exactChecks, metaSteps);
    let history: BostonHistory = {
      train: [],
      heldOut: [],
      residuals: [],
      unconverged: 0,
      checks: [],
      phases: [],
      lambda: [],
    };

    await repeat({
      label: 'boston',
      total: metaSteps + 1,
      async step(i) {
        const before = slowVariables(simulation);
        const last = i === metaSteps;
        const result = last ? await simulation.estimate(signal) : await simulation.metaStep(signal);
        const { loss, phases } = result;
        const unconverged = convergenceWarnings(phases, ruleFrom(settings));
        for (const warning of [...unconverged, ...precisionWarnings(result.equilibria, precision)]) {
          warn(`meta-step ${i}: ${warning}`);
        }
        history.train.push(loss.train);
        history.heldOut.push(loss.heldOut);
        history.residuals.push(Math.max(...phases.map(({ residual }) => residual)));
        if (unconverged.length > 0) history.unconverged++;
        history.lambda.push(before.lambda);
        if (i === 0 || last) history.phases.push([...result.equilibria.values()].slice(0, 2));
        const exact = checks.has(i) ? await checkAgainstExact(simulation, before, result) : undefined;
        if (exact !== undefined) history.checks.push({ metaStep: i, ...exact });
        const residuals = Object.fromEntries(phases.map(({ beta, residual }) => [beta, residual]));
        metric({
          metaStep: i,
          train: loss.train,
          heldOut: loss.heldOut,
          residuals,
          exact,
        });
        return `held-out mse ${loss.heldOut.toFixed(4)}`;
      },
      save: () => ({ simulation: simulation.save(), history }),
      restore(state) {
        const saved = state as { simulation: never; history: BostonHistory };
        simulation.restore(saved.simulation);
        history = saved.history;
      },
    });
    await simulation.close();
    const trust = await judge(simulation, context);
    const facts = { trust, history, settings, population: simulation.population, rules: rules.report };
    figure(bostonFigure(facts));
    return { summary: bostonSummary(facts), report: bostonReport(facts) };
  },

  async diagnose(context) {
    const simulation = simulationOf(context);
    simulation.restore((context.parts[0] as { simulation: SimulationState }).simulation);
    return [{ label: 'boston', trust: await judge(simulation, context) }];
  },
});

type Surroundings = Pick<
  RunContext<Settings>,
  'config' | 'seed' | 'random' | 'engine' | 'workers' | 'rules' | 'signal'
>;

/** The simulation that a configuration describes, before its first meta-step. */
function simulationOf({ config: settings, seed, random, engine, workers, rules }: Surroundings): Simulation {
  return simulate({
    network: bostonMlp(settings.hidden),
    task: splitTask(boston(), { name: 'boston', heldOut: settings.heldOut, stream: random.stream('split') }),
    rule: ruleFrom(settings),
    meta: {
      optimizer: metaOptimizerFrom(settings.meta),
      learn: ['lambda'],
      logarithmic: settings.lambda.scale === 'log' ? ['lambda'] : [],
    },
    initial: { lambda: settings.lambda.initial, omega: 0 },
    start: settings.start,
    stride: settings.stride,
    seed,
    engine,
    rules,
    workers,
    // Of every meta-step, the scenario itself does.
    warn: () => {},
  });
}

function judge(simulation: Simulation, context: Surroundings): Promise<Trust> {
  return judgeSimulation(simulation, { ...context, rule: ruleFrom(context.config), learned: ['lambda'] });
}

function slowVariables({ population }: Simulation): { omega: Float64Array; lambda: Float64Array } {
  return { omega: population.values('omega').slice(), lambda: population.values('lambda').slice() };
}

/** Relative error of the estimate against the implicit function theorem, or why there is no exact gradient. */
async function checkAgainstExact(
  simulation: Simulation,
  slow: { omega: Float64Array; lambda: Float64Array },
  { equilibria, metaGradient }: TaskResult,
): Promise<Omit<BostonHistory['checks'][number], 'metaStep'>> {
  const { network, task } = simulation;
  const session = await simulation.open();
  try {
    const exact = await implicitGradient({ network, session, ...task, phi: equilibria.get(0)!, slow });
    const error = relativeError(metaGradient.lambda!, exact.metaGradient.lambda!);
    return { relativeError: error, smallestEigenvalue: exact.smallestEigenvalue, refused: null };
  } catch (error) {
    if (error instanceof NoMinimumError)
      return { relativeError: null, smallestEigenvalue: error.smallestEigenvalue, refused: error.message };
    // The network is too large for a full Hessian.
    if (error instanceof InputError)
      return { relativeError: null, smallestEigenvalue: null, refused: error.message };
    throw error;
  } finally {
    await session.close();
  }
}

export default bostonScenario;
runAsScript(module);
