import type { Exchange } from './exchange';
import { workerKeys } from './keys';
import { joined, readCard, type WorkerCard } from './worker-card';

/** Who learns for an offer, as the run sees it. */
export class Crew {
  private readonly known = new Map<string, WorkerCard>();
  private readonly refused = new Set<string>();

  constructor(
    private readonly exchange: Exchange,
    private readonly offer: string,
    private readonly say: (line: string) => void,
  ) {}

  /** Threads that learn for it now. */
  get threads(): number {
    return [...this.known.values()].reduce((sum, { threads }) => sum + threads, 0);
  }

  /** Looks who is there, and says who has come, gone, or cannot come. */
  async look(): Promise<void> {
    const cards = await this.exchange.store.announced(workerKeys);
    const there = new Map<string, WorkerCard>();
    for (const [key, bytes] of cards) {
      const card = readCard(bytes);
      const status = card?.offers[this.offer];
      if (card === null || status === undefined) continue;
      if (status === joined) there.set(key, card);
      else if (!this.refused.has(key)) {
        this.refused.add(key);
        this.say(`worker ${inWords(card)} cannot learn for this run. ${status}`);
      }
    }
    for (const [key, card] of there) if (!this.known.has(key)) this.say(`worker ${inWords(card)} learns now`);
    for (const [key, card] of this.known) if (!there.has(key)) this.say(`worker ${inWords(card)} is gone`);
    this.known.clear();
    for (const [key, card] of there) this.known.set(key, card);
  }
}

const inWords = ({ host, pid, threads }: WorkerCard): string =>
  `${host}, process ${pid}, ${threads} ${threads === 1 ? 'thread' : 'threads'},`;
