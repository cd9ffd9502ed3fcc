import { type Signal, signal } from '@preact/signals';
import type { RunEvent, RunsEvent } from '../../protocol/live';
import { addressOf } from './ask';

export type Connection = 'connecting' | 'open' | 'lost';

export interface Events {
  readonly connection: Signal<Connection>;
  readonly close: () => void;
}

export interface Listeners {
  readonly runs?: (event: RunsEvent) => void;
  readonly run?: (event: RunEvent) => void;
  /** Connected again, after events may have been missed. */
  readonly again?: () => void;
}

const [shortest, longest] = [500, 10_000];

/** Follows what changes, of all runs and closely of those named; connects again, ever less often, for as long as it is open. */
export function followRuns(ids: readonly string[], listeners: Listeners): Events {
  const connection = signal<Connection>('connecting');
  let [source, timer]: [EventSource | undefined, ReturnType<typeof setTimeout> | undefined] = [
    undefined,
    undefined,
  ];
  let [wait, before] = [shortest, false];

  const connect = () => {
    source = new EventSource(addressOf('live', { id: ids }));
    source.addEventListener('open', () => {
      connection.value = 'open';
      wait = shortest;
      if (before) listeners.again?.();
      before = true;
    });
    source.addEventListener('runs', ({ data }) => listeners.runs?.(JSON.parse(data) as RunsEvent));
    source.addEventListener('run', ({ data }) => listeners.run?.(JSON.parse(data) as RunEvent));
    source.addEventListener('error', () => {
      // A browser gives up after some errors, and not after others; here it is always done the same way.
      source?.close();
      connection.value = 'lost';
      timer = setTimeout(connect, wait);
      wait = Math.min(2 * wait, longest);
    });
  };
  connect();
  return {
    connection,
    close: () => {
      clearTimeout(timer);
      source?.close();
    },
  };
}
