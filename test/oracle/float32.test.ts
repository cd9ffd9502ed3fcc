import { bostonMlp } from '../../models/boston-mlp';
import { relativeError } from '../../src/baselines/implicit';
import { RandomStreams } from '../../src/core/random';
import { boston } from '../../src/data/boston';
import type { Engine } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { forward } from '../../src/learning/estimators';
import { adam, nesterov } from '../../src/learning/optimizers';
import { precisionWarnings } from '../../src/learning/phase-warnings';
import { simulate } from '../../src/learning/simulator';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { splitTask } from '../../src/tasks/split-task';

/*
 * What float32 costs: the contrast is a difference of two equilibria that lie the closer, the smaller beta is, while their
 * rounding stays. Boston at lambda = 0.1, phases settled as far as float32 goes.
 */
async function estimate(engine: Engine, beta: number, tolerance: number) {
  const phase = { optimizer: nesterov({ rate: 0.05 }), steps: 3000, tolerance };
  const simulation = simulate({
    network: bostonMlp(),
    task: splitTask(boston(), { name: 'boston', heldOut: 0.3, stream: new RandomStreams(1).stream('split') }),
    rule: contrastive({ estimator: forward(beta), free: phase, nudged: phase }),
    meta: { optimizer: adam({ rate: 0.05 }), learn: ['lambda'] },
    ...{ initial: { lambda: 0.1 }, seed: 1, engine, rules: plainExecutor() },
  });
  const result = await simulation.estimate();
  await simulation.close();
  return result;
}

describe('the meta-gradient in float32 on Boston', () => {
  const simd = simdEngine({ blas: 'wasm' });
  const truths = new Map<number, ReturnType<typeof estimate>>();
  const truth = (beta: number) => {
    truths.set(beta, truths.get(beta) ?? estimate(referenceEngine, beta, 1e-10));
    return truths.get(beta)!;
  };

  // The error grows as 1/beta. Measured by simd: 6.4e-6, 1.2e-4, 1.4e-3, by gpujs 5.5e-6; the bounds leave a factor of three.
  it.each([
    ['simd', 0.1, 2e-5],
    ['simd', 0.01, 4e-4],
    ['simd', 0.001, 5e-3],
    ['gpujs', 0.1, 2e-5],
  ])(
    'by %s is that of the reference engine at beta = %d, within %d of its norm',
    async (name, beta, bound) => {
      const engine = name === 'simd' ? simd : gpujsEngine({ mode: 'webasm' });
      const single = await estimate(engine, beta, 0);
      const error = relativeError(single.metaGradient.lambda!, (await truth(beta)).metaGradient.lambda!);
      expect(error).toBeLessThan(bound);
      expect(precisionWarnings(single.equilibria, 'float32')).toEqual([]);
    },
  );

  it('has few digits left where beta is too small, and says so, with what to do', async () => {
    const { equilibria } = await estimate(simd, 1e-5, 0);
    expect(precisionWarnings(equilibria, 'float32')).toEqual([
      expect.stringMatching(
        /^float32 leaves [12]\.\d decimal digits of the contrast at beta = 0\.00001: .*or the engine reference, which is float64$/,
      ),
    ]);
    expect(precisionWarnings(equilibria, 'float64')).toEqual([]);
  });
});
