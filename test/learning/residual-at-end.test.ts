import { DivergenceError } from '../../src/core/errors';
import type { Batch } from '../../src/data/batch';
import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { type ContrastiveOptions, contrastive } from '../../src/learning/contrastive';
import { symmetric } from '../../src/learning/estimators';
import { isPhaseEnd, type PhaseEndEvent } from '../../src/learning/events';
import { nesterov, sgd } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';

const engines: readonly [string, Engine][] = [
  ['reference', referenceEngine],
  ['simd', simdEngine({ blas: 'wasm' })],
];

const batch = (samples: number, seed: number): Batch => ({
  ...{ samples, inputs: 2, targets: 1 },
  x: Float64Array.from({ length: 2 * samples }, (_, i) => Math.sin(seed + 3 * i)),
  y: Float64Array.from({ length: samples }, (_, i) => Math.cos(seed + 5 * i)),
});

const phases = (residualAtEnd: boolean, tolerance = 0, rate = 0.1) => ({
  free: { optimizer: nesterov({ rate }), steps: 7, tolerance, residualAtEnd },
  nudged: { optimizer: nesterov({ rate }), steps: 1, tolerance, residualAtEnd },
});

/** What one task gives, how its phases ended, and what was warned of. */
async function estimate(engine: Engine, how: Pick<ContrastiveOptions, 'free' | 'nudged'>, stride = 3) {
  const warnings: string[] = [];
  const simulation = simulate({
    network: mlp([2, 3, 1], { synapse: complexSynapse }),
    task: { name: 'waves', train: batch(4, 1), heldOut: batch(3, 2) },
    rule: contrastive({ estimator: symmetric(0.1), optimizerState: 'keep', ...how }),
    meta: { optimizer: sgd({ rate: 0.1 }) },
    ...{ engine, rules: plainExecutor(), initial: { lambda: 0.1 }, stride },
    warn: (line) => warnings.push(line),
  });
  const ends: PhaseEndEvent[] = [];
  simulation.events$.subscribe((event) => {
    if (isPhaseEnd(event)) ends.push(event);
  });
  try {
    const { metaGradient, equilibria } = await simulation.estimate();
    return { metaGradient, equilibria, ends, warnings };
  } finally {
    await simulation.close();
  }
}

describe.each(engines)(
  'phases whose residual at the end is not worked out, on the engine %s,',
  (_, engine) => {
    test('end where they would have ended, and give the same meta-gradient', async () => {
      const [whole, without] = [await estimate(engine, phases(true)), await estimate(engine, phases(false))];
      expect(without.equilibria).toEqual(whole.equilibria);
      expect(without.metaGradient).toEqual(whole.metaGradient);
    });

    test('tell the residual before their last step, and warn in these words', async () => {
      const { ends, warnings } = await estimate(engine, phases(false));
      const six = { ...phases(true).free, steps: 6 };
      const before = await estimate(engine, { ...phases(true), free: six });
      expect(ends[0]!.residual).toBe(before.ends[0]!.residual);
      expect(ends[0]).toMatchObject({ steps: 7, converged: false });
      expect(warnings[0]).toMatch(/residual \S+ before the last of 7 steps/);
      expect(before.warnings[0]).toMatch(/residual \S+ after 6 steps/);
    });

    test('tell it at the end all the same where they have a tolerance, which is what they stop by', async () => {
      const [whole, without] = [true, false].map((is) => estimate(engine, phases(is, 0.3)));
      expect((await without!).ends).toEqual((await whole!).ends);
    });

    test('count as diverged where their last step leaves phi not finite', async () => {
      const runaway = estimate(engine, phases(false, 0, 1e308));
      await expect(runaway).rejects.toThrow(DivergenceError);
      await expect(runaway).rejects.toThrow(/learning rate/);
      const once = { ...phases(false).free, steps: 1, optimizer: nesterov({ rate: 1.7e308 }) };
      await expect(estimate(engine, { ...phases(false), free: once })).rejects.toThrow(DivergenceError);
    });
  },
);
