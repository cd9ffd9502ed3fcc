import { z } from 'zod';
import { runAsScript } from '../src/cli/run-as-script';
import { contrastive } from '../src/learning/contrastive';
import { forward } from '../src/learning/estimators';
import { sgd } from '../src/learning/optimizers';
import { taskPlan } from '../src/learning/run-task';
import { defineScenario } from '../src/run/scenario/scenario';
import { drawQuadratic } from '../src/theory/draw-quadratic';
import { quadraticConstants } from '../src/theory/quadratic-estimate';
import { corollaryFigures } from './bound/corollary-figures';
import type { CorollaryRow } from './bound/corollary-row';
import { boundFigures } from './bound/figures';
import { boundReport, boundSummary } from './bound/report';
import { betaGrid, betaGridSchema } from './shared/beta-grid';
import { measureQuadratic } from './shared/quadratic-error';
import { quadraticSchema, stepsSchema } from './shared/quadratic-schema';

const config = z.strictObject({
  ...quadraticSchema,
  steps: stepsSchema([2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70]),
  grid: betaGridSchema({ from: -5, to: 1, perDecade: 16 }),
});

const bound = defineScenario({
  name: 'bound',
  question: 'Does the bound of Theorem 2 hold, and is the beta that it says best the best one?',
  // Distances to the minima reach down to where float32 has no digits.
  engine: 'reference',
  rules: 'plain',
  config,
  presets: {
    smoke: { synapses: 10, steps: [2, 30, 35, 40, 45], grid: { from: -4, to: 0, perDecade: 8 } },
    cpu: {},
    paper: { grid: { perDecade: 32 } },
  },
  // Each task is one estimate; they differ in beta and steps. This is the longest of them.
  schedule({ steps, grid }) {
    const phase = { optimizer: sgd({ rate: 1 }), steps: Math.max(...steps), tolerance: 0 };
    const betas = betaGrid(grid);
    const rule = contrastive({ estimator: forward(betas.at(-1)!), free: phase, nudged: phase });
    return { plan: taskPlan(rule, phase.steps), tasks: steps.length * betas.length };
  },

  async run({ config: settings, random, engine, rules, signal, metric, figure, repeat }) {
    const { lambda, synapses, rate, steps } = settings;
    const problem = drawQuadratic(random.stream('problem'), lambda, synapses);
    const constants = quadraticConstants(problem);
    const betas = betaGrid(settings.grid);
    let rows: CorollaryRow[] = [];

    await repeat({
      label: 'bound',
      total: steps.length,
      async step(i) {
        const count = steps[i]!;
        for (const beta of betas) {
          const { error, distance } = await measureQuadratic({
            ...{ problem, rate, engine, rules, signal },
            estimator: forward(beta),
            steps: { free: count, nudged: count },
          });
          // C is the norm of the meta-gradient here, of which the error is a share.
          const row = { steps: count, beta, error: error * constants.curvature, distance };
          rows.push(row);
          metric(row);
        }
        return `${count} steps in each phase`;
      },
      save: () => rows,
      restore(state) {
        rows = state as CorollaryRow[];
      },
    });

    for (const drawing of [...boundFigures(), ...corollaryFigures(rows, constants)]) figure(drawing);
    const summary = boundSummary(rows, constants);
    return { summary, report: boundReport(summary) };
  },
});

export default bound;
runAsScript(module);
