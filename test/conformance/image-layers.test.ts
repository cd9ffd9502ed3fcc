import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { imageCases } from './image-cases';
import { opened } from './opened-session';
import { steadyOptimizers } from './optimizers';
import { NearKink } from './oracle';
import { derivativeQuestions, phaseQuestions, type Tolerances } from './questions';

const engines: readonly [name: string, engine: Engine, tolerances: Tolerances][] = [
  // float64, but for sums in another order, over some hundred terms; batch norm divides by a deviation of some tenths, twice a layer.
  ['reference', referenceEngine, { derivatives: 1e-10, hessianVector: 1e-9, settle: 1e-8, least: 1e-2 }],
  // float32 has 6e-8, over as many terms.
  [
    'simd',
    simdEngine({ blas: 'wasm' }),
    { derivatives: 2e-5, hessianVector: 2e-4, settle: 2e-4, least: 1e-1 },
  ],
];
const phases = phaseQuestions(steadyOptimizers);

describe.each(engines)('the %s engine computes as the equations say:', (_engine, engine, tolerances) => {
  describe.each(imageCases)('%s', (name, given) => {
    const questions = [...Object.entries(derivativeQuestions), phases[name.length % phases.length]!];
    it.each(questions)('%s', async (_question, ask) => {
      const session = await opened(engine, given);
      try {
        await ask(session, given, tolerances);
      } catch (error) {
        if (!(error instanceof NearKink)) throw error;
      } finally {
        await session.close();
      }
    });
  });
});
