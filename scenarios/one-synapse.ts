import { z } from 'zod';
import { runAsScript } from '../src/cli/run-as-script';
import { convergenceWarnings } from '../src/learning/phase-warnings';
import { taskPlan } from '../src/learning/run-task';
import { type Simulation, type SimulationState, simulate } from '../src/learning/simulator';
import { dense } from '../src/network/layers/dense';
import { mse } from '../src/network/loss';
import { defineNetwork } from '../src/network/network';
import { terminalChart } from '../src/plot/terminal-chart';
import type { RunContext } from '../src/run/run-context';
import { defineScenario } from '../src/run/scenario/scenario';
import {
  estimatorSchema,
  metaOptimizerFrom,
  metaSchema,
  phaseSchema,
  ruleFrom,
} from '../src/run/scenario/settings';
import { judgeSimulation } from '../src/run/trust/judge-simulation';
import { trustLines, trustSummary } from '../src/run/trust/report-lines';
import { complexSynapse } from '../src/synapse/model';
import { makeTask } from '../src/tasks/task';
import { type Course, closedForm } from './one-synapse/closed-form';
import { oneSynapseFigures, type ShownTask } from './one-synapse/figures';
import { TaskWatch } from './one-synapse/watch-tasks';

const config = z.strictObject({
  trainTarget: z.number().default(1).describe('where the training data draws phi to'),
  heldOutTarget: z.number().default(-0.5).describe('where the held-out data would draw phi to'),
  phi: z.number().default(0.2).describe('fast weight at the start of each task'),
  omega: z.number().default(0).describe('slow weight at the start'),
  lambda: z.number().min(0).default(0.5).describe('strength of the pull to omega at the start, 0 or more'),
  ...estimatorSchema,
  free: phaseSchema({ rate: 0.02, steps: 400, tolerance: 1e-10 }),
  nudged: phaseSchema({ rate: 0.02, steps: 400, tolerance: 1e-10 }),
  meta: metaSchema({ rate: 0.05 }),
  metaSteps: z.int().min(1).default(40).describe('meta-steps, 1 or more'),
});

type Settings = z.output<typeof config>;

/** One number to learn: the loss is (phi - target)^2, so everything about it can be worked out by hand. */
const sample = (target: number) => ({
  samples: 1,
  inputs: 1,
  targets: 1,
  x: Float64Array.of(1),
  y: Float64Array.of(target),
});

