import fc from 'fast-check';
import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import type { Engine, Session } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { nesterov } from '../../src/learning/optimizers';
import type { Credit } from '../../src/network/credit/credit';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { directFeedback, feedbackAlignment } from '../../src/network/credit/random-feedback';
import { dense } from '../../src/network/layers/dense';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, mse } from '../../src/network/loss';
import { defineNetwork, initialParameters, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { expectClose } from './expect-close';

const simd = simdEngine({ blas: 'wasm' });

// Float32 rounds by 6e-8. Sums of up to nine terms, four stages and ten sweeps lose a digit of that; what is divided by b loses none beyond it, since differences are
// carried as such. Worst of these cases: 8e-7.
const tolerance = 3e-6;

/** Two states of a relu unit on both sides of its kink differ by what its drive is above it, and have the rounding of that: 1e-7 of what is of the order of b. */
const toleranceOf = ({ network }: Case, nudge: number): number =>
  network.layers.some(({ kind }) => kind === 'relu') ? tolerance + 1e-7 / nudge : tolerance;

const credits: Readonly<Record<string, fc.Arbitrary<Credit>>> = {
  equilibrium: fc
    .record({
      nudge: fc.constantFrom(0.5, 0.1, 0.01),
      sweeps: fc.integer({ min: 1, max: 10 }),
      order: fc.constantFrom('top-down' as const, 'synchronous' as const),
      dt: fc.constantFrom(null, 0.05),
    })
    .map(equilibriumPropagation),
  dual: fc
    .record({ nudge: fc.constantFrom(0.5, 0.1, 0.01), sweeps: fc.integer({ min: 1, max: 4 }) })
    .map(dualPropagation),
  'feedback alignment': fc.record({ seed: fc.nat(9) }).map(feedbackAlignment),
  'direct feedback': fc.record({ seed: fc.nat(9) }).map(directFeedback),
};

interface Case {
  readonly network: Network;
  readonly phi: Float64Array;
  readonly train: Batch;
  readonly replay: Batch;
  readonly beta: number;
}

const stage = fc.record({
  outputs: fc.integer({ min: 1, max: 9 }),
  bias: fc.boolean(),
  before: fc.constantFrom('none' as const, 'tanh' as const, 'tanh' as const, 'relu' as const),
});

const descriptionsOf = (credit: fc.Arbitrary<Credit>) =>
  fc.record({
    credit,
    inputs: fc.integer({ min: 1, max: 9 }),
    stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
    classes: fc.boolean(),
    samples: fc.integer({ min: 1, max: 33 }),
    replayed: fc.integer({ min: 1, max: 33 }),
    beta: fc.constantFrom(0.3, -0.2),
    seed: fc.nat(1e6),
  });

type Description = ReturnType<typeof descriptionsOf> extends fc.Arbitrary<infer D> ? D : never;

function caseOf({ credit, inputs, stages, classes, samples, replayed, beta, seed }: Description): Case {
  const layers = stages.flatMap(({ outputs, bias, before }, l) => [
    ...{ none: [], tanh: [tanh()], relu: [relu()] }[before],
    dense(l === 0 ? inputs : stages[l - 1]!.outputs, outputs, { bias }),
  ]);
  const { outputs } = stages.at(-1)!;
  const loss = classes ? crossEntropy : mse;
  const network = defineNetwork({ input: [inputs], layers, loss, synapse: complexSynapse, credit });
  const stream = new RandomStream(`${seed}`, 'credit');
  const normals = (count: number) => Float64Array.from({ length: count }, () => Math.fround(stream.normal()));
  const labels = (count: number) => Float64Array.from({ length: count }, () => stream.integer(outputs));
  const batch = (count: number): Batch => ({
    ...{ samples: count, inputs, targets: classes ? 1 : outputs, x: normals(count * inputs) },
    y: classes ? labels(count) : normals(count * outputs),
  });
  const phi = initialParameters(network, stream).fast.map(Math.fround);
  return { network, phi, train: batch(samples), replay: batch(replayed), beta };
}

async function asked<T>(
  engine: Engine,
  { network, phi }: Case,
  ask: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await engine.open(network);
  try {
    await session.write('phi', phi);
    await session.write('lambda', new Float64Array(network.size).fill(0.1));
    return await ask(session);
  } finally {
    await session.close();
  }
}

const both = <T>(given: Case, ask: (session: Session) => Promise<T>): Promise<[own: T, right: T]> =>
  Promise.all([asked(simd, given, ask), asked(referenceEngine, given, ask)]);

describe.each(Object.entries(credits))('by %s, the simd engine has as the reference engine', (_, credit) => {
  const property = (numRuns: number, expectSo: (given: Case) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(descriptionsOf(credit), (description) => expectSo(caseOf(description))),
      { numRuns, seed: 1 },
    );

  it('the gradient', () =>
    property(150, async (given) => {
      const [own, right] = await both(given, (session) => session.gradient(given.train));
      expectClose(own, right, tolerance, 1e-3);
    }));

  it('what is learned in a free and a nudged phase', () =>
    property(60, async (given) => {
      const { train, replay, beta } = given;
      const inner = nesterov({ rate: 0.03 });
      const [own, right] = await both(given, async (session) => {
        const free = { inner, beta: 0, steps: 5, stepsTaken: 0, train, replay: null, tolerance: 0 };
        const ends = [
          await session.settle(free),
          await session.settle({ ...free, beta, replay, stepsTaken: 5 }),
        ];
        return [
          ...(await session.read('phi')),
          ...(await session.read('momentum')),
          ...ends.map(({ residual }) => residual),
        ];
      });
      expectClose(own, right, tolerance, 1e-3);
    }));

  it('loss and outputs', () =>
    property(30, async (given) => {
      const [own, right] = await both(given, (session) => session.evaluate(given.replay));
      expectClose([own.loss, ...own.outputs], [right.loss, ...right.outputs], tolerance);
    }));

  it('how far neurons are from settled, and where they were on the way', () =>
    property(30, async (given) => {
      const [own, right] = await both(given, (session) => session.relax!(given.train, { every: 1 }));
      expect(own.frames.map(({ sweep }) => sweep)).toEqual(right.frames.map(({ sweep }) => sweep));
      own.frames.forEach(({ states }, i) => {
        expectClose(states, right.frames[i]!.states, tolerance);
      });
      // Means of two states are known to 6e-8 of their size, which is 1e-5 of their difference where b is 0.01.
      expect(Math.abs(own.residual - right.residual)).toBeLessThan(1e-4);
    }));

  it('products with the Hessian, to what differences of float32 gradients give', () =>
    property(20, async (given) => {
      const vector = given.phi.map((_, i) => Math.cos(3 * i));
      const [own, right] = await both(given, (session) => session.hessianVector(given.train, vector));
      // The step, 0.005 max(1, |phi|) along the vector, leaves its square of third derivatives: 2e-3 at the most here. At a kink of relu there are none.
      const kinked = given.network.layers.some(({ kind }) => kind === 'relu');
      if (!kinked) expectClose(own, right, 5e-3, 0.01);
    }));
});

it.each([0.1, 0.01, 0.001, 1e-5])('simd loses no digits by a weak nudge: %d', async (nudge) => {
  for (const credit of [
    dualPropagation({ nudge }),
    equilibriumPropagation({ nudge }),
    equilibriumPropagation({ nudge, order: 'synchronous' }),
  ])
    await fc.assert(
      fc.asyncProperty(descriptionsOf(fc.constant(credit)), async (description) => {
        const given = caseOf(description);
        const [own, right] = await both(given, (session) => session.gradient(given.train));
        expectClose(own, right, toleranceOf(given, nudge), 1e-3);
      }),
      { numRuns: 25, seed: 2 },
    );
});
