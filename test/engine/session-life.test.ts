import { ClosedError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { makeBatch } from '../../src/data/batch';
import type { Engine, Session } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { nesterov } from '../../src/learning/optimizers';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';

const network = mlp([3, 5, 2], { activation: 'tanh', synapse: complexSynapse });
const stream = new RandomStream('life', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(stream.normal()));
const train = makeBatch('drawn', { samples: 6, inputs: 3, targets: 2, x: drawn(18), y: drawn(12) });
const [start, other] = [drawn(network.size), drawn(network.size)];
const phase = {
  inner: nesterov({ rate: 0.02 }),
  beta: 0,
  steps: 70,
  stepsTaken: 0,
  train,
  replay: null,
  tolerance: 0,
};

const simd = simdEngine({ blas: 'wasm' });
const inThread = async () => (await simd.openSideBySide!(network, 1))[0]!;
const openBy = (engine: Engine) => (): Promise<Session> => engine.open(network);
const engines: [string, () => Promise<Session>][] = [
  ['reference', openBy(referenceEngine)],
  ['simd', openBy(simd)],
  ['simd, in a thread', inThread],
  ['gpujs', openBy(gpujsEngine({ mode: 'cpu' }))],
];

const methods: [string, (session: Session) => Promise<unknown>][] = [
  ['read', (session) => session.read('phi')],
  ['write', (session) => session.write('phi', start)],
  ['settle', (session) => session.settle(phase)],
  ['evaluate', (session) => session.evaluate(train)],
  ['gradient', (session) => session.gradient(train)],
  ['metaGradient', (session) => session.metaGradient(train)],
  ['hessianVector', (session) => session.hessianVector(train, start)],
];

describe.each(engines)('a session of engine %s', (_engine, open) => {
  it('gives the same to callers who do not wait for each other as to one who asks one after the other', async () => {
    const [patient, hasty] = [await open(), await open()];
    const expected: unknown[] = [];
    const asked: Promise<unknown>[] = [];
    const values = start.slice();
    for (const session of [patient, hasty]) {
      const ask = async (question: () => Promise<unknown>) => {
        if (session === patient) expected.push(await question());
        else asked.push(question());
      };
      values.set(start);
      await ask(() => session.write('phi', values));
      await ask(() => session.settle(phase));
      await ask(() => session.evaluate(train));
      values.set(other);
      await ask(() => session.write('phi', values));
      values.fill(Number.NaN); // what was written is what it was then
      await ask(() => session.gradient(train));
      await ask(() => session.settle(phase));
      await ask(() => session.read('phi'));
    }
    expect(await Promise.all(asked)).toEqual(expected);
    for (const session of [patient, hasty]) await session.close();
  });

  it('that is closed while it settles gives what it was asked for first, and refuses everything afterwards', async () => {
    const [session, whole] = [await open(), await open()];
    for (const one of [session, whole]) await one.write('phi', start);
    const settling = session.settle(phase);
    const order: string[] = [];
    const settled = settling.then(() => order.push('settled'));
    await session.close().then(() => order.push('closed'));
    await settled;
    expect(order).toEqual(['settled', 'closed']);
    expect(await settling).toEqual(await whole.settle(phase));
    await session.close();
    for (const [name, ask] of methods) {
      await expect(ask(session)).rejects.toThrow(ClosedError);
      await expect(ask(session)).rejects.toThrow(`The session is closed, so ${name}() is refused`);
    }
    await whole.close();
  });
});
