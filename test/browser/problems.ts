import { RandomStream } from '../../src/core/random';
import { makeBatch } from '../../src/data/batch';
import type { Engine, InnerStep, Session } from '../../src/engine/engine';
import { adam, nesterov, sgd } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { modulation } from '../../src/network/layers/modulation';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, mse } from '../../src/network/loss';
import { defineNetwork, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';

/** What an engine makes of the problems here, each array by its name. */
export type Answers = Record<string, number[]>;

const synapse = complexSynapse;
const input = [3];

const networks: Record<string, Network> = {
  'dense and tanh': defineNetwork({ input, layers: [dense(3, 6), tanh(), dense(6, 2)], loss: mse, synapse }),
  'modulation and relu': defineNetwork({
    ...{ input, loss: crossEntropy, synapse },
    layers: [dense(3, 5, { role: 'meta' }), modulation(5), relu(), dense(5, 2, { bias: false })],
  }),
};

const optimizers = [sgd({ rate: 0.05 }), nesterov({ rate: 0.03 }), adam({ rate: 0.02 })];

/** Asks an engine everything, here or in a page: derivatives, phases by every optimiser, a contrast. */
export async function answersOf(engine: Engine): Promise<Answers> {
  const answers: Answers = {};
  for (const [name, network] of Object.entries(networks)) {
    const session = await engine.open(network);
    for (const [what, values] of Object.entries(await questions(network, session))) {
      answers[`${name}: ${what}`] = Array.from(values);
    }
    await session.close();
  }
  return answers;
}

async function questions(network: Network, session: Session): Promise<Record<string, ArrayLike<number>>> {
  const answers: Record<string, ArrayLike<number>> = {};
  const stream = new RandomStream('browser', 'problems');
  const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(0.7 * stream.normal()));
  const classes = network.loss === crossEntropy;
  const batch = (samples: number) =>
    makeBatch('drawn', {
      ...{ samples, inputs: 3, x: drawn(samples * 3), targets: classes ? 1 : 2 },
      y: classes ? Float64Array.from({ length: samples }, () => stream.integer(2)) : drawn(samples * 2),
    });
  const [train, replay] = [batch(9), batch(4)];
  const phi = drawn(network.size);
  const start = { phi, omega: drawn(network.size), lambda: drawn(network.size).map(Math.abs) };
  for (const [name, values] of Object.entries(start)) await session.write(name, values);
  await session.write('theta', drawn(network.meta.size));

  const { loss, outputs } = await session.evaluate(train);
  Object.assign(answers, { loss: [loss], outputs, gradient: await session.gradient(train) });
  answers['Hessian-vector product'] = await session.hessianVector(train, drawn(network.size));
  if (network.meta.size > 0) answers['meta-gradient'] = await session.metaGradient(train);

  for (const inner of optimizers) {
    await session.write('phi', phi);
    const request = { inner, train, tolerance: 0, replay };
    const free = await session.settle({ ...request, beta: 0, steps: 8, stepsTaken: 0 });
    const nudged = await session.settle({ ...request, beta: 0.5, steps: 8, stepsTaken: 8 });
    answers[`residuals of ${inner.name}`] = [free.residual, nudged.residual];
    for (const variable of ['phi', ...inner.buffers]) {
      answers[`${variable} after ${inner.name}`] = await session.read(variable);
    }
  }

  // A contrast is a rule like any other, so an engine can run it as one step.
  const contrast: InnerStep = {
    rule: network.synapse.contrast.lambda!,
    buffers: ['nudged', 'reference', 'accumulated'],
    scalarsAt: () => ({ coefficient: 10 }),
  };
  await session.write('nudged', await session.read('phi'));
  await session.write('reference', phi);
  await session.settle({
    inner: contrast,
    train,
    replay: null,
    beta: 0,
    steps: 1,
    stepsTaken: 0,
    tolerance: 0,
  });
  answers['contrast of lambda'] = await session.read('accumulated');
  return answers;
}
