import { RandomStream } from '../../src/core/random';
import { contrastive } from '../../src/learning/contrastive';
import { type Estimator, estimatorNamed } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { estimate } from '../../src/run/estimate/estimate';
import { parseProblem } from '../../src/run/estimate/problem';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { oracleGradient, oracleHessianVector, type Parameters } from '../conformance/oracle';

/*
 * Problem files with images, as users write them, held to derivatives by hyper-dual numbers: that phases end where the augmented loss has no
 * gradient; that estimates are the contrast of these ends; that the exact gradient solves the linear system of the implicit function theorem.
 */
const stream = new RandomStream('image problems', 'seed');
const normals = (length: number, scale = 1): number[] =>
  Array.from({ length }, () => scale * stream.normal());
const images = (samples: number, size: number) => Array.from({ length: samples }, () => normals(size));
const classes = (samples: number) => Array.from({ length: samples }, (_, i) => i % 2);

const layers = [
  { type: 'conv2d', inputs: 1, outputs: 2, kernel: 3, stride: 2, padding: 1 },
  { type: 'batch-norm', features: 2 },
  { type: 'tanh' },
  { type: 'flatten' },
  { type: 'dense', inputs: 18, outputs: 2 },
];
const phase = {
  optimizer: 'sgd',
  learningRate: 0.05,
  momentum: 0.8,
  nesterov: true,
  steps: 20_000,
  tolerance: 1e-12,
};
const shared = {
  model: { inputShape: [1, 5, 5], layers },
  loss: 'cross-entropy',
  train: { x: images(6, 25), y: classes(6) },
  validation: { x: images(5, 25), y: classes(5) },
  free: phase,
  nudged: phase,
};
const conv = normals(20, 0.4);
const rest = [...[1.2, 0.8, 0.1, -0.2], ...normals(38, 0.3)];
const problems = {
  'all parameters learn': {
    ...shared,
    phi: [...conv, ...rest],
    omega: normals(62, 0.8),
    lambda: Array<number>(62).fill(0.3),
  },
  'learning by modulation': {
    ...shared,
    learning: 'modulation',
    phi: rest,
    theta: conv,
    omega: normals(42, 0.8),
    lambda: Array<number>(42).fill(0.3),
  },
  'batch norm behind dense, and mse': {
    ...shared,
    model: {
      layers: [
        { type: 'dense', inputs: 3, outputs: 4 },
        { type: 'batch-norm', features: 4, activation: 'tanh' },
        { type: 'dense', inputs: 4, outputs: 1 },
      ],
    },
    loss: 'mse',
    train: { x: images(7, 3), y: normals(7) },
    validation: { x: images(5, 3), y: normals(5) },
    phi: [...normals(16, 0.5), ...Array<number>(4).fill(1), ...normals(9, 0.3)],
    omega: normals(29, 0.8),
    lambda: Array<number>(29).fill(0.3),
  },
};

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  norm(Array.from(a, (value, i) => value - b[i]!)) / norm(b);

/** Where the phases of a problem end, by the same engine. */
async function ends(given: ReturnType<typeof parseProblem>, estimator: Estimator) {
  const { network, task, initial, free, nudged, optimizerState } = given;
  const rule = contrastive({ estimator, free, nudged, optimizerState });
  const simulation = simulate({
    network,
    task,
    initial,
    rule,
    engine: 'reference',
    rules: plainExecutor(),
    meta: { optimizer: sgd({ rate: 1 }), learn: [] },
  });
  const { equilibria } = await simulation.estimate();
  await simulation.close();
  return equilibria;
}

