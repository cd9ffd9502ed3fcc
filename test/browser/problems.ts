import { RandomStream } from '../../src/core/random';
import { sizeOf } from '../../src/core/shape';
import { type Batch, makeBatch } from '../../src/data/batch';
import type { Engine, InnerStep, Session } from '../../src/engine/engine';
import { adam, nesterov, type Optimizer, sgd } from '../../src/learning/optimizers';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { modulation } from '../../src/network/layers/modulation';
import { averagePool, maxPool } from '../../src/network/layers/pool';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, mse } from '../../src/network/loss';
import { defineNetwork, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { defineRule } from '../../src/synapse/rule';
import type { RuleExecutor } from '../../src/synapse/rule-executor';

/** What an engine makes of the problems here, each array by its name. */
export type Answers = Record<string, number[]>;

const synapse = complexSynapse;
const input = [3];

/**
 * What learns, and by what: a software device compiles a thousand shaders for every pair of the two, which takes a minute. In Node, where all but
 * the device is the same, the conformance suite has every optimiser on many networks.
 */
const settings: Record<string, { readonly network: Network; readonly optimizers: readonly Optimizer[] }> = {
  'dense and tanh': {
    network: defineNetwork({ input, layers: [dense(3, 6), tanh(), dense(6, 2)], loss: mse, synapse }),
    optimizers: [sgd({ rate: 0.05 }), adam({ rate: 0.02 })],
  },
  'modulation and relu': {
    network: defineNetwork({
      ...{ input, loss: crossEntropy, synapse },
      layers: [dense(3, 5, { role: 'meta' }), modulation(5), relu(), dense(5, 2, { bias: false })],
    }),
    optimizers: [nesterov({ rate: 0.03 })],
  },
  'images, of both roles': {
    network: defineNetwork({
      ...{ input: [2, 7, 5], loss: crossEntropy, synapse },
      layers: [
        ...[conv2d(2, 3, { kernel: 3, padding: 1, stride: 2, role: 'meta' }), batchNorm(3)],
        ...[maxPool(2, { stride: 1 }), conv2d(3, 2, { kernel: 2, padding: 1 }), tanh()],
        ...[averagePool(2), flatten(), dense(4, 2)],
      ],
    }),
    optimizers: [sgd({ rate: 0.05 })],
  },
};

/** A rule as text, which can go to a page. */
export interface RuleText {
  readonly name: string;
  /** The kernel's source, by the quantity that it writes. */
  readonly kernels: Readonly<Record<string, string>>;
  /** Quantities that are never negative. */
  readonly positive: readonly string[];
}

export interface Questions {
  readonly rules: readonly RuleText[];
  readonly scalars: Readonly<Record<string, number>>;
}

/**
 * Asks an engine everything, here or in a page: derivatives, phases by every optimiser, every rule.
 * @param executor Who runs the rules; the engine, as inner rules, where there is none.
 */
export async function answersOf(
  engine: Engine,
  { rules, scalars }: Questions,
  executor?: RuleExecutor,
): Promise<Answers> {
  const answers: Answers = executor
    ? answersOfExecutor(executor, rules, scalars)
    : await ruleAnswers(engine, rules, scalars);
  for (const [name, { network, optimizers }] of Object.entries(settings)) {
    const session = await engine.open(network);
    for (const [what, values] of Object.entries(await questions(network, optimizers, session))) {
      answers[`${name}: ${what}`] = Array.from(values);
    }
    await session.close();
  }
  return { ...answers, ...(await poolAnswers(engine)), ...(await wideAnswers(engine)) };
}

/** A network at the parameters and the batch that are given: outputs and gradient. */
async function derivatives(
  engine: Engine,
  network: Network,
  phi: Float64Array,
  batch: Batch,
): Promise<Record<'outputs' | 'gradient', Float64Array>> {
  const session = await engine.open(network);
  await session.write('phi', phi);
  const { outputs } = await session.evaluate(batch);
  const gradient = await session.gradient(batch);
  await session.close();
  return { outputs, gradient };
}

/** A batch of whole numbers, each other than its neighbours. */
function countedBatch(network: Network, samples: number): Batch {
  const [inputs, targets] = [sizeOf(network.inputShape), sizeOf(network.outputShape)];
  const counted = (length: number, by: number) => Float64Array.from({ length }, (_, i) => ((i * by) % 7) - 3);
  const data = {
    samples,
    inputs,
    x: counted(samples * inputs, 3),
    targets,
    y: counted(samples * targets, 2),
  };
  return makeBatch('counted', data);
}

/** Which of equal numbers a pool takes, which the gradient by the taps around it says; and where there is a NaN among them. */
async function poolAnswers(engine: Engine): Promise<Answers> {
  const of = (kernel: number) =>
    defineNetwork({
      ...{ input: [1, 4, 4], loss: mse, synapse },
      layers: [conv2d(1, 1, { kernel, padding: (kernel - 1) / 2 }), maxPool(2), flatten()],
    });
  const [level, pixelwise] = [of(3), of(1)];
  const equal = await derivatives(
    engine,
    level,
    Float64Array.of(...new Array(9).fill(0), 0.5),
    countedBatch(level, 2),
  );
  const batch = countedBatch(pixelwise, 2);
  batch.x[6] = Number.NaN;
  const { outputs } = await derivatives(engine, pixelwise, Float64Array.of(1, 0), batch);
  return {
    'gradient by the first of equal numbers in a pool': Array.from(equal.gradient),
    'outputs that are NaN behind a pool, as 1': Array.from(outputs, (output) =>
      Number.isNaN(output) ? 1 : 0,
    ),
  };
}

/** More numbers a sample, and more samples, than a texture has columns or rows (8192 on many devices). */
async function wideAnswers(engine: Engine): Promise<Answers> {
  const answers: Answers = {};
  for (const [hidden, samples] of [
    [9001, 2],
    [2, 9001],
  ] as const) {
    const layers = [dense(1, hidden), tanh(), dense(hidden, 1)];
    const network = defineNetwork({ input: [1], layers, loss: mse, synapse });
    const stream = new RandomStream('browser', 'wide');
    const phi = Float64Array.from({ length: network.size }, () => Math.fround(0.01 * stream.normal()));
    const { outputs, gradient } = await derivatives(engine, network, phi, countedBatch(network, samples));
    answers[`outputs of ${samples} samples of ${hidden} numbers`] = Array.from(outputs);
    answers[`gradient of ${samples} samples of ${hidden} numbers`] = Array.from(gradient);
  }
  return answers;
}

async function questions(
  network: Network,
  optimizers: readonly Optimizer[],
  session: Session,
): Promise<Record<string, ArrayLike<number>>> {
  const answers: Record<string, ArrayLike<number>> = {};
  const stream = new RandomStream('browser', 'problems');
  const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(0.7 * stream.normal()));
  const classes = network.loss === crossEntropy;
  const inputs = sizeOf(network.inputShape);
  const batch = (samples: number) =>
    makeBatch('drawn', {
      ...{ samples, inputs, x: drawn(samples * inputs), targets: classes ? 1 : 2 },
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
    const free = await session.settle({ ...request, beta: 0, steps: 3, stepsTaken: 0 });
    const nudged = await session.settle({ ...request, beta: 0.5, steps: 3, stepsTaken: 3 });
    answers[`residuals of ${inner.name}`] = [free.residual, nudged.residual];
    for (const variable of ['phi', ...inner.buffers]) {
      answers[`${variable} after ${inner.name}`] = await session.read(variable);
    }
  }
  return answers;
}

/** Each rule once, by an executor, from drawn quantities. */
function answersOfExecutor(
  executor: RuleExecutor,
  rules: readonly RuleText[],
  scalars: Questions['scalars'],
): Answers {
  const answers: Answers = {};
  const stream = new RandomStream('browser', 'executor');
  for (const { name, kernels, positive } of rules) {
    const rule = defineRule(name, kernels);
    const drawn = (quantity: string) =>
      Float64Array.from({ length: 9 }, () => Math.fround(0.7 * stream.normal())).map((value) =>
        positive.includes(quantity) ? Math.abs(value) + 0.01 : value,
      );
    const read = [...new Set([...rule.reads, ...rule.writes])];
    const quantities = Object.fromEntries(read.map((quantity) => [quantity, drawn(quantity)]));
    executor.run(rule, quantities, scalars);
    for (const quantity of rule.writes) answers[`${quantity} of ${name}`] = Array.from(quantities[quantity]!);
  }
  executor.close();
  return answers;
}

/** One step by each rule, as an engine takes it, from drawn quantities. */
async function ruleAnswers(
  engine: Engine,
  rules: readonly RuleText[],
  scalars: Questions['scalars'],
): Promise<Answers> {
  const answers: Answers = {};
  const network = defineNetwork({ input: [2], layers: [dense(2, 3)], loss: mse, synapse });
  const session = await engine.open(network);
  const stream = new RandomStream('browser', 'rules');
  const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(0.7 * stream.normal()));
  const data = { samples: 4, inputs: 2, x: drawn(8), targets: 3, y: drawn(12) };
  const train = makeBatch('drawn', data);
  for (const { name, kernels, positive } of rules) {
    const rule = defineRule(name, kernels);
    const quantities = [...new Set([...rule.reads, ...rule.writes])].filter((read) => read !== 'gradient');
    for (const quantity of quantities) {
      const values = drawn(network.size);
      const legal = positive.includes(quantity) ? values.map((value) => Math.abs(value) + 0.01) : values;
      await session.write(quantity === 'value' ? 'phi' : quantity, legal);
    }
    const own = ['value', 'phi', ...synapse.meta];
    const inner: InnerStep = {
      rule,
      buffers: quantities.filter((quantity) => !own.includes(quantity)),
      scalarsAt: () => scalars,
    };
    const phase = { inner, train, replay: null, beta: 0, steps: 1, stepsTaken: 0, tolerance: 0 };
    await session.settle(phase);
    for (const quantity of rule.writes.filter((write) => write !== 'gradient')) {
      answers[`${quantity} of ${name}`] = Array.from(
        await session.read(quantity === 'value' ? 'phi' : quantity),
      );
    }
  }
  await session.close();
  return answers;
}
