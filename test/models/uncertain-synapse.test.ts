import fc from 'fast-check';
import { uncertainSynapse } from '../../models/uncertain-synapse';
import { callKernel, plainExecutor } from '../../src/synapse/plain-executor';
import { mirroredSampleRule, uncertainSynapseRule } from '../../src/synapse/rules/uncertain-synapse';

const executor = plainExecutor();
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** One synapse, with the gradients at the two weights that were drawn. */
const synapse = fc.record({
  mu: between(-2, 2),
  sigma: between(0.01, 0.5),
  first: between(-1, 1),
  second: between(-1, 1),
  epsilon: between(-3, 3),
  noise: between(-3, 3),
});
const prior = fc.record({
  images: fc.integer({ min: 1, max: 64 }),
  memory: fc.integer({ min: 100, max: 1_000_000 }),
  priorMean: between(-1, 1),
  priorSigma: between(0.05, 1),
});
type Drawn = ReturnType<(typeof synapse)['generate']>['value'];
type Prior = ReturnType<(typeof prior)['generate']>['value'];

/** What a minibatch makes of a synapse. */
function learned({ mu, sigma, first, second, epsilon, noise }: Drawn, scalars: Prior) {
  const one = (value: number) => Float64Array.of(value);
  const quantities = {
    ...{ mu: one(mu), sigma: one(sigma), first: one(0), epsilon: one(epsilon), noise: one(noise) },
    value: one(mu + sigma * epsilon),
  };
  executor.run(mirroredSampleRule, { ...quantities, gradient: one(first) });
  const mirrored = quantities.value[0]!;
  executor.run(uncertainSynapseRule, { ...quantities, gradient: one(second) }, scalars);
  const now = Object.fromEntries(Object.entries(quantities).map(([name, [value]]) => [name, value!]));
  return { ...now, mirrored } as Record<'mu' | 'sigma' | 'value' | 'epsilon' | 'mirrored', number>;
}

test('a synapse learns by the formulas of uncertainty, at an antithetic pair of weights', () => {
  fc.assert(
    fc.property(synapse, prior, (drawn, scalars) => {
      const { mu, sigma, first, second, epsilon, noise } = drawn;
      const { images, memory: N, priorMean: mu0, priorSigma: sigma0 } = scalars;
      const gMu = (first + second) / 2;
      const gSigma = (first * epsilon + second * -epsilon) / 2;
      const deltaMu = -(sigma ** 2) * gMu + (sigma ** 2 * (mu0 - mu)) / (N * sigma0 ** 2);
      const deltaSigma =
        (-(sigma ** 2) * gSigma + (sigma * (sigma0 ** 2 - sigma ** 2)) / (N * sigma0 ** 2)) / 2;
      const now = learned(drawn, scalars);
      expect(now.mirrored).toBeCloseTo(mu - sigma * epsilon, 12);
      // Within its bounds, each moves by the formula.
      const move = Math.min(Math.max(images * deltaMu, -sigma), sigma);
      expect(now.mu).toBeCloseTo(mu + move, 10);
      const free = sigma + images * deltaSigma;
      expect(now.sigma).toBeCloseTo(Math.min(Math.max(free, sigma / 2), 2 * sigma), 10);
      expect(now.sigma).toBeGreaterThan(0);
      expect(now.value).toBeCloseTo(now.mu + now.sigma * noise, 12);
      expect(now.epsilon).toBe(noise);
    }),
  );
});

test('an unused synapse falls back to its prior, by the logistic law of its memory, however certain it was', () => {
  fc.assert(
    fc.property(synapse, prior, between(0.05, 0.99), (drawn, scalars, certainty) => {
      const { priorMean, priorSigma, memory } = scalars;
      const steps = 200;
      const images = memory / steps;
      const share = certainty ** 2;
      const begin = { ...drawn, sigma: certainty * priorSigma, first: 0, second: 0 };
      let now = begin;
      for (const time of [1, 2, 10]) {
        const left = time === 10 ? 8 : 1;
        for (let step = 0; step < left * steps; step++) {
          const { mu, sigma } = learned(now, { ...scalars, images });
          now = { ...now, mu, sigma };
        }
        // sigma^2 / priorSigma^2 = s solves ds/dt = s (1 - s), and mu - priorMean falls as d/dt = -s, t in memories.
        const grown = 1 + (Math.exp(time) - 1) * share;
        const expected = (share * Math.exp(time)) / grown;
        expect(now.sigma ** 2 / priorSigma ** 2 / expected).toBeCloseTo(1, 2); // Steps are 1/200 of t.
        expect(Math.abs(now.mu - priorMean - (begin.mu - priorMean) / grown)).toBeLessThan(0.01);
      }
      expect(now.sigma / priorSigma).toBeCloseTo(1, 1);
    }),
    { numRuns: 30 },
  );
});

test('the rule descends its energy by the metric of the distribution: the pull to the prior is that of the divergence', () => {
  fc.assert(
    fc.property(synapse, prior, (drawn, scalars) => {
      const { memory, priorMean, priorSigma } = scalars;
      const { energy, pull } = uncertainSynapse({ memory, priorMean, priorSigma, sigma: 0.1 });
      const at = (mu: number, sigma: number): number => {
        const out = new Float64Array(1);
        const quantities = {
          w: Float64Array.of(0.3),
          mu: Float64Array.of(mu),
          sigma: Float64Array.of(sigma),
        };
        callKernel(energy, quantities, {}, out);
        return out[0]! * memory; // so that differences keep their digits
      };
      const { mu, sigma } = drawn;
      const h = 1e-5 * sigma;
      const byMu = (at(mu + h, sigma) - at(mu - h, sigma)) / (2 * h) / memory;
      const bySigma = (at(mu, sigma + h) - at(mu, sigma - h)) / (2 * h) / memory;
      const now = learned({ ...drawn, first: 0, second: 0 }, { ...scalars, images: 1 });
      const moved = [now.mu - mu, now.sigma - sigma];
      const size = Math.abs(mu - priorMean) + sigma + 1;
      const scale = (sigma ** 2 * size * (1 / priorSigma ** 2 + 1 / sigma ** 2)) / memory;
      expect(Math.abs(moved[0]! + sigma ** 2 * byMu)).toBeLessThan(1e-6 * scale + 1e-15);
      expect(Math.abs(moved[1]! + (sigma ** 2 / 2) * bySigma)).toBeLessThan(1e-6 * scale + 1e-15);
      // The energy is of the distribution; it pulls no weight.
      const gradient = Float64Array.of(0.7);
      const own = {
        w: Float64Array.of(0.3),
        mu: Float64Array.of(mu),
        sigma: Float64Array.of(sigma),
        gradient,
      };
      executor.run(pull, own);
      expect(gradient[0]).toBe(0.7);
    }),
  );
});
