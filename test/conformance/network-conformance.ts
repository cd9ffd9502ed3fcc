import fc from 'fast-check';
import type { Engine, Session } from '../../src/engine/engine';
import { type Case, cases, widthCases } from './cases';
import { opened } from './opened-session';
import { optimizers, steadyOptimizers } from './optimizers';
import { NearKink } from './oracle';
import { derivativeQuestions, phaseQuestions, type Tolerances } from './questions';
import { randomCases } from './random-cases';

/** How much is asked: engines that compile each phase anew take a share of it, by turns, so that all of it is asked of some case. */
export interface Amount {
  /** Of all optimisers on each case, and of all places of theta at each width: one in how many. */
  readonly oneIn: number;
  readonly randomNetworks: number;
}

const phases = phaseQuestions(optimizers);

/** What an engine works out of a network, held to the oracle: every layer, role, loss and optimiser. */
export function networkConformance(engine: Engine, tolerances: Tolerances, amount: Amount): void {
  const { oneIn, randomNetworks } = amount;
  const inTurn = <T>(all: readonly T[], turn: number): T[] => all.filter((_, i) => (i + turn) % oneIn === 0);

  describe(`engine "${engine.name}" computes as the equations say:`, () => {
    const numbered = cases.map(([name, given], number) => [name, given, number] as const);
    describe.each(numbered)('%s:', (_name, given, number) => {
      let session: Session;
      beforeAll(async () => {
        session = await opened(engine, given);
      });
      afterAll(() => session.close());

      const questions = [...Object.entries(derivativeQuestions), ...inTurn(phases, number)];
      it.each(questions)('%s', (_question, ask) => ask(session, given, tolerances));
    });

    const asked = widthCases.filter((_, i) => (i + Math.floor(i / 9)) % oneIn === 0);
    it.each(asked.map(([name, given], number) => [name, given, number] as const))(
      '%s',
      async (_name, given, number) => {
        await whole(engine, given, [
          ...Object.values(derivativeQuestions),
          phases[number % phases.length]![1],
        ]);
      },
    );

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
