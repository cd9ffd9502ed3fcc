import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY, of } from 'rxjs';
import { z } from 'zod';
import * as metaplast from '../../src';
import { NpyWriter } from '../../src/trace/npy';
import { cifarBatch, smallMnist } from '../data/images/small-files';
import { omniglotArchive, zip } from '../data/omniglot/small-archives';
import type { Call } from './bad-values';

const m = metaplast;
const plain = m.plainExecutor();
const batch = (samples = 3): metaplast.Batch => ({
  samples,
  inputs: 2,
  targets: 1,
  x: Float64Array.from({ length: 2 * samples }, (_, i) => Math.sin(i)),
  y: Float64Array.from({ length: samples }, (_, i) => Math.cos(i)),
});
const network = Object.freeze(m.mlp([2, 2, 1], { synapse: m.complexSynapse }));
const stream = () => new m.RandomStreams(1).stream('test');
const phase = () => ({ optimizer: Object.freeze(m.sgd({ rate: 0.05 })), steps: 2, tolerance: 0 });
const rule = Object.freeze(m.contrastive({ estimator: m.forward(0.1), free: phase(), nudged: phase() }));
const task = () => ({ name: 'task', train: batch(), heldOut: batch(2) });
const simulationOptions = () => ({
  network,
  task: task(),
  rule,
  meta: { optimizer: Object.freeze(m.adam({ rate: 0.1 })), learn: ['lambda'] },
  rules: Object.freeze(plain),
  engine: Object.freeze({ ...m.referenceEngine }),
  initial: { lambda: 0.1 },
  seed: 1,
  start: 'continue' as const,
  stride: 1,
  workers: 1,
});
const simulation = () => m.simulate(simulationOptions());
const population = () => new m.Population(m.complexSynapse, network.topology);
const quadratic = (): metaplast.QuadraticProblem => ({
  curvature: Float64Array.of(1, 0.5),
  trainMinimum: Float64Array.of(1, 2),
  heldOutMinimum: Float64Array.of(0.5, 1),
  omega: Float64Array.of(0, 0),
  lambda: 0.3,
});
const constants = { inner: 1, outer: 0, curvature: 1 };
const errors = { free: 0.01, nudged: 0.01 };
const equilibria = () => new Map([0, 0.1].map((beta) => [beta, new Float64Array(network.size).fill(beta)]));
const slow = () => ({
  omega: new Float64Array(network.size),
  lambda: new Float64Array(network.size).fill(0.1),
});
const plan = () => ({
  phases: [
    { beta: 0, steps: 2 },
    { beta: 0.1, steps: 2 },
  ],
  stride: 1,
});
const problem = () => ({
  model: { layers: [{ type: 'dense', inputs: 1, outputs: 1 }] },
  loss: 'mse',
  train: { x: [[1]], y: [[1]] },
  validation: { x: [[1]], y: [[0.5]] },
  phi: [0, 0],
  omega: [0, 0],
  lambda: [0.1, 0.1],
  free: { optimizer: 'sgd', learningRate: 0.1, steps: 3 },
  nudged: { optimizer: 'sgd', learningRate: 0.1, steps: 3 },
});
/** What `parseProblem` makes; its network and optimisers are no one's to write down. */
const parsed = (): metaplast.Problem => {
  const { network: made, free, nudged, ...rest } = m.parseProblem(problem());
  const frozen = (phaseOf: metaplast.PhaseSettings) => ({
    ...phaseOf,
    optimizer: Object.freeze(phaseOf.optimizer),
  });
  return { ...rest, network: Object.freeze(made), free: frozen(free), nudged: frozen(nudged) };
};
const inner = () => ({ optimizer: Object.freeze(m.sgd({ rate: 0.05 })), steps: 2 });
const taskStream = () => new m.TaskStream({ source: m.sinusoids(), random: stream(), count: 10 });
const streamNetwork = Object.freeze(m.mlp([1, 2, 1], { synapse: m.complexSynapse }));
const sameTask = task();
const singleTaskLearner = () => ({
  network,
  task: () => sameTask,
  learner: Object.freeze(m.t1t2(inner())),
  meta: Object.freeze({ optimizer: m.sgd({ rate: 0.05 }) }),
  engine: 'reference',
  rules: 'plain',
  initial: { lambda: 0.1 },
  seed: 1,
  workers: 1,
  atOnce: 1,
});
const streamLearner = () => ({
  network: streamNetwork,
  learner: Object.freeze(m.maml({ rate: 0.01, steps: 1 })),
  stream: taskStream(),
  meta: { optimizer: Object.freeze(m.adam({ rate: 0.1 })), learn: ['omega'] },
  batch: 2,
  engine: Object.freeze({ ...m.referenceEngine }),
  rules: Object.freeze(plain),
  seed: 1,
  workers: 1,
  strict: false,
});
const layerArithmetic = (kind: string) => ({
  kind,
  forward() {},
  backward() {},
  forwardTangent() {},
  backwardTangent() {},
});

