import { didYouMean } from '../../core/nearest';
import type { TraceEntry } from '../../trace/recorder';
import type { RunRow } from '../protocol/runs';
import { Catalog } from './catalog/catalog';
import { Damages } from './catalog/damages';
import { Figures } from './catalog/figures';
import type { Place } from './catalog/run-place';
import type { ServedFolder } from './files/served-folder';
import { LiveHub } from './live/live-hub';
import { MetricsFiles } from './metrics/metrics-files';
import { notFound } from './request-problem';
import { ExtremesStore } from './traces/extremes/extremes-store';
import { Timelines } from './traces/timeline';
import { TraceIndexes } from './traces/trace-index';

/** Of the extremes of traces, all together. */
const mostExtremes = 256 * 1024 * 1024;

/** What the server knows of a served folder. */
export class Inspector {
  readonly catalog: Catalog;
  readonly indexes = new TraceIndexes();
  readonly extremes = new ExtremesStore(mostExtremes);
  readonly timelines = new Timelines();
  readonly figures = new Figures();
  readonly damages = new Damages();
  readonly metrics = new MetricsFiles();
  readonly live: LiveHub;

  /** @param complain Is called with what the server itself failed by. */
  constructor(
    readonly served: ServedFolder,
    complain: (line: string) => void,
  ) {
    this.catalog = new Catalog(served);
    this.live = new LiveHub(this, complain);
  }

  /** @throws RequestProblem where there is no such run. */
  async run(id: string): Promise<{ readonly row: RunRow; readonly place: Place }> {
    const found = await this.catalog.find(id);
    if (found !== null) return found;
    throw notFound({
      what: 'There is no such run',
      got: id.slice(0, 200),
      advice: 'It may have been removed: go back to the list',
    });
  }

  /** @throws RequestProblem where the run has no such trace. */
  async trace(id: string, name: string): Promise<{ readonly place: Place; readonly entry: TraceEntry }> {
    const { place } = await this.run(id);
    const { entries, problems } = this.indexes.read(place);
    const entry = entries.get(name);
    if (entry !== undefined) return { place, entry };
    const names = [...entries.keys()];
    throw notFound({
      what: 'The run has no such trace',
      got: name.slice(0, 200),
      legal: names.join(', ') || 'none: it has recorded nothing',
      advice: problems[0] ?? didYouMean(name, names),
    });
  }

  /** Ends what goes on by itself. */
  close(): void {
    this.live.close();
  }

  /** A text without the path of the served folder. */
  readonly shown = (text: string): string => text.replaceAll(this.served.enclosure.root, this.served.given);
}
