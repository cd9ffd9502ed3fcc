import { implicitGradient } from '../../src/baselines/implicit';
import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import { contrastive } from '../../src/learning/contrastive';
import { type Estimator, forward, symmetric } from '../../src/learning/estimators';
import { nesterov, sgd } from '../../src/learning/optimizers';
import { type Simulation, simulate } from '../../src/learning/simulator';
import { dense } from '../../src/network/layers/dense';
import { modulation } from '../../src/network/layers/modulation';
import { tanh } from '../../src/network/layers/tanh';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { makeTask } from '../../src/tasks/task';

/*
 * Learning by modulation, in its regularised variant, so that the inner problem has a minimum: gains, thresholds and
 * readout are drawn to omega, and the weights below are theta. The loss depends on theta in both phases, so its
 * contrast must count beta dL_out/dtheta too.
 */
const stream = new RandomStream('modulation', 'seed');
const normals = (length: number): Float64Array => Float64Array.from({ length }, () => stream.normal());
const batchOf = (samples: number): Batch => ({
  ...{ samples, inputs: 2, targets: 1 },
  ...{ x: normals(2 * samples), y: normals(samples) },
});
const network = defineNetwork({
  input: [2],
  layers: [dense(2, 3, { bias: false, role: 'meta' }), modulation(3), tanh(), dense(3, 1)],
  loss: mse,
  synapse: complexSynapse,
});
const task = makeTask({ name: 'modulation', train: batchOf(8), heldOut: batchOf(6) });
const theta = normals(network.meta.size);
const phase = { optimizer: nesterov({ rate: 0.1 }), steps: 50_000, tolerance: 1e-13 };

const open = (estimator: Estimator, weights = theta, rate = 1): Simulation =>
  simulate({
    ...{ network, task, engine: 'reference', rules: plainExecutor(), stride: 1000 },
    rule: contrastive({ estimator, free: phase, nudged: phase }),
    meta: { optimizer: sgd({ rate }), learn: ['theta'] },
    initial: { theta: weights, lambda: 0.5, omega: 0.3 },
  });

const norm = (values: Float64Array): number => Math.hypot(...values);
const estimate = async (estimator: Estimator) => (await open(estimator).estimate()).metaGradient.theta!;

/** dL_out(phi*(theta), theta)/dtheta by central differences, with the free phase settled anew at each theta. */
async function exact(): Promise<Float64Array> {
  const h = 1e-4; // the error of the difference is about h^2 = 1e-8, that of settling 1e-13 / h
  const gradient = new Float64Array(theta.length);
  for (let i = 0; i < theta.length; i++) {
    for (const sign of [1, -1]) {
      const moved = theta.slice();
      moved[i]! += sign * h;
      gradient[i]! += (sign * (await open(forward(0.1), moved).estimate()).loss.heldOut) / (2 * h);
    }
  }
  return gradient;
}

describe('the contrast of whole weights, in learning by modulation,', () => {
  let truth: Float64Array;
  beforeAll(async () => {
    truth = await exact();
  });
  const errorOf = async (estimator: Estimator): Promise<number> => {
    const got = await estimate(estimator);
    return norm(got.map((value, i) => value - truth[i]!)) / norm(truth);
  };

  it.each([
    ['linearly', 'forward', forward, 1],
    ['quadratically', 'symmetric', symmetric, 2],
  ] as const)('tends %s in beta to the exact meta-gradient, %s', async (_, _name, make, order) => {
    const [coarse, fine] = [await errorOf(make(0.04)), await errorOf(make(0.01))];
    // A factor of 4 in beta: the next term of the series bends the slope by a few hundredths.
    expect(Math.log(coarse / fine) / Math.log(4)).toBeGreaterThan(order - 0.15);
    expect(Math.log(coarse / fine) / Math.log(4)).toBeLessThan(order + 0.15);
    expect(fine).toBeLessThan(0.05);
  });

  it('has the exact meta-gradient of the implicit function theorem', async () => {
    const simulation = open(forward(0.1));
    const { equilibria } = await simulation.estimate();
    const slow = Object.fromEntries(
      ['omega', 'lambda'].map((name) => [name, simulation.population.values(name)]),
    );
    const session = await simulation.open();
    const problem = {
      network,
      session,
      train: task.train,
      heldOut: task.heldOut,
      phi: equilibria.get(0)!,
      slow,
    };
    const { metaGradient } = await implicitGradient(problem);
    await simulation.close();
    // The differences are within about 1e-8 of it.
    expect(norm(metaGradient.theta!.map((value, i) => value - truth[i]!)) / norm(truth)).toBeLessThan(1e-7);
  });

  it('lowers the held-out loss when the weights follow it, and leaves omega and lambda alone', async () => {
    const simulation = open(symmetric(0.01), theta, 0.1);
    const results = await simulation.run({ metaSteps: 5 });
    const losses = results.map(({ loss }) => loss.heldOut);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect([...simulation.population.values('omega')].every((value) => value === 0.3)).toBe(true);
    expect(simulation.theta).not.toEqual(theta);
  });

  it('goes on from a saved state as if it had never stopped', async () => {
    const [whole, first, second] = [0, 0, 0].map(() => open(symmetric(0.01), theta, 0.1)) as Simulation[];
    await whole!.run({ metaSteps: 3 });
    await first!.run({ metaSteps: 1 });
    second!.restore(structuredClone(first!.save()));
    await second!.run({ metaSteps: 2 });
    expect(second!.theta).toEqual(whole!.theta);
  });

  it.each([[[1, 2]], [Number.NaN]])('refuses first values of theta that are not legal: %p', (values) => {
    const options = { network, task, meta: { optimizer: sgd({ rate: 1 }) } };
    const rule = contrastive({ estimator: forward(0.1), free: phase, nudged: phase });
    expect(() => simulate({ ...options, rule, initial: { theta: values } })).toThrow(InputError);
  });
});
