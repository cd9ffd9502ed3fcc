import { computed, signal } from '@preact/signals';
import type { Problem, RunEvent } from '../../protocol/live';
import type { RunList, RunRow, StudyRow } from '../../protocol/runs';
import { addressOf, askJson } from '../api/ask';
import { type Connection, followRuns } from '../api/events';
import { problemOf } from '../api/problem';

/** All runs and studies of the served folder, kept as the server says they are. */
export const folder = signal<string | null>(null);
export const runs = signal<ReadonlyMap<string, RunRow>>(new Map());
export const studies = signal<ReadonlyMap<string, StudyRow>>(new Map());
export const problem = signal<Problem | null>(null);
export const connection = signal<Connection>('connecting');
/** How far the runs followed closely have come. */
export const progress = signal<ReadonlyMap<string, RunEvent>>(new Map());

export const loaded = computed(() => folder.value !== null);

const byId = <T extends { readonly id: string }>(rows: readonly T[]) =>
  new Map(rows.map((row) => [row.id, row]));

export async function loadAll(): Promise<void> {
  try {
    const list = await askJson<RunList>(addressOf('runs'));
    folder.value = list.folder;
    runs.value = byId(list.runs);
    studies.value = byId(list.studies);
    problem.value = null;
  } catch (thrown) {
    problem.value = problemOf(thrown);
  }
}

let close: (() => void) | undefined;
let followed = '';

/** Follows the list, and closely the runs named. Called again, it follows others. */
export function followAll(ids: readonly string[] = []): void {
  const key = JSON.stringify(ids);
  if (close !== undefined && key === followed) return;
  close?.();
  const first = close === undefined;
  followed = key;
  const events = followRuns(ids, {
    runs: ({ changed, studies: changedStudies, gone }) => {
      if (changed.length > 0 || gone.length > 0) {
        const next = new Map(runs.value);
        for (const row of changed) next.set(row.id, row);
        for (const id of gone) next.delete(id);
        runs.value = next;
      }
      if (changedStudies.length > 0) {
        studies.value = new Map([...studies.value, ...byId(changedStudies)]);
      }
    },
    run: (event) => {
      progress.value = new Map(progress.value).set(event.id, event);
    },
    again: () => void loadAll(),
  });
  const stop = events.connection.subscribe((now) => {
    connection.value = now;
  });
  close = () => {
    stop();
    events.close();
  };
  if (first) void loadAll();
}
