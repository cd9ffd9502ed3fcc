import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { imageCases } from './image-cases';
import { opened } from './opened-session';
import { steadyOptimizers } from './optimizers';
import { NearKink } from './oracle';
import { derivativeQuestions, phaseQuestions } from './questions';

/** float64, but for sums in another order, over some hundred terms; batch norm divides by a deviation of some tenths, twice a layer. */
const tolerances = { derivatives: 1e-10, hessianVector: 1e-9, settle: 1e-8, least: 1e-2 };
const phases = phaseQuestions(steadyOptimizers);

describe.each(imageCases)('the reference engine computes as the equations say: %s', (name, given) => {
  const questions = [...Object.entries(derivativeQuestions), phases[name.length % phases.length]!];
  it.each(questions)('%s', async (_question, ask) => {
    const session = await opened(referenceEngine, given);
    try {
      await ask(session, given, tolerances);
    } catch (error) {
      if (!(error instanceof NearKink)) throw error;
    } finally {
      await session.close();
    }
  });
});
