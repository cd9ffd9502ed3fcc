import { z } from 'zod';
import { relativeError } from '../src/baselines/implicit';
import { runAsScript } from '../src/cli/run-as-script';
import { contrastive } from '../src/learning/contrastive';
import { pForward } from '../src/learning/estimators';
import { sgd } from '../src/learning/optimizers';
import { taskPlan } from '../src/learning/run-task';
import { defineScenario } from '../src/run/scenario/scenario';
import { drawQuadratic } from '../src/theory/draw-quadratic';
import { equilibriumEstimate } from '../src/theory/quadratic-estimate';
import { quadraticFigures } from './quadratic/figures';
import { quadraticJobs } from './quadratic/jobs';
import { quadraticReport, quadraticSummary } from './quadratic/report';
import type { QuadraticRow } from './quadratic/row';
import { betaGridSchema } from './shared/beta-grid';
import { measureQuadratic } from './shared/quadratic-error';
import { quadraticSchema, stepsSchema } from './shared/quadratic-schema';

const config = z.strictObject({
  ...quadraticSchema,
  smallLambda: z
    .number()
    .positive()
    .default(0.001)
    .describe('another, with which they do not in these steps; above 0'),
  points: z
    .array(z.int().min(2).max(8))
    .min(1)
    .default([2, 3, 4])
    .describe('p of the p-forward estimators that are compared, 2 to 8'),
  steps: stepsSchema([1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80]),
  total: z
    .int()
    .min(3)
    .default(40)
    .describe('steps of two phases together, where they are shared out; 3 or more'),
  converged: z
    .strictObject({
      steps: z.int().min(1).default(20000).describe('step budget of a phase that has to converge'),
      tolerance: z
        .number()
        .positive()
        .default(1e-14)
        .describe("converged once the gradient's norm is at or below this multiple of the largest curvature"),
    })
    .prefault({}),
  grid: betaGridSchema({ from: -6, to: 2, perDecade: 4 }),
});

const quadratic = defineScenario({
  name: 'quadratic',
  question:
    'How far is the estimate from the exact meta-gradient, on a problem where everything is known in closed form?',
  // The figures reach down to the rounding of float64.
  engine: 'reference',
  rules: 'plain',
  config,
  presets: {
    smoke: {
      synapses: 10,
      steps: [1, 5, 20, 40],
      total: 10,
      converged: { steps: 2000 },
      grid: { from: -4, to: 1, perDecade: 1 },
    },
    cpu: {},
    paper: {
      points: [2, 3, 4, 5],
      steps: [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 45, 50, 55, 60, 70, 80, 100,
      ],
      grid: { perDecade: 8 },
    },
  },
  // Each task is one estimate; they differ in beta, p, steps and lambda. This is the longest of them.
  schedule({ points, steps, grid, ...settings }) {
    const phase = { optimizer: sgd({ rate: 1 }), steps: Math.max(...steps), tolerance: 0 };
    const estimator = pForward(Math.max(...points), 10 ** grid.to);
    const jobs = quadraticJobs({ points, steps, grid, ...settings });
    return {
      plan: taskPlan(contrastive({ estimator, free: phase, nudged: phase }), phase.steps),
      tasks: jobs.reduce((sum, { betas }) => sum + betas.length, 0),
    };
  },

  async run({ config: settings, random, engine, rules, signal, warn, metric, figure, repeat }) {
    const stream = random.stream('problem');
    const drawn = drawQuadratic(stream, settings.lambda, settings.synapses);
    const jobs = quadraticJobs(settings);
    let rows: QuadraticRow[] = [];

    await repeat({
      label: 'quadratic',
      total: jobs.length,
      async step(i) {
        const { purpose, lambda, points, steps, betas } = jobs[i]!;
        const settling = purpose === 'converged';
        for (const beta of betas) {
          const problem = { ...drawn, lambda };
          const estimator = pForward(points, beta);
          const { error, estimate, converged } = await measureQuadratic({
            ...{ problem, estimator },
            steps,
            rate: settings.rate,
            tolerance: settling ? settings.converged.tolerance : 0,
            ...{ engine, rules, signal },
          });
          const fromClosedForm = settling
            ? relativeError(estimate, equilibriumEstimate(problem, estimator))
            : null;
          const { free, nudged } = steps;
          const row = { purpose, lambda, points, free, nudged, beta, error, fromClosedForm };
          rows.push(row);
          metric(row);
          if (settling && !converged) {
            warn(
              `p = ${points}, beta = ${beta.toPrecision(3)}: a phase has not converged in ${steps.free} steps`,
            );
          }
        }
        return `p = ${points}, lambda = ${lambda}, ${steps.free} + ${steps.nudged} steps`;
      },
      save: () => rows,
      restore(state) {
        rows = state as QuadraticRow[];
      },
    });

    const facts = { rows, problem: drawn, settings };
    for (const drawing of quadraticFigures(facts)) figure(drawing);
    const summary = quadraticSummary(facts);
    return { summary, report: quadraticReport(summary) };
  },
});

export default quadratic;
runAsScript(module);