describe.each(Object.entries(problems))('an image problem in which %s', (_, file) => {
  const beta = 0.1;
  const problem = parseProblem(file);
  const { network, task, initial } = problem;
  const { omega, lambda, theta = [] } = initial;
  const at = (phi: ArrayLike<number>): Parameters => ({ phi, theta });
  const augmented = (phi: ArrayLike<number>, nudge: number, role: 'fast' | 'meta' = 'fast'): number[] => {
    const inner = oracleGradient(network, task.train, at(phi), role);
    const outer = oracleGradient(network, task.heldOut, at(phi), role);
    return inner.map(
      (slope, i) => slope + nudge * outer[i]! + (role === 'fast' ? lambda[i]! * (phi[i]! - omega[i]!) : 0),
    );
  };

  // With a negative nudge the last one has lost its minimum.
  test.each(problem.network.loss.kind === 'mse' ? ['forward'] : ['forward', 'symmetric'])(
    'has the %s estimate of the ends of its phases, which are minima',
    async (name) => {
      const estimator = estimatorNamed(name, beta);
      const equilibria = await ends(problem, estimator);
      for (const [nudge, phi] of equilibria) expect(norm(augmented(phi, nudge))).toBeLessThan(1e-11);
      const { metaGradient } = await estimate(problem, estimator, 'reference');
      const contrast = (of: (nudge: number, i: number) => number, size: number): number[] =>
        Array.from({ length: size }, (_, i) =>
          estimator.terms.reduce(
            (sum, { nudged, reference, coefficient }) =>
              sum + coefficient * (of(nudged, i) - of(reference, i)),
            0,
          ),
        );
      const phi = (nudge: number, i: number): number => equilibria.get(nudge)![i]!;
      const ofOmega = contrast((nudge, i) => lambda[i]! * (omega[i]! - phi(nudge, i)), omega.length);
      const ofLambda = contrast((nudge, i) => (phi(nudge, i) - omega[i]!) ** 2 / 2, omega.length);
      expect(difference(metaGradient.omega, ofOmega)).toBeLessThan(1e-8);
      expect(difference(metaGradient.lambda, ofLambda)).toBeLessThan(1e-8);
      if (theta.length === 0) return;
      const slopes = new Map([...equilibria].map(([nudge, end]) => [nudge, augmented(end, nudge, 'meta')]));
      const ofTheta = contrast((nudge, i) => slopes.get(nudge)![i]!, theta.length);
      expect(difference(metaGradient.theta!, ofTheta)).toBeLessThan(1e-8);
    },
  );

  test('has the exact gradient, whose linear system it solves', async () => {
    const estimator = estimatorNamed('forward', beta);
    const phi = (await ends(problem, estimator)).get(0)!;
    const { exact, exactRefused, relativeError } = await estimate(problem, estimator, 'reference');
    expect(exactRefused).toBeNull();
    // d2R/dlambda dphi = phi - omega, so that the solution can be read from the gradient of lambda.
    const solution = exact!.lambda.map((value, i) => -value / (phi[i]! - omega[i]!));
    const product = oracleHessianVector(network, task.train, at(phi), solution);
    const outer = oracleGradient(network, task.heldOut, at(phi));
    expect(
      difference(
        product.map((value, i) => value + lambda[i]! * solution[i]!),
        outer,
      ),
    ).toBeLessThan(1e-8);
    expect(
      difference(
        exact!.omega,
        solution.map((value, i) => lambda[i]! * value),
      ),
    ).toBeLessThan(1e-8);
    // Its bias is of order beta times curvatures that batch norm makes large: it is of the gradient's own size here.
    expect(relativeError!.lambda!).toBeLessThan(1);
  });

  test('has a meta-gradient of exactly 0 for a bias right before batch norm', async () => {
    const { metaGradient } = await estimate(problem, estimatorNamed('forward', beta), 'reference');
    const [first] = network.blocks.filter(({ spec }) => spec.name === 'bias');
    if (first?.layer !== 0) return; // theta, in learning by modulation
    const own = metaGradient.omega.slice(first.offset, first.offset + first.size);
    // Settling leaves 1e-12 / lambda of it.
    for (const value of own) expect(Math.abs(value)).toBeLessThan(1e-10);
  });
});