const oneSynapse = defineScenario({
  name: 'one-synapse',
  question:
    'What happens to phi, omega and lambda of a single synapse, in both phases and from task to task?',
  // It is compared with a closed form, to more digits than float32 has.
  engine: 'reference',
  config,
  presets: { smoke: { metaSteps: 5 }, cpu: {}, paper: { metaSteps: 400 } },
  schedule: (settings) => ({ plan: taskPlan(ruleFrom(settings), 1), tasks: settings.metaSteps }),

  async run(context) {
    const { config: settings, signal, warn, metric, record, figure, repeat } = context;
    const rule = ruleFrom(settings);
    const simulation = simulationOf(context);
    const synapse = simulation.synapses[0]!;
    const variables = ['phi', 'omega', 'lambda'];
    record(simulation, 'steps', { variables, synapses: 'all', at: 'step' });
    record(simulation, 'meta-updates', { variables, synapses: 'all', at: 'meta-update' });

    let history = { heldOut: [] as number[], omega: [] as number[], lambda: [] as number[] };
    const budget = taskPlan(rule, 1).phases.reduce((sum, { steps }) => sum + steps, 0);
    const watch = new TaskWatch(synapse, settings.metaSteps, budget);
    const listening = simulation.events$.subscribe(watch.hear);

    await repeat({
      label: 'one-synapse',
      total: settings.metaSteps,
      async step(i) {
        const { omega, lambda } = synapse;
        const { loss, metaGradient, phases } = await simulation.metaStep(signal);
        for (const warning of convergenceWarnings(phases, rule)) warn(`meta-step ${i}: ${warning}`);
        history.heldOut.push(loss.heldOut);
        history.omega.push(synapse.omega);
        history.lambda.push(synapse.lambda);
        const gradient = { omega: metaGradient.omega![0], lambda: metaGradient.lambda![0] };
        metric({ metaStep: i, heldOut: loss.heldOut, omega, lambda, gradient });
        return `held-out mse ${loss.heldOut.toFixed(4)}`;
      },
      save: () => ({ simulation: simulation.save(), history, shown: watch.shown }),
      restore(state) {
        const saved = state as { simulation: never; history: typeof history; shown: ShownTask[] };
        simulation.restore(saved.simulation);
        history = saved.history;
        watch.shown = saved.shown;
      },
    });
    listening.unsubscribe();
    await simulation.close();
    const trust = await judgeSimulation(simulation, { ...context, rule });
    const courses = coursesOf(settings, history);
    for (const drawing of oneSynapseFigures({
      targets: settings,
      ...settings,
      shown: watch.shown,
      ...courses,
    })) {
      figure(drawing);
    }

    const [before, after] = [history.heldOut[0]!, history.heldOut.at(-1)!];
    const { omega, lambda } = synapse;
    return {
      summary: {
        scenario: 'one-synapse',
        metaSteps: settings.metaSteps,
        heldOut: { before, after },
        omega,
        lambda,
        trust: trustSummary(trust),
      },
      report: [
        `One synapse, drawn to ${settings.trainTarget} by its training data and to ${settings.heldOutTarget} by what is held out.`,
        '',
        terminalChart(
          watch.shown[0]!.phases.flatMap(({ phi }) => phi.slice(1)),
          {
            title: `phi in the first task: free phase to step ${watch.shown[0]!.phases[0]!.steps.at(-1)}, then nudged (beta = ${settings.beta})`,
            across: 'inner step',
          },
        ),
        '',
        terminalChart([settings.omega, ...history.omega], {
          title: 'omega from task to task',
          across: 'task',
        }),
        '',
        terminalChart([settings.lambda, ...history.lambda], {
          title: 'lambda from task to task',
          across: 'task',
        }),
        '',
        `Held-out mse: ${before.toFixed(4)} in the first task, ${after.toFixed(4)} in the last.`,
        `The synapse learned omega = ${omega.toFixed(4)} (from ${settings.omega}) and lambda = ${lambda.toFixed(4)} (from ${settings.lambda}).`,
        '',
        'Can its meta-gradient be trusted?',
        ...trustLines(trust),
      ].join('\n'),
    };
  },

  async diagnose(context) {
    const simulation = simulationOf(context);
    simulation.restore((context.parts[0] as { simulation: SimulationState }).simulation);
    const rule = ruleFrom(context.config);
    return [{ label: 'one-synapse', trust: await judgeSimulation(simulation, { ...context, rule }) }];
  },
});

/** What happened from task to task, and what would have with equilibria, and with gradients, worked out by hand. */
function coursesOf(
  settings: Settings,
  { heldOut, ...slow }: Record<keyof Course, readonly number[]>,
): Record<'simulated' | 'byHand' | 'exact', Course> {
  const { omega, lambda } = settings;
  const options = {
    ...{ targets: settings, start: { omega, lambda }, rule: ruleFrom(settings) },
    ...{ optimizer: metaOptimizerFrom(settings.meta), metaSteps: settings.metaSteps },
  };
  return {
    simulated: { omega: [omega, ...slow.omega], lambda: [lambda, ...slow.lambda], heldOut },
    byHand: closedForm('contrast', options),
    exact: closedForm('exact gradient', options),
  };
}

type Surroundings = Pick<RunContext<Settings>, 'config' | 'seed' | 'engine' | 'rules'>;

/** The simulation that a configuration describes, before its first meta-step. */
function simulationOf({ config: settings, seed, engine, rules }: Surroundings): Simulation {
  return simulate({
    network: defineNetwork({
      input: [1],
      layers: [dense(1, 1, { bias: false })],
      loss: mse,
      synapse: complexSynapse,
    }),
    task: makeTask({
      name: 'one number',
      train: sample(settings.trainTarget),
      heldOut: sample(settings.heldOutTarget),
    }),
    rule: ruleFrom(settings),
    meta: { optimizer: metaOptimizerFrom(settings.meta) },
    initial: { phi: settings.phi, omega: settings.omega, lambda: settings.lambda },
    stride: 1,
    seed,
    engine,
    rules,
    // Of every meta-step, the scenario itself does.
    warn: () => {},
  });
}

export default oneSynapse;
runAsScript(module);
