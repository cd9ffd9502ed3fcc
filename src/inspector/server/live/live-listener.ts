import type { RunEvent, RunsEvent } from '../../protocol/live';
import type { Catalog } from '../catalog/catalog';

/** Milliseconds without an event after which a sign of life is sent, by which it is found that nobody is there any more. */
const silence = 15_000;

/** Who listens: what it is sent is made when it takes it, of all that has changed since, so that a slow one has no more to take. */
export class LiveListener {
  /** The catalog's revision up to which everything was sent; -1 where nothing was. */
  private sent: number;
  private readonly seen = new Map<string, string>();
  private wakes: (() => void) | null = null;
  private hasLeft = false;
  /** Sent at once, so that who listens knows that it is heard; it says after how many milliseconds to connect again. */
  private greeting = 'retry: 1000\n\n';

  constructor(
    private readonly catalog: Catalog,
    private readonly watched: ReadonlyMap<string, { readonly event: RunEvent }>,
    readonly ids: readonly string[],
    since: string | null,
    private readonly left: () => void,
  ) {
    this.sent = catalog.revisionNamed(since) ?? -1;
  }

  /** Something may have changed. */
  wake(): void {
    this.wakes?.();
  }

  /** Ends it; a second call does nothing. */
  leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.left();
    this.wake();
  }

  /** The next events as text, once there are any; null where it has left. */
  async next(): Promise<string | null> {
    for (;;) {
      if (this.hasLeft) return null;
      const text = this.greeting + this.news();
      this.greeting = '';
      if (text !== '') return text;
      const isSilent = await this.sleep();
      if (isSilent && !this.hasLeft) return ': nothing new\n\n';
    }
  }

  private news(): string {
    const { catalog } = this;
    const isFirst = this.sent < 0;
    const { runs, studies, gone, revision } = catalog.since(this.sent);
    let text = '';
    if (isFirst || runs.length + studies.length + gone.length > 0) {
      const event: RunsEvent = { all: isFirst, changed: runs, studies, gone: isFirst ? [] : gone };
      text += `event: runs\nid: ${catalog.nameOf(revision)}\ndata: ${JSON.stringify(event)}\n\n`;
    }
    this.sent = revision;
    for (const id of this.ids) {
      const event = this.watched.get(id)?.event;
      const data = event === undefined ? '' : JSON.stringify(event);
      if (data === '' || this.seen.get(id) === data) continue;
      this.seen.set(id, data);
      text += `event: run\ndata: ${data}\n\n`;
    }
    return text;
  }

  /** Whether nobody woke it for long. */
  private sleep(): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isSilent: boolean) => {
        clearTimeout(timer);
        this.wakes = null;
        resolve(isSilent);
      };
      const timer = setTimeout(() => end(true), silence);
      this.wakes = () => end(false);
    });
  }
}
