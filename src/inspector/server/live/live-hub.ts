import type { RunEvent } from '../../protocol/live';
import type { Catalog } from '../catalog/catalog';
import { fileOf } from '../catalog/run-place';
import { FileProblem } from '../files/enclosure';
import { stampOf } from '../files/stamp';
import type { MetricsFiles } from '../metrics/metrics-files';
import { RequestProblem } from '../request-problem';
import { withTrace } from '../traces/open-trace';
import type { TraceIndexes } from '../traces/trace-index';
import { LiveListener } from './live-listener';

/** Milliseconds from one look to the next: where a look takes long, ten times as long as it took, up to the second. */
const [interval, longest] = [500, 2000];
const mostListeners = 64;

/** What is looked at. */
interface Sources {
  readonly catalog: Catalog;
  readonly indexes: TraceIndexes;
  readonly metrics: MetricsFiles;
}

type FoundRun = NonNullable<ReturnType<Catalog['known']>>;

interface Watched {
  readonly stamp: string;
  readonly event: RunEvent;
}

/** Looks what has changed while anybody listens, once for all of them. */
export class LiveHub {
  private readonly listeners = new Set<LiveListener>();
  private readonly watched = new Map<string, Watched>();
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly sources: Sources,
    private readonly complain: (line: string) => void,
  ) {}

  /** How many listen. */
  get size(): number {
    return this.listeners.size;
  }

  /**
   * Begins to listen.
   * @param ids Runs whose rows and metrics are counted.
   * @param since The revision up to which the listener knows all; null where it knows nothing.
   * @throws RequestProblem where too many listen.
   */
  async join(ids: readonly string[], since: string | null): Promise<LiveListener> {
    if (this.listeners.size >= mostListeners || this.isClosed)
      throw new RequestProblem(503, {
        what: 'Too many listen already',
        legal: `up to ${mostListeners}`,
        advice: 'Close other pages',
      });
    const listener = new LiveListener(this.sources.catalog, this.watched, ids, since, () =>
      this.leave(listener),
    );
    this.listeners.add(listener);
    try {
      if (this.timer === null) await this.look();
      else await this.lookAt(ids);
    } catch (error) {
      listener.leave(); // Nobody has it to end it.
      throw error;
    }
    return listener;
  }

  close(): void {
    this.isClosed = true;
    for (const listener of this.listeners) listener.leave();
  }

  private leave(listener: LiveListener): void {
    this.listeners.delete(listener);
    const ids = new Set([...this.listeners].flatMap((each) => each.ids));
    for (const id of this.watched.keys()) if (!ids.has(id)) this.watched.delete(id);
    if (this.listeners.size > 0 || this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
  }

  private async look(): Promise<void> {
    const begin = performance.now();
    try {
      await this.sources.catalog.refresh();
      await this.lookAt(new Set([...this.listeners].flatMap(({ ids }) => ids)));
    } catch (error) {
      this.complain(`looking what has changed failed: ${(error as Error).stack}`);
    }
    for (const listener of this.listeners) listener.wake();
    if (this.listeners.size === 0) return;
    const took = performance.now() - begin;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), Math.min(longest, Math.max(interval, 10 * took)));
  }

  private async lookAt(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      const found = this.sources.catalog.known(id);
      if (found === null) {
        this.watched.delete(id);
        continue;
      }
      try {
        await this.lookAtRun(id, found);
      } catch (error) {
        // One run keeps nothing of the others from whoever listens.
        const stamp = `broken: ${(error as Error).message}`;
        if (this.watched.get(id)?.stamp === stamp) continue;
        this.complain(`looking at run ${id} failed: ${(error as Error).stack}`);
        this.watched.set(id, { stamp, event: { id, state: 'broken', traces: {}, metrics: 0 } });
      }
    }
  }

  private async lookAtRun(id: string, { row, place }: FoundRun): Promise<void> {
    const { indexes, metrics } = this.sources;
    const { entries } = indexes.read(place);
    const files = [
      'metrics.ndjson',
      ...[...entries.values()].flatMap(({ file, when }) => [`traces/${file}`, `traces/${when.file}`]),
    ];
    const stamp = [
      row.state,
      ...files.map((file) => stampOf(place.enclosure, fileOf(place, file)).text),
    ].join(' ');
    if (this.watched.get(id)?.stamp === stamp) return;
    const traces: Record<string, number> = {};
    for (const [name, entry] of entries) {
      try {
        traces[name] = await withTrace(place, name, entry, ({ rows }) => rows);
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error; // It has no rows.
      }
    }
    const { lineCount } = await metrics.read(place);
    this.watched.set(id, { stamp, event: { id, state: row.state, traces, metrics: lineCount } });
  }
}
