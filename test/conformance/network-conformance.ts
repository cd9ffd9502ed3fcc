import fc from 'fast-check';
import type { Engine, Session } from '../../src/engine/engine';
import { type Case, cases, widthCases } from './cases';
import { opened } from './opened-session';
import { optimizers, steadyOptimizers } from './optimizers';
import { NearKink } from './oracle';
import { derivativeQuestions, phaseQuestions, type Tolerances } from './questions';
import { randomCases } from './random-cases';

/** How much is asked: engines that compile each phase anew take a share of it, by turns. */
export interface Amount {
  /** Every case, or one half of them: each stack of layers is in both, by turns with either loss. */
  readonly half?: 0 | 1;
  readonly randomNetworks: number;
}

const phases = phaseQuestions(optimizers);

/** What an engine works out of a network, held to the oracle: every layer, role, loss and optimiser. */
export function networkConformance(engine: Engine, tolerances: Tolerances, amount: Amount): void {
  const { half, randomNetworks } = amount;
  const inHalf = (turn: number): boolean => half === undefined || turn % 2 === half;

  describe(`engine "${engine.name}" computes as the equations say:`, () => {
    // An optimiser sees one flat vector, whatever the layers: each stack has one, and each optimiser both losses and all numbers
    // of samples.
    const numbered = cases
      .map(([name, given], i) => ({ name, given, pair: Math.floor(i / 2), loss: i % 2 }))
      .filter(({ pair, loss }) => inHalf(pair + loss));
    describe.each(numbered)('$name:', ({ given, pair }) => {
      let session: Session;
      beforeAll(async () => {
        session = await opened(engine, given);
      });
      afterAll(() => session.close());

      const questions = [...Object.entries(derivativeQuestions), phases[pair % phases.length]!];
      it.each(questions)('%s', (_question, ask) => ask(session, given, tolerances));
    });

    // Nine widths at each place: the optimisers shift by one from place to place.
    const asked = widthCases
      .map(([name, given], i) => ({ name, given, turn: i }))
      .filter(({ turn }) => inHalf(turn));
    it.each(asked)('$name', async ({ given, turn }) => {
      const phase = phases[Math.floor(half === undefined ? turn : turn / 2) % phases.length]!;
      await whole(engine, given, [...Object.values(derivativeQuestions), phase[1]]);
    });

    it('random networks of both roles, whatever was asked before', async () => {
      const question = fc.constantFrom(
        ...Object.values(derivativeQuestions).flatMap((ask): Ask[] => [
          ask,
          (session, given, within) => ask(session, given, within, given.heldOut),
        ]),
        ...phaseQuestions(steadyOptimizers).map(([, ask]) => ask),
      );
      const course = fc.array(question, { minLength: 3, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(randomCases, course, async (given, questions) => {
          // One network in some hundreds makes rounding ten times as large in eight steps.
          await whole(engine, given, questions, { least: 0.1, settle: 10 * tolerances.settle });
        }),
        { numRuns: randomNetworks },
      );
    });
  });

  type Ask = (session: Session, given: Case, within: Tolerances) => Promise<void>;

  /** Asks one session all questions, one after the other. */
  async function whole(on: Engine, given: Case, questions: readonly Ask[], more: Partial<Tolerances> = {}) {
    const session = await opened(on, given);
    try {
      for (const ask of questions) await ask(session, given, { ...tolerances, ...more });
    } catch (error) {
      if (!(error instanceof NearKink)) throw error;
    } finally {
      await session.close();
    }
  }
}
