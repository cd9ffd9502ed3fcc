import type { Engine, Session } from '../../src/engine/engine';
import type { Case } from './cases';

/** A session of the case's network, in the case's state. */
export async function opened(engine: Engine, given: Case): Promise<Session> {
  const session = await engine.open(given.network);
  for (const variable of ['phi', 'theta', 'omega', 'lambda'] as const) {
    await session.write(variable, given[variable]);
  }
  return session;
}
