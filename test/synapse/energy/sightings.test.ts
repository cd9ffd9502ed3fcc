import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { contrastive } from '../../../src/learning/contrastive';
import { forward } from '../../../src/learning/estimators';
import { sgd } from '../../../src/learning/optimizers';
import { simulate } from '../../../src/learning/simulator';
import { dense } from '../../../src/network/layers/dense';
import { mse } from '../../../src/network/loss';
import { defineNetwork } from '../../../src/network/network';
import { defineSynapse } from '../../../src/synapse/model';
import { plainExecutor } from '../../../src/synapse/plain-executor';

const sample = (target: number) => ({
  samples: 1,
  inputs: 1,
  targets: 1,
  x: Float64Array.of(1),
  y: Float64Array.of(target),
});

interface Settling {
  readonly penalty: string;
  readonly phi: number;
  /** A third slow variable and its value. */
  readonly third?: readonly [name: string, value: number];
  readonly omega?: number;
  readonly rate?: number;
  readonly engine?: 'reference' | 'simd';
}

/** The end of the free phase on (phi + 1)^2 + R, from phi, with lambda = 0.5. */
async function freeMinimum(given: Settling): Promise<number> {
  const { penalty, phi, third, omega = 0, rate = 0.02, engine = 'reference' } = given;
  const phase = { optimizer: sgd({ rate }), steps: 4000, tolerance: 0 };
  const simulation = simulate({
    network: defineNetwork({
      input: [1],
      layers: [dense(1, 1, { bias: false })],
      loss: mse,
      synapse: defineSynapse({
        fast: 'phi',
        meta: ['omega', 'lambda', ...(third === undefined ? [] : [third[0]])],
        penalty,
      }),
    }),
    task: { name: 'one number', train: sample(-1), heldOut: sample(-0.7) },
    rule: contrastive({ estimator: forward(0.01), free: phase, nudged: phase }),
    meta: { optimizer: sgd({ rate: 0.1 }), learn: [] },
    rules: plainExecutor(),
    engine: engine === 'simd' ? simdEngine() : referenceEngine,
    initial: { phi, omega, lambda: 0.5, ...(third === undefined ? {} : { [third[0]]: third[1] }) },
  });
  const { equilibria } = await simulation.estimate();
  await simulation.close();
  return equilibria.get(0)![0]!;
}

/** Where the derivative of (phi + 1)^2 + R changes its sign, by bisection. */
function smallest(slope: (phi: number) => number): number {
  let [low, high] = [-4, 4];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (2 * (middle + 1) + slope(middle) < 0) low = middle;
    else high = middle;
  }
  return low;
}

describe.each(['reference', 'simd'] as const)(
  'on the %s engine, learning settles at the minimum of the penalty as written',
  (engine) => {
    const cases: readonly (Settling & { readonly slope: (phi: number) => number; readonly is: number })[] = [
      {
        penalty: 'lambda * ((phi - omega)^2)^0.5',
        phi: 0.25,
        slope: (phi) => 0.5 * Math.sign(phi),
        is: -0.75,
      },
      {
        penalty: 'lambda * sqrt((phi - omega)^2)',
        phi: 0.25,
        slope: (phi) => 0.5 * Math.sign(phi),
        is: -0.75,
      },
      {
        penalty: 'sqrt((lambda * (phi - omega))^2)',
        phi: 0.25,
        slope: (phi) => 0.5 * Math.sign(phi),
        is: -0.75,
      },
      {
        penalty: 'lambda * ((phi - omega)^2)^1.5',
        phi: -0.5,
        slope: (phi) => 1.5 * phi * Math.abs(phi),
        is: -0.66667,
      },
      {
        penalty: 'log(e) * (phi - omega)^2 * lambda',
        phi: -0.5,
        third: ['e', 20],
        slope: (phi) => Math.log(20) * phi,
        is: -0.40034,
      },
      {
        penalty: 'lambda * abs(phi - omega)^1.5',
        phi: 0,
        slope: (phi) => 0.75 * Math.sign(phi) * Math.abs(phi) ** 0.5,
        is: -0.68878,
      },
      {
        penalty: 'max(phi - omega, 0)^1.5 + 0 * lambda',
        phi: 0,
        slope: (phi) => 1.5 * Math.max(phi, 0) ** 0.5,
        is: -1,
      },
      {
        penalty: 'lambda * sqrt((phi - omega)^2 + 1e-16)',
        phi: 0.25,
        omega: 0.25,
        slope: (phi) => 0.5 * Math.sign(phi - 0.25),
        is: -0.75,
      },
      {
        penalty: 'min(1/(phi - omega)^2, 4) + 0 * lambda',
        phi: 0,
        slope: (phi) => (Math.abs(phi) > 0.5 ? -2 / phi ** 3 : 0),
        is: -1.38028,
      },
    ];

    it.each(cases)('$penalty', async ({ slope, is, ...given }) => {
      const end = await freeMinimum({ ...given, engine });
      // 4000 steps of 0.02 leave nothing of the way; float32 keeps seven digits of it.
      expect(end).toBeCloseTo(is, 4);
      expect(smallest(slope)).toBeCloseTo(is, 4);
    });
  },
);

describe('a variable of a penalty', () => {
  const penalty = (name: string) => `log(${name}) * (phi - omega)^2 * lambda`;

  it.each([
    'e',
    'E',
    'pi',
    'i',
    'tau',
    'LN2',
    'version',
    'cm',
    'to',
    'mod',
    'not',
    'abs',
    'log',
    'constructor',
    'toString',
  ])('may be called %s: it means that variable, to the last bit', async (name) => {
    const phi = -0.5;
    const plain = await freeMinimum({ penalty: penalty('f'), phi, third: ['f', 20] });
    expect(await freeMinimum({ penalty: penalty(name), phi, third: [name, 20] })).toBe(plain);
  });
});