/** What a scenario gets, as far as meta-learning needs it. */
const learningContext = () => ({
  ...{ engine: Object.freeze({ ...m.referenceEngine }), rules: Object.freeze(plain), seed: 1 },
  signal: new AbortController().signal,
  warn() {},
  async repeat({ total, step }: metaplast.Repeated) {
    for (let index = 0; index < total; index++) await step(index);
  },
});
const judgeable = () => ({
  label: 'mine',
  simulation: simulation(),
  metaSteps: 1,
  settings: {
    schema: z.strictObject({ beta: z.number() }),
    config: { beta: 0.1 },
    paths: { beta: 'beta' },
    rule: () => rule,
  },
});

export const folder = mkdtempSync(join(tmpdir(), 'metaplast-api-'));
export const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
let files = 0;
const table = join(folder, 'table.csv');
const ownModule = join(folder, 'own.js');
writeFileSync(ownModule, 'exports.made = (given) => ({ given });');
writeFileSync(table, 'x,y\n1,2\n3,4\n');
const imageFolder = folder;
smallMnist((name, bytes) => writeFileSync(join(imageFolder, name), bytes));
writeFileSync(join(imageFolder, 'data_batch_1.bin'), cifarBatch(2));
const imageSet = (): metaplast.ImageSet => ({
  ...{ name: 'images', classes: ['a', 'b'], shape: [2, 1, 2], count: 5 },
  pixels: Uint8Array.from({ length: 20 }, (_, i) => 12 * i),
  labels: Uint8Array.of(0, 1, 0, 1, 0),
});
for (const part of ['background', 'evaluation'] as const)
  writeFileSync(join(imageFolder, `images_${part}.zip`), zip(omniglotArchive(part, 2)));
const characterSet = (): metaplast.CharacterSet => ({
  ...{ name: 'runes', drawings: 3, side: 2, ink: 255 },
  characters: [
    { alphabet: 'runes', name: 'a' },
    { alphabet: 'runes', name: 'b' },
  ],
  pixels: Uint8Array.from({ length: 24 }, (_, i) => 10 * i),
});
const npy = join(folder, 'numbers.npy');
const writer = NpyWriter.create(npy, { dtype: '<f8', rowShape: [2] });
writer.append([1, 2]);
writer.close();

const made = (make: (...args: never[]) => unknown): Call['call'] => make;

