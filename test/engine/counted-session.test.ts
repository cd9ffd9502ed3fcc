import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import { CountedSession } from '../../src/engine/counted-session';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { sgd } from '../../src/learning/optimizers';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';

const network = mlp([1, 3, 1], { synapse: complexSynapse });
const { train, heldOut } = sinusoids().sample(new RandomStream('tasks', 'seed'))!;
const open = async () => new CountedSession(await referenceEngine.open(network));
const chunk = { inner: sgd({ rate: 0.01 }), stepsTaken: 0, train, tolerance: 0 };

describe('a session whose work is counted', () => {
  it('counts one gradient a free step, and two a nudged one', async () => {
    const session = await open();
    await session.settle({ ...chunk, beta: 0, replay: null, steps: 7 });
    expect(session.work).toEqual({ gradients: 7, hessianVectors: 0 });
    await session.settle({ ...chunk, beta: 0.1, replay: heldOut, steps: 5 });
    expect(session.work).toEqual({ gradients: 17, hessianVectors: 0 });
  });

  it('counts the steps that were taken, not those that were allowed', async () => {
    const session = await open();
    const { steps } = await session.settle({ ...chunk, beta: 0, replay: null, steps: 100, tolerance: 1e9 });
    expect(steps).toBe(0);
    expect(session.work.gradients).toBe(0);
  });

  it('counts gradients and Hessian-vector products that it is asked for', async () => {
    const session = await open();
    await session.gradient(train);
    await session.metaGradient(train);
    await session.hessianVector(train, new Float64Array(network.size));
    expect(session.work).toEqual({ gradients: 2, hessianVectors: 1 });
  });

  it('gives what the session within gives', async () => {
    const [counted, plain] = [await open(), await referenceEngine.open(network)];
    const phi = Float64Array.from({ length: network.size }, (_, i) => Math.sin(i));
    for (const session of [counted, plain]) await session.write('phi', phi);
    expect(counted.engine).toBe(plain.engine);
    expect(await counted.read('phi')).toEqual(phi);
    expect(await counted.gradient(train)).toEqual(await plain.gradient(train));
    expect(await counted.evaluate(heldOut)).toEqual(await plain.evaluate(heldOut));
    expect(await counted.hessianVector(train, phi)).toEqual(await plain.hessianVector(train, phi));
    await counted.close();
  });
});
