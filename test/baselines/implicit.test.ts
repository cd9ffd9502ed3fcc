import { Matrix, solve } from 'ml-matrix';
import { type ImplicitProblem, implicitGradient, relativeError } from '../../src/baselines/implicit';
import { InputError, NoMinimumError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { nesterov } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, type Loss, mse } from '../../src/network/loss';
import { defineNetwork, type Network } from '../../src/network/network';
import { complexSynapse, defineSynapse } from '../../src/synapse/model';

type Slow = Record<'omega' | 'lambda', Float64Array>;

const linear = (inputs: number, outputs = 1): Network =>
  defineNetwork({
    input: [inputs],
    layers: [dense(inputs, outputs, { bias: false })],
    loss: mse,
    synapse: complexSynapse,
  });

const twoLayers = (loss: Loss = mse): Network =>
  defineNetwork({ input: [2], layers: [dense(2, 3), tanh(), dense(3, 2)], loss, synapse: complexSynapse });

function drawnBatch(samples: number, inputs: number, targets: number, stream: RandomStream): Batch {
  const normals = (length: number) => Float64Array.from({ length }, () => stream.normal());
  return { samples, inputs, targets, x: normals(samples * inputs), y: normals(samples * targets) };
}

async function problemAt(network: Network, given: Omit<ImplicitProblem, 'network' | 'session'>) {
  return { network, session: await referenceEngine.open(network), ...given };
}

function expectClose(got: ArrayLike<number>, truth: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(truth.length);
  const scale = Math.max(...Array.from(truth, Math.abs));
  Array.from(truth).forEach((value, i) => {
    expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(tolerance * scale);
  });
}

