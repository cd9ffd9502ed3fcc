import { InputError } from '../../src/core/errors';
import type { Batch } from '../../src/data/batch';
import type { Engine, InnerStep, Session, Settled, SettleRequest } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { nesterov, sgd } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { crossEntropy, mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { defineRule } from '../../src/synapse/rule';
import { type Case, cases, wideCases } from './cases';
import { expectClose } from './expect-close';
import { type Amount, networkConformance } from './network-conformance';
import { opened } from './opened-session';
import { optimizers } from './optimizers';
import { oracleGradient } from './oracle';
import type { Tolerances } from './questions';

const inner = nesterov({ rate: 0.03 });

/** A free phase on the case's training data, but for what is given. */
const phase = ({ train }: Case, part: Partial<SettleRequest> = {}): SettleRequest => ({
  ...{ inner, beta: 0, steps: 100, stepsTaken: 0, tolerance: 0 },
  ...{ train, replay: null },
  ...part,
});

const caseOf = (start: string): Case => cases.find(([name]) => name.startsWith(start))![1];

/** phi and what an optimiser keeps. */
async function stateOf(session: Session, buffers: readonly string[]): Promise<Float64Array[]> {
  const read = [];
  for (const variable of ['phi', ...buffers]) read.push(await session.read(variable));
  return read;
}

/** Everything that an engine promises. A new engine joins by one call, with its own tolerances. */
export function engineConformance(engine: Engine, tolerances: Tolerances, amount: Amount): void {
  networkConformance(engine, tolerances, amount);

  describe(`engine "${engine.name}" agrees with the reference engine on`, () => {
    it.each(wideCases)('%s', async (_name, given) => {
      const { train, heldOut, directions } = given;
      const [session, reference] = [await opened(engine, given), await opened(referenceEngine, given)];
      const [got, truth] = [await session.evaluate(train), await reference.evaluate(train)];
      expectClose([got.loss], [truth.loss], tolerances.derivatives);
      expectClose(got.outputs, truth.outputs, tolerances.derivatives);
      for (const by of ['gradient', 'metaGradient'] as const) {
        expectClose(await session[by](train), await reference[by](train), tolerances.derivatives);
      }
      const product = await reference.hessianVector(train, directions[0]);
      expectClose(await session.hessianVector(train, directions[0]), product, tolerances.hessianVector);
      const request = phase(given, { beta: 0.5, steps: 20, replay: heldOut });
      const [end, trueEnd] = [await session.settle(request), await reference.settle(request)];
      expectClose([end.residual], [trueEnd.residual], tolerances.settle);
      expectClose(await session.read('phi'), await reference.read('phi'), tolerances.settle);
      await session.close();
      await reference.close();
    });
  });

  describe(`engine "${engine.name}": a session`, () => {
    const given = caseOf('dense-tanh-dense, mse, 5');
    const { network, train, heldOut, phi } = given;
    const sessions: Session[] = [];
    const open = async (of: Case = given): Promise<Session> => {
      const session = await opened(engine, of);
      sessions.push(session);
      return session;
    };
    afterEach(async () => {
      for (const session of sessions.splice(0)) await session.close();
    });

    it('names its engine', async () => {
      expect((await open()).engine).toBe(engine.name);
    });

    it('reads what was written, each variable by itself', async () => {
      const session = await open();
      for (const variable of ['phi', 'omega', 'lambda'] as const) {
        expect(await session.read(variable)).toEqual(given[variable]);
      }
    });

    it('reads zeros from what was never written', async () => {
      const session = await engine.open(network);
      sessions.push(session);
      for (const variable of ['phi', 'omega', 'lambda', 'momentum', 'firstMoment']) {
        expect(await session.read(variable)).toEqual(new Float64Array(network.size));
      }
    });

    it('hands out and takes in copies', async () => {
      const session = await open();
      const mine = phi.slice();
      await session.write('phi', mine);
      mine.fill(99);
      (await session.read('phi')).fill(99);
      expect(await session.read('phi')).toEqual(phi);
    });

    it.each([0, 1, 1000])('refuses %p values for its variables', async (length) => {
      const session = await open();
      await expect(session.write('phi', new Float64Array(length))).rejects.toThrow(InputError);
      await expect(session.hessianVector(train, new Float64Array(length))).rejects.toThrow(InputError);
    });

    it('knows nothing of another session', async () => {
      const [a, b] = [await open(), await open()];
      await a.settle(phase(given));
      expect(await b.read('phi')).toEqual(phi);
    });

    const questions: [string, (session: Session) => Promise<unknown>][] = [
      ['the loss', (session) => session.evaluate(heldOut)],
      ['the gradient', (session) => session.gradient(train)],
      ['the meta-gradient', (session) => session.metaGradient(train)],
      ['a Hessian-vector product', (session) => session.hessianVector(train, given.directions[0])],
      ['the state', (session) => session.read('momentum')],
    ];
    it.each(questions)('is not moved by being asked for %s between two chunks', async (_, ask) => {
      const [asked, left] = [await open(), await open()];
      const request = phase(given, { beta: 0.3, steps: 10, replay: heldOut });
      await asked.settle(request);
      await ask(asked);
      await asked.settle({ ...request, stepsTaken: 10 });
      await left.settle({ ...request, steps: 20 });
      expect(await asked.read('phi')).toEqual(await left.read('phi'));
    });

    it.each(optimizers)(
      'of %s leaves the same without the residual at its end, and tells that before its last step',
      async (_, inner) => {
        const state = (session: Session) => stateOf(session, inner.buffers);
        const [whole, without] = [await open(), await open()];
        const request = phase(given, { inner, beta: 0.3, replay: heldOut, tolerance: 0 });
        let [stepsTaken, firstResidual]: [number, number | undefined] = [0, undefined];
        for (const steps of [1, 7, 1, 64]) {
          const chunk = { ...request, stepsTaken, firstResidual };
          if (steps > 1) await whole.settle({ ...chunk, steps: steps - 1 });
          const before = await whole.settle({ ...chunk, stepsTaken: stepsTaken + steps - 1, steps: 0 });
          await whole.settle({ ...chunk, stepsTaken: stepsTaken + steps - 1, steps: 1 });
          const end = await without.settle({ ...chunk, steps, residualAtEnd: false });
          expect(end.residual).toBe(before.residual);
          expect(end).toMatchObject({ steps, converged: false, diverged: false });
          expect(await state(without)).toEqual(await state(whole));
          stepsTaken += steps;
          firstResidual = end.firstResidual;
        }
        // And where it is asked for again, it is that of where phi is.
        expect((await without.settle({ ...request, steps: 0 })).residual).toBe(
          (await whole.settle({ ...request, steps: 0 })).residual,
        );
      },
    );

    it('works out the residual at its end all the same, where it is to stop by it', async () => {
      const [asked, left] = [await open(), await open()];
      const request = phase(given, { steps: 20, tolerance: 1e-12 });
      expect(await asked.settle({ ...request, residualAtEnd: false })).toEqual(await left.settle(request));
    });

    it('leaves the slow variables as they are', async () => {
      const session = await open();
      await session.settle(phase(given, { beta: 0.3, replay: heldOut }));
      expect(await session.read('omega')).toEqual(given.omega);
      expect(await session.read('lambda')).toEqual(given.lambda);
    });

    it('sees a slow variable from the moment that it is written', async () => {
      const [changed, fresh] = [await open(), await open({ ...given, omega: phi })];
      await changed.settle(phase(given, { steps: 0 }));
      await changed.write('omega', phi);
      expect(await changed.settle(phase(given, { steps: 3 }))).toEqual(
        await fresh.settle(phase(given, { steps: 3 })),
      );
      expect(await changed.read('phi')).toEqual(await fresh.read('phi'));
    });

    it('works through more batches than it would keep ready', async () => {
      const session = await open();
      const batches = Array.from(
        { length: 9 },
        (_, k): Batch => ({ ...train, x: train.x.map((value) => value * k) }),
      );
      const once = [];
      for (const batch of batches) once.push(await session.gradient(batch));
      for (const [k, batch] of batches.entries()) expect(await session.gradient(batch)).toEqual(once[k]);
    });

    it('refuses data that do not fit', async () => {
      const session = await open();
      const narrow: Batch = { ...train, inputs: 1, samples: 15, y: new Float64Array(30) };
      await expect(session.evaluate(narrow)).rejects.toThrow(InputError);
      await expect(session.gradient(narrow)).rejects.toThrow(InputError);
      await expect(session.settle(phase(given, { train: narrow }))).rejects.toThrow(InputError);
      await expect(session.settle(phase(given, { beta: 1, replay: narrow }))).rejects.toThrow(InputError);
    });

    it('refuses a class that the network does not have', async () => {
      const of = caseOf('dense, cross-entropy, 5');
      const session = await open(of);
      const labels = { ...of.train, y: of.train.y.map(() => 2) };
      await expect(session.evaluate(labels)).rejects.toThrow(/no class of this network/);
    });
  });

  describe(`engine "${engine.name}": a phase`, () => {
    const given = caseOf('dense-tanh-dense, mse, 5');
    const { network, heldOut } = given;
    const sessions: Session[] = [];
    const open = async (of: Case = given): Promise<Session> => {
      const session = await opened(engine, of);
      sessions.push(session);
      return session;
    };
    afterEach(async () => {
      for (const session of sessions.splice(0)) await session.close();
    });

    it.each(optimizers)(
      'of %s is the same in one chunk and in several, to the last bit',
      async (_, engines) => {
        const state = (session: Session) => stateOf(session, engines.buffers);
        for (const chunks of [[60, 40], [1, 98, 1], [0, 100, 0], new Array<number>(20).fill(5)]) {
          const [whole, parts] = [await open(), await open()];
          const request = phase(given, { inner: engines, beta: 0.3, replay: heldOut });
          const end = await whole.settle(request);
          let last: Settled | undefined;
          let stepsTaken = 0;
          for (const steps of chunks) {
            last = await parts.settle({ ...request, steps, stepsTaken });
            stepsTaken += last.steps;
          }
          expect(stepsTaken).toBe(100);
          expect(last!.residual).toBe(end.residual);
          expect(await state(parts)).toEqual(await state(whole));
        }
      },
    );

    it('goes on where another session left off, once its state is written there', async () => {
      const [first, second] = [await open(), await open()];
      const request = phase(given, { steps: 20 });
      await first.settle(request);
      for (const variable of ['phi', 'momentum']) await second.write(variable, await first.read(variable));
      const [a, b] = [await first.settle(request), await second.settle(request)];
      expect(b).toEqual(a);
      expect(await second.read('phi')).toEqual(await first.read('phi'));
    });

    it('asks its optimiser for the scalars of each step since the buffers were zero', async () => {
      const session = await open();
      const asked: number[] = [];
      const spying: InnerStep = {
        ...inner,
        scalarsAt: (step) => {
          asked.push(step);
          return inner.scalarsAt(step);
        },
      };
      await session.settle(phase(given, { inner: spying, steps: 3, stepsTaken: 40 }));
      // An engine may look at the first step's more than once, or ahead.
      expect([...new Set(asked)].slice(0, 3)).toEqual([41, 42, 43]);
    });

    it('of no steps tells the residual where it stands', async () => {
      const session = await open();
      const { residual, steps } = await session.settle(phase(given, { steps: 0 }));
      const slopes = oracleGradient(network, given.train, given);
      const norm = Math.hypot(
        ...slopes.map((slope, i) => slope + given.lambda[i]! * (given.phi[i]! - given.omega[i]!)),
      );
      expectClose([residual], [norm], tolerances.derivatives);
      expect(steps).toBe(0);
      expect(await session.read('phi')).toEqual(given.phi);
    });

    it('stops at the first step whose residual is at or below the tolerance', async () => {
      const [stopping, stepping] = [await open(), await open()];
      const tolerance = 0.05;
      const end = await stopping.settle(phase(given, { tolerance, steps: 5000 }));
      expect(end).toMatchObject({ converged: true, diverged: false });
      expect(end.residual).toBeLessThanOrEqual(tolerance);
      expect(end.steps).toBeGreaterThan(1);
      const before = await stepping.settle(phase(given, { steps: end.steps - 1 }));
      expect(before.residual).toBeGreaterThan(tolerance);
      const one = await stepping.settle(phase(given, { steps: 1, stepsTaken: end.steps - 1 }));
      expect(one.residual).toBe(end.residual);
      expect(await stepping.read('phi')).toEqual(await stopping.read('phi'));
    });

    it('takes no step where it has converged already', async () => {
      const session = await open();
      await session.settle(phase(given, { tolerance: 0.05, steps: 5000 }));
      const at = await session.read('phi');
      expect(await session.settle(phase(given, { tolerance: 0.05 }))).toMatchObject({
        steps: 0,
        converged: true,
      });
      expect(await session.read('phi')).toEqual(at);
    });

    it('takes every step with tolerance 0, though its residual is exactly 0', async () => {
      const of = atRest();
      const session = await open(of);
      const counting = defineRule('counting', {
        count: function counting(count: number[]) {
          return count[this.thread.x]! + 1;
        },
      });
      const steps: InnerStep = { rule: counting, buffers: ['count'], scalarsAt: () => ({}) };
      const end = await session.settle(phase(of, { inner: steps, steps: 7 }));
      expect(end).toEqual({ residual: 0, firstResidual: 0, steps: 7, converged: false, diverged: false });
      expect(await session.read('count')).toEqual(new Float64Array(of.network.size).fill(7));
    });

    it('that diverges says so, with the step, and does not throw', async () => {
      const of = oneWeight();
      const session = await open(of);
      // w <- w - 6 (2 w) = -11 w from w = 1/2: the gradient is 11^k after k steps, and 11^11 < 1e12 < 11^12.
      const end = await session.settle(phase(of, { inner: sgd({ rate: 6 }) }));
      expect(end).toMatchObject({ diverged: true, converged: false, steps: 12 });
      expectClose([end.residual], [11 ** 12], tolerances.settle);
    });

    it('is measured by the gradient where the phase began, not by 1e12: data in raw units are learned', async () => {
      const of = oneWeight(2 ** 22); // a gradient of 2^44 = 1.8e13 at w = 1/2, and a curvature of 2^45
      const session = await open(of);
      const falling = await session.settle(phase(of, { inner: sgd({ rate: 2 ** -46 }), steps: 3 }));
      expect(falling).toMatchObject({ diverged: false, steps: 3, firstResidual: 2 ** 44, residual: 2 ** 41 });
    });

    it('in a later chunk is measured by where the phase began, as the request says', async () => {
      const of = oneWeight();
      const chunks = async (size: number): Promise<Settled & { total: number }> => {
        const session = await open(of);
        let [firstResidual, total]: [number | undefined, number] = [undefined, 0];
        for (;;) {
          const given = { inner: sgd({ rate: 6 }), steps: size, stepsTaken: total, firstResidual };
          const end = await session.settle(phase(of, given));
          ({ firstResidual } = end);
          total += end.steps;
          if (end.diverged) return { ...end, total };
        }
      };
      const whole = await chunks(100);
      expect(whole).toMatchObject({ firstResidual: 1, total: 12 });
      expect(await chunks(5)).toMatchObject({ firstResidual: 1, total: 12, residual: whole.residual });
      expect(await chunks(1)).toMatchObject({ firstResidual: 1, total: 12, residual: whole.residual });
    });

    it.each([Number.NaN, Infinity])('from %p is divergence at once', async (value) => {
      const session = await open();
      await session.write('phi', new Float64Array(network.size).fill(value));
      expect(await session.settle(phase(given))).toMatchObject({
        diverged: true,
        converged: false,
        steps: 0,
      });
    });

    it('that overflows in one step is divergence too', async () => {
      const session = await open();
      const end = await session.settle(phase(given, { inner: sgd({ rate: 1e300 }) }));
      expect(end).toMatchObject({ diverged: true, converged: false, steps: 1 });
    });

    it('may have replayed data that a beta of 0 leaves without effect', async () => {
      const [withData, without] = [await open(), await open()];
      await withData.settle(phase(given, { replay: heldOut }));
      await without.settle(phase(given));
      expect(await withData.read('phi')).toEqual(await without.read('phi'));
    });

    it('is not misled by the gradient of another phase at the same phi', async () => {
      const [turning, straight] = [await open(), await open()];
      await turning.settle(phase(given, { steps: 0 }));
      await turning.settle(phase(given, { steps: 0, beta: 2, replay: heldOut }));
      const request = phase(given, { steps: 1, beta: 0.3, replay: heldOut });
      expect(await turning.settle(request)).toEqual(await straight.settle(request));
    });

    const unknownQuantity = defineRule('curious', {
      value: function curious(value: number[], temperature: number[]) {
        return value[this.thread.x]! * temperature[this.thread.x]!;
      },
    });
    const scalarRule = defineRule('scalar', {
      value: function scalar(value: number[], rate: number) {
        return value[this.thread.x]! * rate;
      },
    });
    it('is refused without the numbers of its rule, though the same rule ran before', async () => {
      const session = await open();
      await session.settle(phase(given));
      const without: InnerStep = { ...inner, scalarsAt: () => ({ rate: 0.1 }) };
      await expect(session.settle(phase(given, { inner: without }))).rejects.toThrow(
        /reads the number "decay"/,
      );
    });

    it.each<[string, Partial<SettleRequest>, RegExp]>([
      ['is nudged without replayed data', { beta: 0.1 }, /no replayed data/],
      [
        'has a rule that reads a quantity which is not there',
        { inner: { rule: unknownQuantity, buffers: [], scalarsAt: () => ({}) } },
        /"curious" uses "temperature"/,
      ],
      [
        'has a rule that reads a number which its optimiser does not give',
        { inner: { rule: scalarRule, buffers: [], scalarsAt: () => ({}) } },
        /"scalar" reads the number "rate"/,
      ],
      ['has a negative number of steps', { steps: -1 }, /steps must be a whole number/],
      ['has half a step', { steps: 1.5 }, /steps must be a whole number/],
      ['has NaN steps', { steps: Number.NaN }, /steps must be a whole number/],
      ['comes after half a step', { stepsTaken: 0.5 }, /stepsTaken must be a whole number/],
      ['has a tolerance of NaN', { tolerance: Number.NaN }, /tolerance must be a finite number/],
      ['has a negative tolerance', { tolerance: -1 }, /tolerance is out of range/],
      ['has a beta of NaN', { beta: Number.NaN, replay: heldOut }, /beta must be a finite number/],
    ])('is refused where it %s, and nothing moves', async (_, part, message) => {
      const session = await open();
      await expect(session.settle(phase(given, part))).rejects.toThrow(InputError);
      await expect(session.settle(phase(given, part))).rejects.toThrow(message);
      expect(await session.read('phi')).toEqual(given.phi);
    });
  });

  describe(`engine "${engine.name}" refuses`, () => {
    const own = { ...dense(1, 1), kind: 'nobody-knows-this' };
    it('a network with a layer that it has no arithmetic for', async () => {
      const network = defineNetwork({ input: [1], layers: [own], loss: mse, synapse: complexSynapse });
      await expect(engine.open(network)).rejects.toThrow(InputError);
      await expect(engine.open(network)).rejects.toThrow(/layer.*nobody-knows-this.*dense/);
    });

    it('a network with a loss that it has no arithmetic for', async () => {
      const loss = { ...crossEntropy, kind: 'nobody-knows-this' };
      const network = defineNetwork({ input: [1], layers: [dense(1, 1)], loss, synapse: complexSynapse });
      await expect(engine.open(network)).rejects.toThrow(InputError);
      await expect(engine.open(network)).rejects.toThrow(/loss.*nobody-knows-this.*mse/);
    });
  });
}

/** output = w x with one sample (x, 0), no penalty: L = w^2 for an x of 1, from w = 1/2. */
function oneWeight(x = 1): Case {
  const layers = [dense(1, 1, { bias: false })];
  const network = defineNetwork({ input: [1], layers, loss: mse, synapse: complexSynapse });
  const train: Batch = { samples: 1, inputs: 1, targets: 1, x: Float64Array.of(x), y: Float64Array.of(0) };
  const [zero, one] = [Float64Array.of(0), Float64Array.of(1)];
  const phi = Float64Array.of(0.5);
  const theta = new Float64Array(0);
  return { network, train, heldOut: train, phi, theta, omega: zero, lambda: zero, directions: [one, one] };
}

/** The same at its minimum, where the gradient is exactly 0. */
function atRest(): Case {
  return { ...oneWeight(), phi: Float64Array.of(0) };
}
