import { ClosedError } from '../../src/core/errors';
import type { Engine, Session } from '../../src/engine/engine';
import { OpenedSessions } from '../../src/engine/opened-sessions';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';

const network = mlp([2, 3, 1], { synapse: complexSynapse });

/** The reference engine, which notes what is closed, and opens when it is told to. */
function watched() {
  const closed: number[] = [];
  let count = 0;
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const engine: Engine = {
    ...referenceEngine,
    async open(of) {
      const session = await referenceEngine.open(of);
      const number = count++;
      if (number === 2) await gate;
      const close = session.close.bind(session);
      session.close = async () => {
        closed.push(number);
        if (number === 1) throw new Error('session 1 does not close');
        await close();
      };
      return session;
    },
  };
  return { engine, closed, go };
}

describe('what was opened through an engine', () => {
  it('is closed as a whole: what is open, also where closing one of them fails, and what was closed before not again', async () => {
    const { engine, closed } = watched();
    const opened = new OpenedSessions(engine, 'The run');
    const [first] = [await opened.engine.open(network), await opened.engine.open(network)];
    await first.close();
    await expect(opened.close()).rejects.toThrow('session 1 does not close');
    expect(closed).toEqual([0, 1]);
  });

  it('is closed too where it is being opened, and refused to whoever opens it', async () => {
    const { engine, closed, go } = watched();
    const opened = new OpenedSessions(engine, 'The run');
    await opened.engine.open(network);
    const second = await opened.engine.open(network);
    second.close = async () => {};
    const third = opened.engine.open(network);
    const closing = opened.close();
    await expect(opened.engine.open(network)).rejects.toThrow(/^The run is closed, so open\(\) is refused/);
    go();
    await expect(third).rejects.toThrow(ClosedError);
    await closing;
    expect(closed).toEqual([0, 2]);
  });

  it('works in threads where the engine has some, and is the same engine to whoever asks', async () => {
    const simd = simdEngine({ blas: 'wasm' });
    const opened = new OpenedSessions(simd, 'The run');
    expect(opened.engine.name).toBe('simd');
    expect(await opened.engine.probe()).toEqual(await simd.probe());
    expect(new OpenedSessions(referenceEngine, 'The run').engine.openSideBySide).toBeUndefined();
    const sessions: readonly Session[] = await opened.engine.openSideBySide!(network, 3, { threads: 2 });
    for (const session of sessions) expect(await session.read('phi')).toHaveLength(network.size);
    await opened.close();
    for (const session of sessions) await expect(session.read('phi')).rejects.toThrow(ClosedError);
  });
});
