import fc from 'fast-check';
import type { Engine, Session } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import type { Case } from './cases';
import { expectClose } from './expect-close';
import { imageCases } from './image-cases';
import type { Amount } from './network-conformance';
import { opened } from './opened-session';
import { steadyOptimizers } from './optimizers';
import { leastDeviation, NearKink } from './oracle';
import { derivativeQuestions, phaseQuestions, type Tolerances } from './questions';
import { randomImageCases } from './random-image-cases';

const phases = phaseQuestions(steadyOptimizers);

/** What an engine works out of images and of batches as a whole: every layer of them, held to the oracle and to the reference engine. */
export function imageConformance(engine: Engine, tolerances: Tolerances, amount: Amount): void {
  const { half, randomNetworks } = amount;

  describe(`engine "${engine.name}" computes of images as the equations say:`, () => {
    // Each stack of layers is there with both losses, one after the other: of a half, with one of them by turns.
    const asked = imageCases
      .map(([name, given], i) => ({ name, given, pair: Math.floor(i / 2), loss: i % 2 }))
      .filter(({ pair, loss }) => half === undefined || (pair + loss) % 2 === half);
    describe.each(asked)('$name:', ({ given, pair }) => {
      let session: Session;
      beforeAll(async () => {
        session = await opened(engine, given);
      });
      afterAll(() => session.close());

      const questions = [...Object.entries(derivativeQuestions), phases[pair % phases.length]!];
      it.each(questions)('%s', async (_question, ask) => {
        try {
          await ask(session, given, tolerances);
        } catch (error) {
          if (!(error instanceof NearKink)) throw error;
        }
      });
    });

    it('random networks of images, in both roles, as the reference engine', async () => {
      await fc.assert(
        fc.asyncProperty(randomImageCases, (given) => agrees(engine, given, tolerances)),
        { numRuns: randomNetworks },
      );
    });
  });
}

/** Everything that may be asked of a case, beside the reference engine. */
async function agrees(engine: Engine, given: Case, tolerances: Tolerances) {
  const { network, train, heldOut, directions } = given;
  // Batch norm divides by a deviation, once a derivative: rounding grows by as much.
  const growth = 1 / Math.min(1, ...[train, heldOut].map((batch) => leastDeviation(network, batch, given)));
  const derivatives = tolerances.derivatives * growth;
  const [session, reference] = [await opened(engine, given), await opened(referenceEngine, given)];
  for (const batch of [train, heldOut]) {
    const [got, truth] = [await session.evaluate(batch), await reference.evaluate(batch)];
    expectClose([got.loss], [truth.loss], derivatives, 1);
    expectClose(got.outputs, truth.outputs, derivatives, 1);
    for (const by of ['gradient', 'metaGradient'] as const)
      expectClose(await session[by](batch), await reference[by](batch), derivatives, 1);
  }
  const product = await reference.hessianVector(train, directions[0]);
  const got = await session.hessianVector(train, directions[0]);
  expectClose(got, product, tolerances.hessianVector * growth ** 2, 1);
  await session.close();
  await reference.close();
}
