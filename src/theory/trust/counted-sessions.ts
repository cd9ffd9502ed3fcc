import { CountedSession, type Work } from '../../engine/counted-session';
import type { Engine } from '../../engine/engine';
import type { Network } from '../../network/network';

/** Sessions of one engine that are counted and closed together. */
export class CountedSessions {
  private readonly sessions: CountedSession[] = [];

  constructor(private readonly engine: Engine) {}

  async open(network: Network): Promise<CountedSession> {
    const session = new CountedSession(await this.engine.open(network));
    this.sessions.push(session);
    return session;
  }

  /** What was done in all of them so far. */
  get work(): Work {
    const sum = (of: keyof Work) => this.sessions.reduce((total, { work }) => total + work[of], 0);
    return { gradients: sum('gradients'), hessianVectors: sum('hessianVectors') };
  }

  async close(): Promise<void> {
    for (const session of this.sessions) await session.close();
  }
}
