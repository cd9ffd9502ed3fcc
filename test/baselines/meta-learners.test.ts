import { imaml, t1t2 } from '../../src/baselines/imaml';
import { implicitGradient, relativeError } from '../../src/baselines/implicit';
import { joint } from '../../src/baselines/joint';
import { firstOrderMaml, maml } from '../../src/baselines/maml';
import { reptile } from '../../src/baselines/reptile';
import { scratch } from '../../src/baselines/scratch';
import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import { sinusoids } from '../../src/data/sinusoid';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import type { EpisodeContext, MetaLearner } from '../../src/learning/meta-learner';
import { nesterov } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { mlp } from '../../src/network/mlp';
import { defineNetwork, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { Population } from '../../src/synapse/population';
import { makeTask, type Task } from '../../src/tasks/task';

const stream = new RandomStream('meta-learners', 'seed');
const normals = (length: number): Float64Array => Float64Array.from({ length }, () => stream.normal());

const network = mlp([1, 3, 1], { synapse: complexSynapse });
const episode = { ...makeTask({ name: 'sinusoid', ...sinusoids({ support: 6 }).sample(stream)! }), index: 0 };
const omega = normals(network.size);
const lambda = normals(network.size).map((value) => 0.4 + 0.1 * value * value);

interface Given {
  readonly network?: Network;
  readonly task?: Task;
  readonly omega?: Float64Array;
  readonly lambda?: Float64Array;
}

/** An episode that begins at omega, as a stream hands it to a method. */
async function begun(given: Given = {}): Promise<EpisodeContext> {
  const of = given.network ?? network;
  const session = await referenceEngine.open(of);
  const population = new Population(of.synapse, of.topology);
  const slow = { omega: given.omega ?? omega, lambda: given.lambda ?? lambda };
  for (const [name, values] of Object.entries(slow)) {
    population.set(name, values);
    await session.write(name, values);
  }
  const task = { ...(given.task ?? episode), index: 0 };
  return { network: of, session, population, slow, episode: task, start: slow.omega };
}

const learned = async (method: MetaLearner, given?: Given) => method.learn(await begun(given));

/** (phi_1 - 1)^2 on the training sample, (phi_2 - 2)^2 on the held-out one: everything can be worked out by hand. */
const plane = defineNetwork({
  input: [2],
  layers: [dense(2, 1, { bias: false })],
  loss: mse,
  synapse: complexSynapse,
});
const sample = (x: number[], y: number): Batch => ({
  ...{ samples: 1, inputs: 2, targets: 1 },
  ...{ x: Float64Array.from(x), y: Float64Array.of(y) },
});
const byHand: Given = {
  network: plane,
  task: makeTask({ name: 'by hand', train: sample([1, 0], 1), heldOut: sample([0, 1], 2) }),
  omega: Float64Array.of(0, 0),
  lambda: Float64Array.of(0, 0),
};

function expectValues(got: Float64Array | undefined, values: number[]): void {
  // Ten operations on numbers near 1 at most.
  values.forEach((value, i) => {
    expect(got![i]).toBeCloseTo(value, 14);
  });
}

describe('MAML', () => {
  it.each([1, 5])('with %d inner steps is the gradient of the unrolled held-out loss', async (steps) => {
    const method = maml({ rate: 0.1, steps });
    const { metaGradient } = await learned(method);
    const h = 1e-5; // error of the central difference about h^2, rounding 1e-16 / h
    const differences = new Float64Array(network.size);
    for (let i = 0; i < network.size; i++) {
      for (const sign of [1, -1]) {
        const moved = omega.slice();
        moved[i]! += sign * h;
        differences[i]! += (sign * (await learned(method, { omega: moved })).heldOutLoss) / (2 * h);
      }
    }
    expect(relativeError(metaGradient.omega!, differences)).toBeLessThan(1e-6);
  });

  it('of first order is the held-out gradient at the end of the inner steps', async () => {
    // phi_1: 0 -> 0.2 -> 0.36 in two steps at rate 0.1; the held-out gradient there is (0, 2 (0 - 2)).
    const { metaGradient, heldOutLoss } = await learned(firstOrderMaml({ rate: 0.1, steps: 2 }), byHand);
    expectValues(metaGradient.omega, [0, -4]);
    expect(heldOutLoss).toBeCloseTo(4, 14);
  });

  it('learns without the penalty, whatever lambda', async () => {
    const method = maml({ rate: 0.1, steps: 3 });
    const free = await learned(method, { lambda: new Float64Array(network.size) });
    expect(await learned(method)).toEqual(free);
  });

  it('names the task, the step and what to change where the inner steps diverge', async () => {
    const wild = maml({ rate: 1e6, steps: 200 });
    await expect(learned(wild)).rejects.toThrow(
      /diverged in task "sinusoid".*at step \d+.*Try a learning rate of 0\.1 \(it was 1000000\): the steepest curvature is 5\.1/,
    );
  });
});

describe('Reptile', () => {
  it('is the mean gradient on the way to where all samples draw phi', async () => {
    // Mean loss ((phi_1 - 1)^2 + (phi_2 - 2)^2) / 2: two steps at rate 0.1 lead from 0 to (0.19, 0.38).
    const { metaGradient } = await learned(reptile({ rate: 0.1, steps: 2 }), byHand);
    expectValues(metaGradient.omega, [-0.95, -1.9]);
  });
});

describe('methods at the minimum of the inner loss', () => {
  const adaptation = { optimizer: nesterov({ rate: 0.02 }), steps: 20_000 };

  it('iMAML tends to the exact implicit gradient as conjugate gradient converges', async () => {
    const context = await begun();
    const errors: number[] = [];
    const enough = 4 * network.size; // rounding makes it need more steps than there are parameters
    for (const cgSteps of [1, 4, network.size, enough]) {
      const { metaGradient } = await imaml({ ...adaptation, cgSteps }).learn(context);
      const phi = await context.session.read('phi');
      const exact = await implicitGradient({ ...context, ...episode, phi, slow: { omega, lambda } });
      errors.push(relativeError(metaGradient.omega!, exact.metaGradient.omega!)!);
      if (cgSteps !== enough) continue;
      expect(relativeError(metaGradient.lambda!, exact.metaGradient.lambda!)).toBeLessThan(1e-9);
    }
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    // What is left is rounding, amplified by the condition number of about 1e3.
    expect(errors.at(-1)).toBeLessThan(1e-9);
  });

  it('T1T2 replaces the inverse Hessian by the identity', async () => {
    const context = await begun();
    const { metaGradient } = await t1t2(adaptation).learn(context);
    const phi = await context.session.read('phi');
    const outer = await context.session.gradient(episode.heldOut);
    outer.forEach((slope, i) => {
      expect(metaGradient.omega![i]).toBeCloseTo(lambda[i]! * slope, 14);
      expect(metaGradient.lambda![i]).toBeCloseTo(-(phi[i]! - omega[i]!) * slope, 14);
    });
  });
});

describe('methods that do not learn to learn', () => {
  it('a joint model descends the loss of all samples, where it stands', async () => {
    const { metaGradient } = await learned(joint({ rate: 0.1 }), byHand);
    expectValues(metaGradient.omega, [-1, -2]);
  });

  it('training from scratch changes nothing between tasks', async () => {
    const method = scratch({ rate: 0.1 });
    expect((await learned(method, byHand)).metaGradient).toEqual({});
    expect(method.learns).toEqual([]);
  });
});
