import fc from 'fast-check';
import { DivergenceError } from '../../src/core/errors';
import type { Batch } from '../../src/data/batch';
import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { forward, symmetric } from '../../src/learning/estimators';
import { adam, heavyBall, nesterov, type Optimizer, sgd } from '../../src/learning/optimizers';
import type { SimulationOptions } from '../../src/learning/simulation-options';
import { simulate } from '../../src/learning/simulator';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse, defineSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { oneSynapseOptions } from './one-synapse';

const simd = simdEngine({ blas: 'wasm' });

const batch = (x: number[], y: number[]): Batch => ({
  ...{ samples: y.length, inputs: x.length / y.length, targets: 1 },
  ...{ x: Float64Array.from(x), y: Float64Array.from(y) },
});

/** A linear unit without a bias on data of any scale, without a penalty. */
function rawProblem(x: number[], y: number[], inner: Optimizer, engine: Engine): SimulationOptions {
  const inputs = x.length / y.length;
  const data = batch(x, y);
  const phase = { optimizer: inner, steps: 2000, tolerance: 0 };
  return {
    network: defineNetwork({
      ...{ input: [inputs], layers: [dense(inputs, 1, { bias: false })], loss: mse, synapse: complexSynapse },
    }),
    task: { name: 'raw', train: data, heldOut: data },
    rule: contrastive({ estimator: forward(0.1), free: phase, nudged: phase }),
    meta: { optimizer: sgd({ rate: 0.1 }), learn: [] },
    ...{ engine, rules: plainExecutor(), initial: { phi: 0.1, lambda: 0 } },
  };
}

/** phi at the end of the free phase, or what the error says. */
async function outcome(options: SimulationOptions): Promise<number | string> {
  const simulation = simulate(options);
  try {
    return (await simulation.estimate()).equilibria.get(0)![0]!;
  } catch (error) {
    expect(error).toBeInstanceOf(DivergenceError);
    return (error as Error).message;
  } finally {
    await simulation.close();
  }
}