describe('the exact meta-gradient of', () => {
  it('one weight is that of its closed form', async () => {
    // L_in = mean (w x - y)^2 + lambda/2 (w - omega)^2 has w* = (2 mean xy + lambda omega) / (2 mean x^2 + lambda).
    const stream = new RandomStream('implicit', 'one weight');
    const [train, heldOut] = [drawnBatch(6, 1, 1, stream), drawnBatch(4, 1, 1, stream)];
    const meanOf = (a: Float64Array, b: Float64Array) =>
      a.reduce((sum, x, i) => sum + x * b[i]!, 0) / a.length;
    const [omega, lambda] = [0.7, 0.4];
    const curvature = 2 * meanOf(train.x, train.x) + lambda;
    const w = (2 * meanOf(train.x, train.y) + lambda * omega) / curvature;
    const outer = 2 * (w * meanOf(heldOut.x, heldOut.x) - meanOf(heldOut.x, heldOut.y));
    const slow = { omega: Float64Array.of(omega), lambda: Float64Array.of(lambda) };
    const problem = await problemAt(linear(1), { train, heldOut, phi: Float64Array.of(w), slow });
    const { metaGradient, smallestEigenvalue, largestEigenvalue } = await implicitGradient(problem);
    // Some tens of roundings.
    expectClose(metaGradient.omega!, [(outer * lambda) / curvature], 1e-13);
    expectClose(metaGradient.lambda!, [(outer * (omega - w)) / curvature], 1e-13);
    expectClose([smallestEigenvalue, largestEigenvalue], [curvature, curvature], 1e-13);
  });

  it('ridge regression is that of its normal equations', async () => {
    // With A = 2/n X^T X + diag(lambda): A w* = 2/n X^T y + lambda omega, so that dw*/domega = A^-1 diag(lambda)
    // and dw*/dlambda = A^-1 diag(omega - w*).
    const stream = new RandomStream('implicit', 'ridge');
    const [n, m, d] = [7, 5, 4];
    const [train, heldOut] = [drawnBatch(n, d, 1, stream), drawnBatch(m, d, 1, stream)];
    const omega = Float64Array.from({ length: d }, () => stream.normal());
    const lambda = Float64Array.from({ length: d }, () => 0.1 + stream.uniform());
    const [x, y] = [Matrix.from1DArray(n, d, train.x), Matrix.columnVector(train.y)];
    const [xOut, yOut] = [Matrix.from1DArray(m, d, heldOut.x), Matrix.columnVector(heldOut.y)];
    const a = x
      .transpose()
      .mmul(x)
      .mul(2 / n)
      .add(Matrix.diag([...lambda]));
    const pulled = Matrix.columnVector(lambda.map((value, i) => value * omega[i]!));
    const w = solve(
      a,
      x
        .transpose()
        .mmul(y)
        .mul(2 / n)
        .add(pulled),
    );
    const outer = xOut
      .transpose()
      .mmul(Matrix.sub(xOut.mmul(w), yOut))
      .mul(2 / m);
    const phi = Float64Array.from(w.to1DArray());
    const through = (diagonal: Float64Array): number[] =>
      solve(a, Matrix.diag([...diagonal]))
        .transpose()
        .mmul(outer)
        .to1DArray();
    const problem = await problemAt(linear(d), { train, heldOut, phi, slow: { omega, lambda } });
    const { metaGradient } = await implicitGradient(problem);
    // Two solves of a system whose condition is some tens.
    expectClose(metaGradient.omega!, through(lambda), 1e-12);
    expectClose(metaGradient.lambda!, through(omega.map((value, i) => value - phi[i]!)), 1e-12);
  });

  it.each([mse, crossEntropy])(
    'a tanh network with $kind is what moving each slow variable does',
    async (loss) => {
      const network = twoLayers(loss);
      const stream = new RandomStream('implicit', `tanh, ${loss.kind}`);
      const { size } = network;
      const batch = (samples: number): Batch => {
        const drawn = drawnBatch(samples, 2, 2, stream);
        return loss === mse
          ? drawn
          : { ...drawn, targets: 1, y: drawn.y.subarray(0, samples).map((v) => +(v > 0)) };
      };
      const [train, heldOut] = [batch(6), batch(4)];
      const slow: Slow = {
        omega: Float64Array.from({ length: size }, () => 0.5 * stream.normal()),
        lambda: Float64Array.from({ length: size }, () => 0.3 + 0.3 * stream.uniform()),
      };
      const session = await referenceEngine.open(network);

      /** The minimum of the inner loss that is reached from `start`. */
      const minimum = async (at: Slow, start: Float64Array): Promise<Float64Array> => {
        await session.write('phi', start);
        for (const variable of ['omega', 'lambda'] as const) await session.write(variable, at[variable]);
        await session.write('momentum', new Float64Array(size));
        const inner = nesterov({ rate: 0.1, momentum: 0.8 });
        const request = {
          inner,
          beta: 0,
          steps: 20000,
          stepsTaken: 0,
          train,
          replay: null,
          tolerance: 1e-13,
        };
        expect((await session.settle(request)).converged).toBe(true);
        return session.read('phi');
      };
      const phi = await minimum(slow, slow.omega);
      const { metaGradient } = await implicitGradient({ network, session, train, heldOut, phi, slow });
      // Five-point differences: truncation of about h^4 = 1e-12, and a minimum known to 1e-12 adds 1e-12/h = 1e-9.
      const h = 1e-3;
      const stencil = [
        [-2, 1 / 12],
        [-1, -2 / 3],
        [1, 2 / 3],
        [2, -1 / 12],
      ] as const;
      for (const variable of ['omega', 'lambda'] as const) {
        const differenced = new Float64Array(size);
        for (let i = 0; i < size; i++) {
          for (const [steps, weight] of stencil) {
            const moved = { ...slow, [variable]: slow[variable].slice() };
            moved[variable][i]! += steps * h;
            await minimum(moved, phi);
            differenced[i]! += (weight * (await session.evaluate(heldOut)).loss) / h;
          }
        }
        expectClose(metaGradient[variable]!, differenced, 1e-8);
      }
    },
  );

  it("a synapse model of the user's own has an entry for each of its slow variables", async () => {
    // R = s (phi - a)^4 / 4 + phi^2 / 2: the curvature depends on phi, and the cross derivatives are not the usual ones.
    const synapse = defineSynapse({
      fast: 'phi',
      meta: ['a', 's'],
      penalty: 's * (phi - a)^4 / 4 + phi^2 / 2',
    });
    const network = defineNetwork({
      input: [1],
      layers: [dense(1, 1, { bias: false })],
      loss: mse,
      synapse,
    });
    const batch = (y: number): Batch => ({
      ...{ samples: 1, inputs: 1, targets: 1 },
      ...{ x: Float64Array.of(1), y: Float64Array.of(y) },
    });
    const [phi, a, s] = [0.5, 0.2, 3];
    // The training target that makes phi the minimum: 2 (phi - y) + s (phi - a)^3 + phi = 0.
    const train = batch(phi + (s * (phi - a) ** 3 + phi) / 2);
    const slow = { a: Float64Array.of(a), s: Float64Array.of(s) };
    const problem = await problemAt(network, { train, heldOut: batch(2), phi: Float64Array.of(phi), slow });
    const { metaGradient } = await implicitGradient(problem);
    const curvature = 2 + 3 * s * (phi - a) ** 2 + 1;
    const outer = 2 * (phi - 2);
    expectClose(metaGradient.a!, [(outer * 3 * s * (phi - a) ** 2) / curvature], 1e-13);
    expectClose(metaGradient.s!, [(-outer * (phi - a) ** 3) / curvature], 1e-13);
  });
});