/** A right call of everything that the library exports and that can be called. */
export const calls: Readonly<Record<string, Call>> = {
  Population: {
    call: made((...a) => new m.Population(...(a as [never, never]))),
    args: () => [Object.freeze({ ...m.complexSynapse }), network.topology],
  },
  RecordedSynapses: {
    call: made((...a) => new m.RecordedSynapses(...(a as [never]))),
    args: () => [[{ index: 4, layer: 0, parameter: 'weight', from: 1, to: 2 }]],
  },
  RandomStream: {
    call: made((...a) => new m.RandomStream(...(a as [never, never]))),
    args: () => ['name', 'seed'],
  },
  RandomStreams: { call: made((...a) => new m.RandomStreams(...(a as [never]))), args: () => [1] },
  Neuron: {
    call: made((...a) => new m.Neuron(...(a as [never, never, never, never, never]))),
    args: () => [population(), 0, 0, 0, 1],
  },
  MetaUpdate: {
    call: made((...a) => new m.MetaUpdate(...(a as [never, never, never]))),
    args: () => [
      slow(),
      ['lambda'],
      { optimizer: Object.freeze(m.sgd({ rate: 0.1 })), learn: ['lambda'], logarithmic: ['lambda'] },
    ],
  },
  Recorder: {
    call: made((...a) => new m.Recorder(...(a as [never, never, never])).close()),
    args: () => [
      simulation(),
      { variables: ['phi'], synapses: 'all', at: 'phase-end', every: 1 },
      { folder, name: `r${files++}` },
    ],
  },
  record: {
    call: made((...a) => m.record(...(a as [never, never, never])).close()),
    args: () => [
      simulation(),
      { variables: ['phi'], synapses: [0], at: 'step', every: 1 },
      { folder, name: `r${files++}` },
    ],
  },
  Simulation: {
    call: made(async (...a) => {
      const one = new m.Simulation(...(a as [never]));
      await one.metaStep();
      await one.close();
    }),
    args: () => [simulationOptions()],
  },
  simulate: {
    call: made(async (...a) => {
      const one = m.simulate(...(a as [never]));
      await one.metaStep();
      await one.close();
    }),
    args: () => [simulationOptions()],
  },
  StreamLearner: {
    call: made(async (...a) => {
      const one = new m.StreamLearner(...(a as [never]));
      await one.metaStep();
      await one.close();
    }),
    args: () => [streamLearner()],
  },
  queueHost: {
    // Nobody listens there, which is no fault of what was handed over.
    call: made((...a) =>
      m.queueHost(...(a as [never])).catch((error) => {
        if (!/Nobody listens/.test(error.message)) throw error;
      }),
    ),
    args: () => ['redis://127.0.0.1:1', { name: 'test', insecure: false, environment: {}, say: () => {} }],
  },
  SingleTaskLearner: {
    call: made(async (...a) => {
      const one = new m.SingleTaskLearner(...(a as [never]));
      await one.metaStep();
      await one.close();
    }),
    args: () => [singleTaskLearner()],
  },
  TaskStream: {
    call: made((...a) =>
      new m.TaskStream(...(a as [never])).episodes$.subscribe({ error() {} }).unsubscribe(),
    ),
    args: () => [{ source: m.sinusoids(), random: stream(), count: 2 }],
  },
  adam: { call: m.adam, args: () => [{ rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }] },
  sgd: { call: m.sgd, args: () => [{ rate: 0.1 }] },
  heavyBall: { call: m.heavyBall, args: () => [{ rate: 0.1, momentum: 0.9 }] },
  nesterov: { call: m.nesterov, args: () => [{ rate: 0.1, momentum: 0.9 }] },
  agreement: { call: m.agreement, args: () => [Float64Array.of(1, 2), Float64Array.of(1, 3)] },
  auditLocality: { call: m.auditLocality, args: () => ['function f(phi) { return phi[this.thread.x]; }'] },
  auditLocalityOfModule: {
    call: m.auditLocalityOfModule,
    args: () => ['module.exports = function f(phi) { return phi[this.thread.x]; }'],
  },
  boston: { call: m.boston, args: () => [] },
  clock: {
    call: made((...a) =>
      m
        .clock(...(a as [never]))
        .subscribe({ error() {} })
        .unsubscribe(),
    ),
    args: () => [
      {
        ticks: () => m.schedule(plan(), 0, 1),
        feedback: () => ({ settled: false }),
        duration: () => 0,
        busy: () => null,
      },
    ],
  },
  contrast: {
    call: m.contrast,
    args: () => [Object.freeze({ ...m.complexSynapse }), rule.estimator.terms, equilibria(), slow(), plain],
  },
  contrastive: {
    call: m.contrastive,
    args: () => [
      { estimator: Object.freeze(m.symmetric(0.1)), free: phase(), nudged: phase(), optimizerState: 'keep' },
    ],
  },
  contrastiveLearner: {
    call: m.contrastiveLearner,
    args: () => [{ network: streamNetwork, rule, rules: Object.freeze(plain), stride: 1 }],
  },
  corollaryBound: { call: m.corollaryBound, args: () => [constants, errors] },
  errorBound: { call: m.errorBound, args: () => [constants, errors, 0.1] },
  optimalBeta: { call: m.optimalBeta, args: () => [constants, errors] },
  optimalBound: { call: m.optimalBound, args: () => [constants, errors] },
  defineKernel: { call: m.defineKernel, args: () => ['function f(phi) { return phi[this.thread.x]; }'] },
  defineRule: {
    call: m.defineRule,
    args: () => ['rule', { phi: 'function f(phi) { return phi[this.thread.x]; }' }],
  },
  activityRule: {
    call: m.activityRule,
    args: () => [
      {
        rule: Object.freeze(
          m.defineRule('own', {
            gradient: 'function f(gradient, pre) { return gradient[this.thread.x] - pre[this.thread.x]; }',
          }),
        ),
        buffers: ['trace'],
        numbers: { rate: 0.1 },
      },
    ],
  },
  perturbCredit: {
    call: m.perturbCredit,
    args: () => {
      const { network, task, rule, meta, initial, seed } = simulationOptions();
      const local = Object.freeze(m.withCredit(network, m.feedbackAlignment()));
      return [
        { network: local, task, rule, meta, initial, seed },
        { synapses: 1, seed: 1 },
      ];
    },
  },
  creditNamed: { call: m.creditNamed, args: () => ['dual:nudge=0.05', 1] },
  creditNames: { call: m.creditNames, args: () => [] },
  creditSummary: { call: m.creditSummary, args: () => ['dual'] },
  creditedEngine: {
    call: m.creditedEngine,
    args: () => [Object.freeze({ ...m.referenceEngine }), Object.freeze(m.dualPropagation())],
  },
  directFeedback: { call: m.directFeedback, args: () => [{ seed: 1 }] },
  dualPropagation: { call: m.dualPropagation, args: () => [{ nudge: 0.1, sweeps: 2 }] },
  equilibriumPropagation: {
    call: m.equilibriumPropagation,
    args: () => [{ nudge: 0.1, sweeps: 2, dt: 0.1, order: 'top-down' }],
  },
  feedbackAlignment: { call: m.feedbackAlignment, args: () => [{ seed: 1 }] },
  feedbackWeights: { call: m.feedbackWeights, args: () => [network, Object.freeze(m.directFeedback())] },
  neuronChain: { call: m.neuronChain, args: () => [network, 'dual'] },
  registerCredit: {
    call: m.registerCredit,
    args: () => [
      `credit-${files++}`,
      { summary: 'one', settings: z.strictObject({}), make: () => m.dualPropagation() },
    ],
  },
  registerNeuronArithmetic: {
    call: m.registerNeuronArithmetic,
    args: () => [{ kind: `credit-${files++}`, open: () => ({}) }],
  },
  withCredit: { call: m.withCredit, args: () => [network, Object.freeze(m.dualPropagation())] },
  defineNetwork: {
    call: m.defineNetwork,
    args: () => [
      {
        input: [2],
        layers: [Object.freeze(m.dense(2, 1))],
        loss: Object.freeze({ ...m.mse }),
        synapse: Object.freeze({ ...m.complexSynapse }),
      },
    ],
  },
  defineScenario: {
    call: m.defineScenario,
    args: () => [
      {
        name: 'mine',
        question: 'Why?',
        config: z.strictObject({ steps: z.int().default(1) }),
        presets: { smoke: {}, cpu: {}, paper: {} },
        schedule: () => ({ plan: plan(), tasks: 1 }),
        run: async () => ({ summary: {}, report: '' }),
      },
    ],
  },
  defineSynapse: {
    call: m.defineSynapse,
    args: () => [
      {
        fast: 'phi',
        meta: ['omega', 'lambda'],
        penalty: 'lambda * (phi - omega)^2 / 2',
        nonNegative: ['lambda'],
      },
    ],
  },
  dense: { call: m.dense, args: () => [2, 1, { initialiser: 'zeros', bias: true, role: 'fast' }] },
  modulation: { call: m.modulation, args: () => [2] },
  conv2d: { call: m.conv2d, args: () => [1, 2, { kernel: 3, stride: 2, padding: 1, bias: true }] },
  batchNorm: { call: m.batchNorm, args: () => [2, { role: 'fast' as const }] },
  maxPool: { call: m.maxPool, args: () => [2, { stride: 1 }] },
  averagePool: { call: m.averagePool, args: () => [2, { stride: 1 }] },
  flatten: { call: m.flatten, args: () => [] },
  relu: { call: m.relu, args: () => [] },
  tanh: { call: m.tanh, args: () => [] },
  drawQuadratic: { call: m.drawQuadratic, args: () => [stream(), 0.1, 3] },
  engineNamed: { call: m.engineNamed, args: () => ['reference', { blas: 'wasm' }] },
  equilibrium: { call: m.equilibrium, args: () => [quadratic(), 0.1] },
  equilibriumEstimate: { call: m.equilibriumEstimate, args: () => [quadratic(), m.forward(0.1)] },
  finiteDifferenceBounds: { call: m.finiteDifferenceBounds, args: () => [quadratic(), m.forward(0.1)] },
  finiteDifferenceError: { call: m.finiteDifferenceError, args: () => [quadratic(), m.forward(0.1)] },
  quadraticConstants: { call: m.quadraticConstants, args: () => [quadratic()] },
  quadraticMetaGradient: { call: m.quadraticMetaGradient, args: () => [quadratic()] },
  quadraticProblem: { call: m.quadraticProblem, args: () => [quadratic()] },
  estimate: {
    call: m.estimate,
    args: () => [parsed(), Object.freeze(m.forward(0.1)), Object.freeze({ ...m.referenceEngine })],
  },
  episodeMetaGradient: {
    call: m.episodeMetaGradient,
    args: () => [
      {
        model: { layers: [{ type: 'dense', inputs: 1, outputs: 1 }] },
        loss: 'mse',
        support: { x: [[1]], y: [[1]] },
        query: { x: [[1]], y: [[0.5]] },
        omega: [0, 0],
        inner: { learningRate: 0.1, steps: [1, 2] },
        imaml: { lambda: 0.5, inner: { learningRate: 0.1, steps: 3 } },
      },
      'imaml',
      { steps: 2, engine: Object.freeze({ ...m.referenceEngine }) },
    ],
  },
  parseProblem: { call: m.parseProblem, args: () => [problem(), 'problem'] },
  readProblem: { call: m.readProblem, args: () => [join(__dirname, '../../docs/examples/problem.json')] },
  estimatorNamed: { call: m.estimatorNamed, args: () => ['p3', 0.1] },
  forward: { call: m.forward, args: () => [0.1] },
  symmetric: { call: m.symmetric, args: () => [0.1] },
  pForward: { call: m.pForward, args: () => [3, 0.1] },
  forwardCoefficients: { call: m.forwardCoefficients, args: () => [3] },
  exactAtMinimum: {
    call: m.exactAtMinimum,
    args: () => [
      {
        network,
        task: task(),
        initial: { lambda: 5 },
        seed: 1,
        engine: Object.freeze({ ...m.referenceEngine }),
        approach: { ...phase(), steps: 50 },
        search: { ...phase(), steps: 500, tolerance: 1e-6 },
      },
    ],
  },
  exactImplicit: { call: m.exactImplicit, args: () => [inner()] },
  imaml: { call: m.imaml, args: () => [{ ...inner(), cgSteps: 2 }] },
  neumann: { call: m.neumann, args: () => [{ ...inner(), terms: 2, seriesRate: 0.1 }] },
  t1t2: { call: m.t1t2, args: () => [inner()] },
  maml: { call: m.maml, args: () => [{ rate: 0.1, steps: 2 }, false] },
  anil: { call: m.anil, args: () => [{ network, rate: 0.1, steps: 2, headLayers: 1, firstOrder: false }] },
  nearestNeighbour: { call: m.nearestNeighbour, args: () => [] },
  firstOrderMaml: { call: m.firstOrderMaml, args: () => [{ rate: 0.1, steps: 2 }] },
  reptile: {
    call: m.reptile,
    args: () => [{ rate: 0.1, steps: 2, batch: 2, samples: 'all', gradient: 'mean' }],
  },
  joint: { call: m.joint, args: () => [{ rate: 0.1 }] },
  scratch: { call: m.scratch, args: () => [{ rate: 0.1 }] },
  executorNamed: { call: m.executorNamed, args: () => ['plain'] },
  gpujsExecutor: { call: made((...a) => m.gpujsExecutor(...(a as [never])).close()), args: () => ['cpu'] },
  plainExecutor: { call: m.plainExecutor, args: () => [] },
  gpujsEngine: { call: m.gpujsEngine, args: () => [{ mode: 'cpu', threads: false }] },
  simdEngine: { call: m.simdEngine, args: () => [{ blas: 'wasm' }] },
  extremeEigenvalues: {
    call: m.extremeEigenvalues,
    args: () => [
      async (v: Float64Array) => v.map((x, i) => (i + 1) * x),
      { size: 3, random: stream(), steps: 3, tolerance: 1e-10 },
    ],
  },
  fewShotScenario: {
    call: m.fewShotScenario,
    args: () => [
      {
        name: 'mine',
        question: 'Why?',
        settings: { width: z.int().default(2) },
        source: () => m.sinusoids(),
        network: () => streamNetwork,
      },
    ],
  },
  gatherEvidence: {
    call: m.gatherEvidence,
    args: () => [
      {
        network,
        task: task(),
        rule,
        slow: slow(),
        start: new Float64Array(network.size),
        learned: ['lambda'],
        engine: Object.freeze({ ...m.referenceEngine }),
        rules: Object.freeze(plain),
        seed: 1,
        lanczosSteps: 5,
      },
    ],
  },
  implicitGradient: {
    call: m.implicitGradient,
    args: () => [
      {
        network,
        session: sessionOf(),
        train: batch(),
        heldOut: batch(2),
        phi: new Float64Array(network.size),
        slow: { omega: new Float64Array(network.size), lambda: new Float64Array(network.size).fill(5) },
      },
    ],
  },
  initialParameters: { call: m.initialParameters, args: () => [network, stream()] },
  initialise: { call: m.initialise, args: () => [new Float64Array(3), 'kaiming-uniform', 2, stream()] },
  isBad: { call: m.isBad, args: () => [{ index: 0, ...task() }] },
  isMetaUpdate: {
    call: m.isMetaUpdate,
    args: () => [{ kind: 'meta-update', task: 0, tasks: 1, taskName: 'task', metaGradient: {}, moves: null }],
  },
  isSweep: { call: m.isSweep, args: () => [{ kind: 'task-end', task: 0, taskName: 'task' }] },
  isPhaseEnd: { call: m.isPhaseEnd, args: () => [{ kind: 'task-end', task: 0, taskName: 'task' }] },
  makeBatch: { call: m.makeBatch, args: () => ['batch', batch()] },
  makeTask: { call: m.makeTask, args: () => [task()] },
  meanInterval: { call: m.meanInterval, args: () => [[1, 2, 3]] },
  mlp: {
    call: m.mlp,
    args: () => [
      [2, 2, 1],
      {
        activation: 'tanh',
        synapse: Object.freeze({ ...m.complexSynapse }),
        loss: Object.freeze({ ...m.mse }),
        initialiser: 'zeros',
      },
    ],
  },
  mostBytes: {
    call: m.mostBytes,
    args: () => [
      { variables: ['phi'], synapses: 'all', at: 'step', every: 1 },
      population(),
      { plan: plan(), tasks: 2, batch: 1 },
    ],
  },
  neuronsOf: { call: m.neuronsOf, args: () => [network, population()] },
  perturbLocality: {
    call: m.perturbLocality,
    args: () => [
      m.defineKernel('function f(phi) { return phi[this.thread.x]; }'),
      { synapses: 3, trials: 2, seed: 1 },
    ],
  },
  readNpy: { call: m.readNpy, args: () => [npy] },
  fromModule: { call: m.fromModule, args: () => [ownModule, 'made', { rate: 0.1 }] },
  defineConfig: { call: m.defineConfig, args: () => [{ methods: [] }] },
  defineMethod: {
    call: m.defineMethod,
    args: () => [
      {
        name: 'mine',
        summary: 'of my own',
        network: 'complex' as const,
        settings: z.strictObject({}).prefault({}),
        make: () => m.maml({ rate: 0.1, steps: 1 }),
        plan: () => ({ phases: [{ beta: 0, steps: 1, tolerance: 0 }], stride: 1 }),
      },
    ],
  },
  registerEngine: { call: m.registerEngine, args: () => ['mine', () => m.referenceEngine] },
  scheduled: { call: m.scheduled, args: () => [m.sgd({ rate: 0.1 }), () => 0.5] },
  halving: { call: m.halving, args: () => [3] },
  linearDecay: { call: m.linearDecay, args: () => [3] },
  registerMetaOptimizer: { call: m.registerMetaOptimizer, args: () => ['mine', m.sgd] },
  readMnist: { call: m.readMnist, args: () => ['train', { folder: imageFolder }] },
  readFashionMnist: { call: m.readFashionMnist, args: () => ['test', { folder: imageFolder }] },
  readCifar10: { call: m.readCifar10, args: () => ['train', { folder: imageFolder }] },
  makeImageSet: { call: m.makeImageSet, args: () => [imageSet()] },
  prepareOmniglot: { call: m.prepareOmniglot, args: () => [{ folder: imageFolder }] },
  openOmniglot: { call: m.openOmniglot, args: () => [{ folder: imageFolder }] },
  makeCharacterSet: { call: m.makeCharacterSet, args: () => [characterSet()] },
  characterEpisodes: {
    call: made((...a) => m.characterEpisodes(...(a as [never])).sample(stream())),
    args: () => [
      { set: characterSet(), characters: [0, 1], rotations: 4 as const, ways: 2, shots: 1, query: 2 },
    ],
  },
  channelStatistics: { call: m.channelStatistics, args: () => [imageSet(), [0, 2]] },
  imageBatch: {
    call: m.imageBatch,
    args: () => [imageSet(), [2, 0], { mean: [0.5, 0.5], deviation: [0.2, 0.3] }],
  },
  stratifiedSplit: {
    call: m.stratifiedSplit,
    args: () => [imageSet(), { train: 2, heldOut: 2, stream: stream(), allowMissingClasses: false }],
  },
  readTable: { call: m.readTable, args: () => [table, { target: 'y' }] },
  tabledTasks: {
    call: m.tabledTasks,
    args: () => [{ tables: [batch(), batch()], heldOut: 0.5 }],
  },
  registerLayerArithmetic: {
    call: m.registerLayerArithmetic,
    args: () => [layerArithmetic(`layer-${files++}`)],
  },
  registerLossArithmetic: {
    call: m.registerLossArithmetic,
    args: () => [{ kind: `loss-${files++}`, forward: () => 0, gradientTangent() {} }],
  },
  relativeError: { call: m.relativeError, args: () => [Float64Array.of(1), Float64Array.of(2)] },
  replay: {
    call: made((...a) =>
      m
        .replay(...(a as [never, never]))
        .subscribe({ error() {} })
        .unsubscribe(),
    ),
    args: () => [of(...m.schedule(plan(), 0, 1)), () => batch()],
  },
  schedule: {
    call: made((...a) => {
      let count = 0;
      for (const _tick of m.schedule(...(a as [never, never, never]))) if (++count > 20) break;
    }),
    args: () => [plan(), 0, 2],
  },
  scheduleSummary: { call: m.scheduleSummary, args: () => [{ plan: plan(), tasks: 2, batch: 1 }] },
  selectSamples: { call: m.selectSamples, args: () => [batch(), [0, 1]] },
  sinusoids: {
    call: made((...a) => m.sinusoids(...(a as [never])).sample(stream())),
    args: () => [{ support: 2, query: 2, amplitude: [1, 2], phase: [0, 1], range: [-1, 1] }],
  },
  splitTask: { call: m.splitTask, args: () => [batch(10), { name: 'task', heldOut: 0.3, stream: stream() }] },
  sweepPhases: {
    call: m.sweepPhases,
    args: () => [
      {
        network,
        task: task(),
        initial: { lambda: 0.1 },
        seed: 1,
        engine: Object.freeze({ ...m.referenceEngine }),
        rules: Object.freeze(plain),
        optimizer: Object.freeze(m.sgd({ rate: 0.05 })),
        free: 2,
        nudged: [1, 2],
        estimator: (beta: number) => m.forward(beta),
        betas: [0.1, 0.2],
      },
    ],
  },
  taskPlan: { call: m.taskPlan, args: () => [rule, 1] },
  terminalChart: {
    call: m.terminalChart,
    args: () => [[1, 2, 3], { title: 'Title', across: 'step', last: 2, height: 4, width: 20 }],
  },
  judgeSimulation: {
    call: m.judgeSimulation,
    args: () => [
      simulation(),
      {
        rule,
        engine: Object.freeze({ ...m.referenceEngine }),
        rules: Object.freeze(plain),
        seed: 1,
        signal: new AbortController().signal,
        learned: ['lambda'],
      },
    ],
  },
  rulePaths: { call: m.rulePaths, args: () => ['contrastive.'] },
  metaLearn: {
    call: made((...a) => m.metaLearn(...(a as [never, never]))),
    args: () => [
      Object.freeze(learningContext()),
      { ...judgeable(), measuresLast: true, history: [], note: () => 'noted' },
    ],
  },
  diagnoseLearning: {
    call: made((...a) => m.diagnoseLearning(...(a as [never, never, never]))),
    args: () => [Object.freeze(learningContext()), judgeable(), { simulation: simulation().save() }],
  },
  estimateError: { call: m.estimateError, args: () => [evidence] },
  judgeTrust: { call: m.judgeTrust, args: () => [evidence] },
};

let evidence: metaplast.TrustEvidence;
let session: metaplast.Session;
const sessionOf = (): metaplast.Session => session;

/** What some calls need, and takes time to make. */
export async function prepare(): Promise<void> {
  await m.prepareOmniglot({ folder: imageFolder });
  session = await m.referenceEngine.open(network);
  Object.freeze(session);
  evidence = await m.gatherEvidence({
    network,
    task: task(),
    rule,
    slow: { ...slow(), lambda: new Float64Array(network.size).fill(5) },
    start: new Float64Array(network.size),
    engine: m.referenceEngine,
    rules: plain,
  });
}

void EMPTY;
