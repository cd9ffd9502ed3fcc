import fc from 'fast-check';
import { RandomStreams } from '../../../src/core/random';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { directFeedback, feedbackAlignment } from '../../../src/network/credit/random-feedback';
import { withCredit } from '../../../src/network/network';
import { measureAsymmetry } from '../../../src/theory/trust/asymmetry';
import { measureField } from '../../../src/theory/trust/measure-field';
import { chainProblem, cosine, relative } from '../problems';
import { creditedProblem } from './problem';

const random = (seed: number) => new RandomStreams(seed).stream('test');

describe('the antisymmetric part of a matrix', () => {
  // Fifteen pairs of vectors tell a norm to about 18 %: a factor of 2 is five times that.
  it('is found by products alone within a factor of 2, and is nothing where there is none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 6, max: 30 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom(0, 0.1, 1),
        async (size, seed, share) => {
          const stream = random(seed);
          const raw = Array.from({ length: size * size }, () => stream.normal());
          const [even, odd] = [1, -1].map((sign) =>
            raw.map((value, k) => (value + sign * raw[(k % size) * size + Math.floor(k / size)]!) / 2),
          );
          const matrix = even!.map((value, k) => value + share * odd![k]!);
          const multiply = async (vector: Float64Array) =>
            vector.map((_, i) => vector.reduce((sum, v, j) => sum + matrix[i * size + j]! * v, 0));
          const found = await measureAsymmetry(multiply, size, stream);
          const right = share * Math.hypot(...odd!);
          if (share === 0) expect(found.antisymmetric).toBeLessThan(1e-12 * found.whole);
          else expect(Math.abs(Math.log2(found.antisymmetric / right))).toBeLessThan(1);
          expect(Math.abs(Math.log2(found.whole / Math.hypot(...matrix)))).toBeLessThan(1);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('updates beside the gradient of the loss', () => {
  // Sixteen directions tell what lies across to about 18 %.
  it.each([feedbackAlignment({ seed: 3 }), directFeedback({ seed: 3 })])(
    'are as far from it, by $kind, as the backward pass says, within a factor of 2',
    async (credit) => {
      for (const seed of [1, 2, 3, 4]) {
        const widths = [3, 8, 6, 2];
        const chain = chainProblem({ widths, before: ['none', 'tanh', 'tanh'], samples: 5, seed });
        const { phi, batch } = chain;
        const network = withCredit(chain.network, credit);
        const problem = {
          ...creditedProblem('backprop', { widths, seed }),
          network,
          engine: referenceEngine,
        };
        const [own, exact] = [await referenceEngine.open(network), await referenceEngine.open(chain.network)];
        await own.write('phi', phi);
        await exact.write('phi', phi);
        const [updates, gradient] = [await own.gradient(batch), await exact.gradient(batch)];
        const found = await measureField(problem, phi, own);
        expect(Math.abs(Math.log2(found.difference / relative(gradient, updates)))).toBeLessThan(1);
        expect(Math.abs(found.cosine - cosine(updates, gradient))).toBeLessThan(0.2);
        await own.close();
        await exact.close();
      }
    },
  );
});