describe('there is no exact meta-gradient', () => {
  const constant = (size: number, value: number): Float64Array => new Float64Array(size).fill(value);

  /** The error that says why, or a failure where there is none. */
  const refusal = async (problem: ImplicitProblem): Promise<NoMinimumError> => {
    const error = await implicitGradient(problem).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoMinimumError);
    return error as NoMinimumError;
  };

  it('at a saddle, where the Hessian is indefinite, and the message has the numbers', async () => {
    // output = v tanh(w), target 1, at w = v = 0: the Hessian is (0 -2; -2 0), with eigenvalues -2 and 2.
    const layers = [dense(1, 1, { bias: false }), tanh(), dense(1, 1, { bias: false })];
    const network = defineNetwork({ input: [1], layers, loss: mse, synapse: complexSynapse });
    const train: Batch = { samples: 1, inputs: 1, targets: 1, x: Float64Array.of(1), y: Float64Array.of(1) };
    const zero = constant(2, 0);
    const given = { train, heldOut: train, phi: zero, slow: { omega: zero, lambda: zero } };
    const error = await refusal(await problemAt(network, given));
    expect(error.message).toMatch(/indefinite.*-2\.000e\+0.*2\.000e\+0.*1 negative.*Raise lambda/);
    // Exact but for the rotations of a 2 x 2 matrix.
    expectClose([error.smallestEigenvalue, error.largestEigenvalue], [-2, 2], 1e-14);
    expect(error.negativeEigenvalues).toBe(1);
  });

  it('at that saddle until lambda outweighs the negative curvature', async () => {
    const layers = [dense(1, 1, { bias: false }), tanh(), dense(1, 1, { bias: false })];
    const network = defineNetwork({ input: [1], layers, loss: mse, synapse: complexSynapse });
    const train: Batch = { samples: 1, inputs: 1, targets: 1, x: Float64Array.of(1), y: Float64Array.of(1) };
    const at = (lambda: number) =>
      problemAt(network, {
        ...{ train, heldOut: train, phi: constant(2, 0) },
        slow: { omega: constant(2, 0), lambda: constant(2, lambda) },
      });
    expect((await refusal(await at(1.9))).negativeEigenvalues).toBe(1);
    const { smallestEigenvalue } = await implicitGradient(await at(2.1));
    expect(smallestEigenvalue).toBeCloseTo(0.1, 12);
  });

  it('with fewer samples than parameters and no penalty, where the Hessian is singular', async () => {
    const stream = new RandomStream('implicit', 'singular');
    const train = drawnBatch(3, 5, 1, stream);
    const slow = { omega: constant(5, 0), lambda: constant(5, 0) };
    const phi = constant(5, 0.1);
    const error = await refusal(await problemAt(linear(5), { train, heldOut: train, phi, slow }));
    expect(error.negativeEigenvalues).toBe(0);
    expect(error.message).toContain('singular');
    // Rounding leaves of the two zero eigenvalues some 1e-16 of the largest.
    expect(Math.abs(error.smallestEigenvalue)).toBeLessThan(1e-14 * error.largestEigenvalue);
    expect(error.message).toContain(error.largestEigenvalue.toExponential(3));
  });

  it('of one synapse without penalty beside many that have one, though these are enough for themselves', async () => {
    const train: Batch = {
      samples: 1,
      inputs: 2,
      targets: 1,
      x: Float64Array.of(1, 0),
      y: Float64Array.of(1),
    };
    const slow = { omega: constant(2, 0), lambda: Float64Array.of(1, 0) };
    const error = await refusal(
      await problemAt(linear(2), { train, heldOut: train, phi: constant(2, 0), slow }),
    );
    expect([error.smallestEigenvalue, error.largestEigenvalue]).toEqual([0, 3]);
  });
});

