import { batch, computed, signal } from '@preact/signals';
import type { Problem, RunEvent } from '../../protocol/live';
import type { RunList, RunRow, StudyRow } from '../../protocol/runs';
import { addressOf, askJson } from '../api/ask';
import { type Connection, followRuns } from '../api/events';
import { problemOf } from '../api/problem';
import { merged } from './merge';

/** All runs and studies of the served folder, kept as the server says they are. */
export const folder = signal<string | null>(null);
export const runs = signal<ReadonlyMap<string, RunRow>>(new Map());
export const studies = signal<ReadonlyMap<string, StudyRow>>(new Map());
export const problem = signal<Problem | null>(null);
export const connection = signal<Connection>('connecting');
/** How far the runs followed closely have come. */
export const progress = signal<ReadonlyMap<string, RunEvent>>(new Map());

export const loaded = computed(() => folder.value !== null);

let revision: string | null = null;
let ids: readonly string[] = [];
let close: (() => void) | undefined;

/** Asks for the list; once it is there, follows what changes. */
export async function loadAll(): Promise<void> {
  try {
    const list = await askJson<RunList>(addressOf('runs'));
    batch(() => {
      folder.value = list.folder;
      runs.value = merged(new Map(), list.runs, { all: true });
      studies.value = merged(new Map(), list.studies, { all: true });
      problem.value = null;
    });
    revision = list.revision;
    follow();
  } catch (thrown) {
    problem.value = problemOf(thrown);
    connection.value = 'lost';
  }
}

/** Follows all that is listed, and these runs closely: how far each has come. */
export function followAll(wanted: readonly string[] = []): void {
  if (JSON.stringify(wanted) === JSON.stringify(ids)) return;
  ids = wanted;
  if (loaded.peek()) follow();
}

function follow() {
  close?.();
  close = followRuns(ids, revision, {
    connection: (now) => {
      connection.value = now;
    },
    runs: ({ all, changed, studies: changedStudies, gone }, now) => {
      revision = now || revision;
      batch(() => {
        runs.value = merged(runs.peek(), changed, { all, gone });
        studies.value = merged(studies.peek(), changedStudies, { all, gone });
      });
    },
    run: (event) => {
      progress.value = new Map(progress.peek()).set(event.id, event);
    },
  });
}
