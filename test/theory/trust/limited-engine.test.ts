import fc from 'fast-check';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { sgd } from '../../../src/learning/optimizers';
import { BudgetSpent, LimitedEngine } from '../../../src/theory/trust/limited-engine';
import { oneSynapse, sample } from '../../learning/one-synapse';

const settling = (beta: number, steps: number) => ({
  ...{ inner: sgd({ rate: 0.1 }), beta, steps, stepsTaken: 0, tolerance: 0 },
  ...{ train: sample(1), replay: sample(-1) },
});

describe('an engine for a trial', () => {
  it('never works out more gradients than it was given, in however many chunks and sessions', async () => {
    const chunk = fc.record({ beta: fc.constantFrom(0, 0.1), steps: fc.nat({ max: 20 }) });
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 100 }), fc.array(chunk), async (most, chunks) => {
        const engine = new LimitedEngine(referenceEngine, most);
        const sessions = [await engine.open(oneSynapse), await engine.open(oneSynapse)];
        let wanted = 0;
        for (const [i, { beta, steps }] of chunks.entries()) {
          const cost = steps * (beta === 0 ? 1 : 2);
          const settled = sessions[i % 2]!.settle(settling(beta, steps));
          if (wanted + cost > most) await expect(settled).rejects.toThrow(BudgetSpent);
          else {
            await settled;
            wanted += cost;
          }
          expect(engine.work.gradients).toBe(wanted);
        }
      }),
    );
  });

  it('gives the numbers of the engine itself', async () => {
    const [own, other] = [
      await referenceEngine.open(oneSynapse),
      await new LimitedEngine(referenceEngine, 99).open(oneSynapse),
    ];
    expect(await other.settle(settling(0.1, 7))).toEqual(await own.settle(settling(0.1, 7)));
    expect(await other.read('phi')).toEqual(await own.read('phi'));
    expect(await other.gradient(sample(2))).toEqual(await own.gradient(sample(2)));
  });
});