describe('the exact meta-gradient is refused', () => {
  const train: Batch = { samples: 1, inputs: 2, targets: 1, x: Float64Array.of(1, 2), y: Float64Array.of(3) };
  const ones = Float64Array.of(1, 1);
  const legal = { train, heldOut: train, phi: ones, slow: { omega: ones, lambda: ones } };

  it('for a network too large for a full Hessian, at once', async () => {
    const network = linear(100, 100);
    const wide = Float64Array.from({ length: 100 }, () => 1);
    const batch: Batch = { samples: 1, inputs: 100, targets: 100, x: wide, y: wide };
    const phi = new Float64Array(10000);
    const slow = { omega: phi, lambda: phi };
    const problem = await problemAt(network, { train: batch, heldOut: batch, phi, slow });
    await expect(implicitGradient(problem)).rejects.toThrow(InputError);
    await expect(implicitGradient(problem)).rejects.toThrow(/too large.*10000 parameters.*at most 3000/);
  });

  it.each<[string, Partial<ImplicitProblem>, RegExp]>([
    ['phi has the wrong length', { phi: Float64Array.of(1) }, /phi has the wrong length/],
    ['phi has left every bound', { phi: Float64Array.of(1, Number.NaN) }, /phi\[1\] must be a finite number/],
    ['a slow variable is missing', { slow: { omega: ones } }, /"lambda".*missing/],
    [
      'a slow variable has the wrong length',
      { slow: { omega: ones, lambda: Float64Array.of(1) } },
      /lambda has the/,
    ],
    [
      'a slow variable is infinite',
      { slow: { omega: ones, lambda: Float64Array.of(1, Infinity) } },
      /lambda\[1\] must be a finite number/,
    ],
  ])('where %s', async (_, part, message) => {
    const problem = await problemAt(linear(2), { ...legal, ...part });
    await expect(implicitGradient(problem)).rejects.toThrow(InputError);
    await expect(implicitGradient(problem)).rejects.toThrow(message);
  });
});

describe('the exact meta-gradient leaves', () => {
  const network = twoLayers();
  const stream = new RandomStream('implicit', 'leaves');
  const { size } = network;
  const [train, heldOut] = [drawnBatch(5, 2, 2, stream), drawnBatch(5, 2, 2, stream)];
  const phi = Float64Array.from({ length: size }, () => stream.normal());
  const slow = { omega: new Float64Array(size), lambda: new Float64Array(size).fill(5) };

  it("the session's phi as given, and its slow variables as they were", async () => {
    const problem = await problemAt(network, { train, heldOut, phi, slow });
    const other = new Float64Array(size).fill(0.25);
    await problem.session.write('lambda', other);
    await implicitGradient(problem);
    expect(await problem.session.read('phi')).toEqual(phi);
    expect(await problem.session.read('lambda')).toEqual(other);
  });

  it('what it was given unchanged', async () => {
    const copy = structuredClone({ train, heldOut, phi, slow });
    await implicitGradient(await problemAt(network, { train, heldOut, phi, slow }));
    expect({ train, heldOut, phi, slow }).toEqual(copy);
  });
});

describe('the relative error', () => {
  const error = (estimate: number[], exact: number[]): number | null =>
    relativeError(Float64Array.from(estimate), Float64Array.from(exact));

  it('is the norm of the difference over that of the exact gradient', () => {
    expect(error([3, 5], [3, 4])).toBe(0.2);
    expect(error([0, 0], [3, 4])).toBe(1);
    expect(error([-3, -4], [3, 4])).toBe(2);
  });

  it('is 0 where both are the same, zero too', () => {
    expect(error([1, -2], [1, -2])).toBe(0);
    expect(error([0, 0], [0, 0])).toBe(0);
    expect(error([], [])).toBe(0);
  });

  it('has no value where the exact gradient alone is 0', () => {
    expect(error([1e-300, 0], [0, 0])).toBeNull();
  });

  it.each([1e-200, 1e-310, 1e200])('does not depend on the unit: in units of %p', (unit) => {
    // A unit of 1e-310 leaves 1e-14 of each number: subnormal numbers have fewer digits.
    expect(error([3 * unit, 5 * unit], [3 * unit, 4 * unit])).toBeCloseTo(0.2, 12);
  });

  it('is not a number where the estimate is none', () => {
    expect(error([Number.NaN, 1], [1, 1])).toBeNaN();
  });
});
