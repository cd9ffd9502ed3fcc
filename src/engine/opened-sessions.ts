import { ClosedError } from '../core/errors';
import { madeAlike } from '../core/origin';
import type { Network } from '../network/network';
import { creditedEngine, withoutCredit } from './credited-engine';
import type { Engine, Session, Threads } from './engine';
import { SessionDelegate } from './session-delegate';

/**
 * Remembers what is opened through an engine, so that whoever hands the engine out can close all of it in one place. What was closed
 * before is forgotten.
 */
export class OpenedSessions {
  /** The same engine, whose sessions are remembered. */
  readonly engine: Engine;
  private readonly open = new Set<Session>();
  private readonly opening = new Set<Promise<unknown>>();
  private closing: Promise<void> | null = null;

  /** @param who what its errors call it, such as `The run` */
  constructor(
    given: Engine,
    private readonly who: string,
  ) {
    const { engine, credit } = withoutCredit(given);
    const { name, openSideBySide } = engine;
    const several = (network: Network, count: number, by?: Threads): Promise<readonly Session[]> =>
      this.remember(() => openSideBySide!.call(engine, network, count, by));
    const remembering: Engine = {
      name,
      credit: engine.credit,
      probe: () => engine.probe(),
      open: async (network) => (await this.remember(async () => [await engine.open(network)]))[0]!,
      ...(openSideBySide === undefined ? {} : { openSideBySide: several }),
    };
    const alike = madeAlike(remembering, engine);
    this.engine = credit === null ? alike : creditedEngine(alike, credit);
  }

  /**
   * Closes what is open, once it has done what it is doing, and refuses to open more. A second time it does nothing.
   * @throws the first error of those that closing them gives; the others are closed nevertheless.
   */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  /** @throws ClosedError where all was closed meanwhile. */
  private async remember(open: () => Promise<readonly Session[]>): Promise<readonly Session[]> {
    if (this.closing !== null) throw new ClosedError(this.who, 'open');
    const opening = open().then((sessions) =>
      sessions.map((session) => new RememberedSession(session, this.open)),
    );
    this.opening.add(opening);
    try {
      const sessions = await opening;
      if (this.closing !== null) throw new ClosedError(this.who, 'open'); // which has closed them too
      return sessions;
    } finally {
      this.opening.delete(opening);
    }
  }

  private async closeAll(): Promise<void> {
    await Promise.allSettled(this.opening);
    const ends = await Promise.allSettled([...this.open].map((session) => session.close()));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/** Is in the list while it is open. */
class RememberedSession extends SessionDelegate {
  constructor(
    session: Session,
    private readonly open: Set<Session>,
  ) {
    super(session);
    open.add(this);
  }

  override async close(): Promise<void> {
    await super.close();
    this.open.delete(this);
  }
}