const rateIn = (message: string | number): number =>
  Number(/Try a learning rate of (\S+) \(it was/.exec(String(message))?.[1]);

describe('data in raw units, at a learning rate that is right for them,', () => {
  // Least squares of a line through the origin: y = 1e5 x, exactly; sum xy / sum x^2; y = 1e13 x, exactly.
  const cases: [string, number[], number[], number, number][] = [
    ['areas in m2, prices in cents', [1e4, 2e4, 3e4], [1e9, 2e9, 3e9], 1e-10, 1e5],
    ['populations, products', [1e7, 3e7, 8e7], [4e11, 1e12, 3e12], 1e-16, 2.74e20 / 7.4e15],
    ['small inputs, large targets', [1, 2, 3], [1e13, 2e13, 3e13], 0.05, 1e13],
  ];

  it.each(cases)('are learned in float64: %s', async (_name, x, y, rate, minimum) => {
    const phi = await outcome(rawProblem(x, y, sgd({ rate }), referenceEngine));
    expect(Number(phi) / minimum).toBeCloseTo(1, 10);
  });

  it.each(cases)(
    'are learned in float32, or it is said that their scale does not fit: %s',
    async (...given) => {
      const [, x, y, rate, minimum] = given;
      const end = await outcome(rawProblem(x, y, sgd({ rate }), simd));
      if (typeof end === 'number') expect(end / minimum).toBeCloseTo(1, 5);
      else {
        expect(end).toMatch(/at step 0: .* No learning rate can help before the first step/);
        expect(end).toMatch(/inputs of up to 8\.0e\+7, targets of up to 3\.0e\+12 and phi of up to 0\.1/);
        expect(end).toMatch(
          /norm 1\.\d*e\+20, and float32.* Standardise the data .*or take the engine reference/,
        );
      }
    },
  );

  it('are told to be standardised beside a rate that is low enough, where the rate was not', async () => {
    const [, x, y] = cases[0]!;
    const message = await outcome(rawProblem(x, y, sgd({ rate: 0.05 }), referenceEngine));
    expect(message).toMatch(/data in units of their own, with inputs of up to 30000; standardise them/);
    const learned = await outcome(rawProblem(x, y, sgd({ rate: rateIn(message) }), referenceEngine));
    expect(Number(learned) / 1e5).toBeCloseTo(1, 10);
  });
});

describe('the rate that is advised where learning diverged', () => {
  const scale = fc.double({ min: -3, max: 3, noNaN: true }).map((power) => 10 ** power);
  const optimizer = fc.constantFrom(
    (rate: number) => sgd({ rate }),
    (rate: number) => heavyBall({ rate, momentum: 0.5 }),
    (rate: number) => nesterov({ rate }),
    (rate: number) => nesterov({ rate, momentum: 0.5 }),
  );
  const direction = fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 });

  it('settles, taken literally, on quadratic losses of any curvature, whatever the rate was', async () => {
    await fc.assert(
      fc.asyncProperty(optimizer, scale, scale, direction, async (make, size, excess, [a, b]) => {
        // Two inputs that are alike: one steep direction and one that is less so.
        const x = [a! * size, b! * size, b! * size, -a! * size];
        const steepest = (a! ** 2 + b! ** 2) * size ** 2;
        const rate = ((make(1).stableBelow ?? 2) / steepest) * (1.5 + excess);
        const options = (tried: number) => rawProblem(x, [1, 2], make(tried), referenceEngine);
        const message = await outcome(options(rate));
        expect(message).toMatch(/Learning diverged/);
        const phi = Number(await outcome(options(rateIn(message))));
        const minimum = (a! * 1 + b! * 2) / (a! ** 2 + b! ** 2) / size;
        expect(phi / minimum).toBeCloseTo(1, 6);
      }),
      { numRuns: 30 },
    );
  });

  it('is lower by as much as it takes for an optimiser that has no bound', async () => {
    const options = (rate: number) => rawProblem([1, 2], [1, 2], adam({ rate }), referenceEngine);
    const message = await outcome(options(1e14));
    expect(rateIn(message)).toBeLessThan(1e14);
    expect(await outcome(options(rateIn(message)))).toEqual(expect.any(Number));
  });

  it('names the penalty where that is what is steep', async () => {
    const phase = { optimizer: sgd({ rate: 0.01 }), steps: 500, tolerance: 0 };
    const rule = contrastive({ estimator: forward(0.1), free: phase, nudged: phase });
    const change = { rule, initial: { phi: 0.2, omega: 0, lambda: 300 } };
    const message = await outcome(oneSynapseOptions(change));
    // Curvature 2 + 300, stable below 2/302.
    expect(message).toMatch(
      /Try a learning rate of 0\.003 \(it was 0\.01\): the steepest curvature is 300 \(the penalty's: lambda of up to 300\), where rates below 0\.0066 are stable/,
    );
  });

  it('is none where no rate helps: the loss has no minimum', async () => {
    const network = defineNetwork({
      ...{ input: [1], layers: [dense(1, 1, { bias: false })], loss: mse },
      synapse: defineSynapse({
        fast: 'phi',
        meta: { lambda: { nonNegative: true } },
        penalty: '-lambda * phi^4',
      }),
    });
    const phase = { optimizer: sgd({ rate: 0.1 }), steps: 500, tolerance: 0 };
    const rule = contrastive({ estimator: forward(0.1), free: phase, nudged: phase });
    const initial = { phi: 5, lambda: 3 };
    const message = await outcome({ ...oneSynapseOptions(), network, rule, initial });
    expect(message).toMatch(
      /No learning rate can help where the loss curves downwards: the steepest curvature is -900 \(the penalty's: lambda of up to 3\)\. Check that it has a minimum/,
    );
  });
});

describe('where a negative nudge diverged,', () => {
  it('a tenth of it is advised only where that helps: else it is the rate', async () => {
    const free = { optimizer: sgd({ rate: 0.1 }), steps: 200, tolerance: 1e-12 };
    const nudged = { ...free, optimizer: sgd({ rate: 50 }) };
    const rule = contrastive({ estimator: forward(-0.1), free, nudged });
    const message = await outcome(oneSynapseOptions({ rule }));
    expect(message).not.toMatch(/try beta/);
    expect(rateIn(message)).toBeLessThan(2 / 2.3);
  });

  it('a forward estimator is advised only where it does not diverge as well', async () => {
    const free = { optimizer: sgd({ rate: 0.1 }), steps: 200, tolerance: 1e-12 };
    // L_in + beta L_out has curvature 2.5 + 2 beta: 6.5 and -1.5 at beta = 2 and -2; the rate 0.4 is stable below 5.
    const nudged = { ...free, optimizer: sgd({ rate: 0.4 }), steps: 400 };
    const rule = contrastive({ estimator: forward(-2), free, nudged });
    const message = await outcome(oneSynapseOptions({ rule }));
    expect(message).toMatch(/try beta = -0\.2$|try beta = -0\.2\./);
    expect(message).not.toMatch(/forward estimator/);
  });
});

it('an estimator that nudges both ways is told of beta, as before', async () => {
  const phase = { optimizer: sgd({ rate: 0.1 }), steps: 2000, tolerance: 1e-9 };
  const rule = contrastive({ estimator: symmetric(3), free: phase, nudged: phase });
  expect(await outcome(oneSynapseOptions({ rule }))).toMatch(
    /try beta = -0\.3, or a forward estimator with a beta above 0/,
  );
});
