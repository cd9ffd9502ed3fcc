import { bostonMlp } from '../../models/boston-mlp';
import { implicitGradient } from '../../src/baselines/implicit';
import { NoMinimumError } from '../../src/core/errors';
import { RandomStreams } from '../../src/core/random';
import { boston } from '../../src/data/boston';
import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { forward } from '../../src/learning/estimators';
import { adam, nesterov } from '../../src/learning/optimizers';
import { type Simulation, simulate } from '../../src/learning/simulator';
import { adjustableRule } from '../../src/run/trust/adjustable-rule';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { splitTask } from '../../src/tasks/split-task';
import { agreement } from '../../src/theory/trust/agreement';
import { gatherEvidence } from '../../src/theory/trust/gather-evidence';
import { judge } from '../../src/theory/trust/judge';
import { judgeTrust } from '../../src/theory/trust/trust';
import { toleratedError } from '../../src/theory/trust/verdict';

/** Milliseconds: some thousand gradients of 354 samples, which take several times as long inside of Jest. */
const longest = 240_000;

interface Case {
  readonly lambda: number;
  readonly beta: number;
  readonly seed?: number;
  readonly steps?: number;
  readonly tolerance?: number;
  readonly nudgedRate?: number;
  readonly engine?: Engine;
}

const simd = simdEngine({ blas: 'wasm' });

/** A meta-gradient of Boston by the forward estimator. */
function problemOf(given: Case) {
  const { lambda, beta, seed = 1, steps = 3000, tolerance = 1e-5, nudgedRate = 0.05 } = given;
  const { engine = referenceEngine } = given;
  const phase = (rate: number) => ({ optimizer: nesterov({ rate }), steps, tolerance });
  const rule = contrastive({ estimator: forward(beta), free: phase(0.05), nudged: phase(nudgedRate) });
  const rules = plainExecutor();
  const simulation = simulate({
    network: bostonMlp(),
    task: splitTask(boston(), {
      ...{ name: 'boston', heldOut: 0.3, stream: new RandomStreams(seed).stream('split') },
    }),
    meta: { optimizer: adam({ rate: 0.05 }), learn: ['lambda'] },
    ...{ initial: { lambda }, rule, seed, engine, rules },
  });
  const { network, task, population } = simulation;
  const slow = { omega: population.values('omega'), lambda: population.values('lambda') };
  const start = simulation.save().start;
  return {
    simulation,
    problem: { network, task, rule, slow, start, learned: ['lambda'], engine, rules, seed },
  };
}

/** Its verdict. */
async function judged(given: Case) {
  const { simulation, problem } = problemOf(given);
  return { simulation, trust: judgeTrust(await gatherEvidence(problem)) };
}

/** Its verdict, and what was tried to mend it, in float32. */
const advised = (given: Case) => judge(adjustableRule(problemOf({ engine: simd, ...given }).problem));

/** Cosine to the gradient of the implicit function theorem, by the full Hessian, and the norm of the difference over the estimate's norm. */
async function truth(simulation: Simulation): Promise<{ cosine: number; error: number }> {
  const { network, task, population } = simulation;
  const { equilibria, metaGradient } = await simulation.estimate();
  const slow = { omega: population.values('omega'), lambda: population.values('lambda') };
  const session = await simulation.open();
  const exact = await implicitGradient({ network, session, ...task, phi: equilibria.get(0)!, slow });
  const { cosine, difference } = agreement(metaGradient.lambda!, exact.metaGradient.lambda!);
  return { cosine, error: difference };
}

// Other seeds are in docs/decisions/0020-trust.md, each for another half a minute.
describe('on Boston, the verdict', () => {
  it(
    'is good at lambda = 0.1, beta = 0.1, and the exact gradient is where it says',
    async () => {
      const { simulation, trust } = await judged({ lambda: 0.1, beta: 0.1 });
      expect(trust.verdict).toBe('good');
      const { cosine, error } = await truth(simulation);
      expect(cosine).toBeGreaterThan(Math.sqrt(1 - toleratedError ** 2));
      // The noise that is told is a bound; what is left of the bias at the smaller nudge is not in it.
      const told = trust.error!.bias + trust.error!.noise;
      expect(told / error).toBeGreaterThan(0.8);
      expect(told / error).toBeLessThan(1.5);
    },
    longest,
  );

  it(
    'is biased at beta = 3, and so is the estimate; what mends it is a lower beta',
    async () => {
      const far = { lambda: 0.1, beta: 3, tolerance: 1e-4, nudgedRate: 0.015, engine: simd };
      const { verdict, advice, error: told } = await advised(far);
      expect(verdict).toBe('biased');
      expect(advice).toMatch(/^beta: 0\.\d+.* \(tried on the same task: good/);
      const { error } = await truth(problemOf(far).simulation);
      expect(error).toBeGreaterThan(toleratedError);
      // Saturated as it is, at a nudge as small as these tolerances allow too.
      expect(told!.bias / error).toBeGreaterThan(0.5);
      expect(told!.bias / error).toBeLessThan(1.5);
    },
    longest,
  );

  it(
    'is that there is no equilibrium, or noise, at lambda = 0.001, where no exact gradient exists',
    async () => {
      const { simulation, trust } = await judged({ lambda: 1e-3, beta: 0.1, steps: 1000, engine: simd });
      expect(['no equilibrium', 'noisy']).toContain(trust.verdict);
      await expect(truth(simulation)).rejects.toThrow(NoMinimumError);
    },
    longest,
  );
});

describe('the verdict is noisy', () => {
  it(
    'in float32 with a tiny beta, by rounding; what mends it is float64 or a larger beta',
    async () => {
      const { verdict, because, advice, error } = await advised({ lambda: 0.1, beta: 1e-6, tolerance: 0 });
      expect(verdict).toBe('noisy');
      expect(because).toMatch(/rounding in float32 adds/);
      expect(error!.rounding).toBeGreaterThan(toleratedError);
      expect(advice).toMatch(/^(engine: reference|beta: 0\.0\d+) \(tried on the same task: good/);
    },
    longest,
  );

  it(
    'or that there is no equilibrium where phases end too early; what mends it is good where it was tried',
    async () => {
      const { verdict, advice, trials } = await advised({ lambda: 0.1, beta: 0.1, steps: 300 });
      expect(['no equilibrium', 'noisy']).toContain(verdict);
      expect(advice).toMatch(/^free\.steps: \d+, nudged\.steps: \d+ \(tried on the same task: good/);
      expect(trials!.work.gradients).toBeLessThanOrEqual(trials!.mostGradients);
    },
    longest,
  );
});
