import type { Batch } from '../../src/data/batch';
import type { Session } from '../../src/engine/engine';
import type { Case } from './cases';
import { expectClose } from './expect-close';
import type { optimizers } from './optimizers';
import { oracleEvaluate, oracleGradient, oracleHessianVector, oracleSettle } from './oracle';

/** How far an engine may be from the truth: largest difference of any entry over the largest entry. */
export interface Tolerances {
  /** Loss, outputs and gradients of both roles. */
  readonly derivatives: number;
  /** Hessian-vector products. */
  readonly hessianVector: number;
  /** phi and residual after a short phase. */
  readonly settle: number;
  /** What counts as the largest entry where all are smaller: rounding is that of the terms that cancel. Default 0. */
  readonly least?: number;
}

/** Asks a session that is in the case's state something, expects the oracle's answer, and leaves the state as it was. */
type Question = (session: Session, given: Case, tolerances: Tolerances, batch?: Batch) => Promise<void>;

/** Everything that a session can be asked of a batch; the training data where none is given. */
export const derivativeQuestions: Readonly<Record<string, Question>> = {
  async 'loss and outputs'(session, given, { derivatives, least = 0 }, batch = given.train) {
    const { loss, outputs } = await session.evaluate(batch);
    const truth = oracleEvaluate(given.network, batch, given);
    // A small cross-entropy is the difference of numbers as large as the outputs, and keeps their rounding.
    const largest = Math.max(least, ...Array.from(truth.outputs, Math.abs));
    expectClose([loss], [truth.loss], derivatives, largest);
    expectClose(outputs, truth.outputs, derivatives, least);
  },

  async gradient(session, given, { derivatives, least }, batch = given.train) {
    const truth = oracleGradient(given.network, batch, given);
    expectClose(await session.gradient(batch), truth, derivatives, least);
  },

  async 'meta-gradient'(session, given, { derivatives, least }, batch = given.train) {
    const truth = oracleGradient(given.network, batch, given, 'meta');
    expectClose(await session.metaGradient(batch), truth, derivatives, least);
  },

  async 'Hessian-vector product'(session, given, { hessianVector, least }, batch = given.train) {
    const [direction] = given.directions;
    const truth = oracleHessianVector(given.network, batch, given, direction);
    expectClose(await session.hessianVector(batch, direction), truth, hessianVector, least);
  },

  async 'that the Hessian is linear and symmetric'(
    session,
    given,
    { hessianVector, least },
    batch = given.train,
  ) {
    const [v, w] = given.directions;
    const product = (vector: Float64Array) => session.hessianVector(batch, vector);
    const [hv, hw] = [await product(v), await product(w)];
    const sum = await product(v.map((value, i) => 2 * value - 3 * w[i]!));
    // Rounding of the two products enters 2- and 3-fold.
    const sums = hv.map((value, i) => 2 * value - 3 * hw[i]!);
    expectClose(sum, sums, 10 * hessianVector, least);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((total, x, i) => total + x * b[i]!, 0);
    const scale = Math.hypot(...w) * Math.max(least ?? 0, Math.hypot(...hv));
    expect(Math.abs(dot(w, hv) - dot(v, hw))).toBeLessThanOrEqual(10 * hessianVector * scale);
  },
};

/** Short phases by each optimiser, the free one first. */
export const phaseQuestions = (by: typeof optimizers): (readonly [name: string, ask: Question])[] =>
  by.map(([name, inner, optimizer]) => [
    `a free and two nudged phases of ${name}`,
    async (session, given, { settle, least }) => {
      const { network, train, heldOut, phi, theta } = given;
      for (const beta of [0, 0.5, -0.2]) {
        const steps = 8;
        for (const buffer of inner.buffers) await session.write(buffer, new Float64Array(network.size));
        const replay = beta === 0 ? null : heldOut;
        const settled = await session.settle({
          ...{ inner, beta, steps, stepsTaken: 0, train, replay, tolerance: 0 },
        });
        const truth = oracleSettle(network, { ...given, beta, steps, replay: heldOut, optimizer });
        expectClose(await session.read('phi'), truth.phi, settle, least);
        expectClose([settled.residual], [truth.residual], settle, least);
        expect(settled).toMatchObject({ steps, converged: false, diverged: false });
        expect(await session.read('theta')).toEqual(theta);
        await session.write('phi', phi);
      }
    },
  ]);
