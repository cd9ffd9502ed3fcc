import type { RunEvent, RunsEvent } from '../../protocol/live';
import { addressOf } from './ask';

export type Connection = 'connecting' | 'open' | 'lost';

export interface Listeners {
  readonly runs: (event: RunsEvent, revision: string) => void;
  readonly run: (event: RunEvent) => void;
  readonly connection: (now: Connection) => void;
}

const [shortest, longest] = [500, 10_000];

/**
 * Follows what changes since a revision, of all runs and closely of those named; connects again, ever less often, until it is closed.
 * @returns What closes it.
 */
export function followRuns(ids: readonly string[], since: string | null, listeners: Listeners): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [wait, known] = [shortest, since];

  const connect = () => {
    source = new EventSource(addressOf('live', { id: ids, since: known }));
    source.addEventListener('open', () => {
      listeners.connection('open');
      wait = shortest;
    });
    source.addEventListener('runs', ({ data, lastEventId }) => {
      known = lastEventId || known;
      listeners.runs(JSON.parse(data) as RunsEvent, lastEventId);
    });
    source.addEventListener('run', ({ data }) => listeners.run(JSON.parse(data) as RunEvent));
    source.addEventListener('error', () => {
      // A browser gives up after some errors, and not after others; here it is always done the same way.
      source?.close();
      listeners.connection('lost');
      timer = setTimeout(connect, wait);
      wait = Math.min(2 * wait, longest);
    });
  };
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
