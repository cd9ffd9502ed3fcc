import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { yieldToEventLoop } from '../../../core/yield-to-event-loop';
import type { RunList, RunRow, StudyRow } from '../../protocol/runs';
import type { ServedFolder } from '../files/served-folder';
import { type Stamp, stampOf } from '../files/stamp';
import { findPlaces } from './find-places';
import { fileOf, type Place } from './run-place';
import { type ReadRow, readRunRow } from './run-row';
import { type Holder, holderOf, stateOf } from './run-state';
import { StudyReader } from './study-row';

/** Files by which it is seen that a run has changed. */
const watched = ['manifest.json', 'config.json', 'summary.json', 'metrics.ndjson'];

interface KnownRun extends ReadRow {
  readonly place: Place;
  readonly stamp: string;
  /** The revision of the catalog at which it became what it is. */
  readonly revision: number;
}

interface KnownStudy {
  readonly reader: StudyReader;
  readonly row: StudyRow;
  readonly revision: number;
}

/** What has changed since a revision. */
export interface Changes {
  readonly runs: readonly RunRow[];
  readonly studies: readonly StudyRow[];
  readonly gone: readonly string[];
  readonly revision: number;
}

/** Ids of runs that are gone, which are remembered for those who have seen them. */
const mostGone = 10_000;

/**
 * All runs and studies of the served folder. What has not changed since it was read, by the times and lengths of a few of its files, is not read
 * again.
 */
export class Catalog {
  /** Different for each server: a revision means something for one of them only. */
  private readonly epoch = randomBytes(6).toString('hex');
  private runs = new Map<string, KnownRun>();
  private studies = new Map<string, KnownStudy>();
  private readonly gone = new Map<string, number>();
  private current = 0;
  private refreshing: Promise<void> | null = null;

  constructor(private readonly served: ServedFolder) {}

  /** Grows whenever anything has changed. */
  get revision(): number {
    return this.current;
  }

  /** Looks what has changed; those who ask meanwhile wait for the same look. */
  refresh(): Promise<void> {
    this.refreshing ??= this.look().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** What a revision is called outside: of another server it means nothing. */
  nameOf(revision: number): string {
    return `${this.epoch}-${revision}`;
  }

  /** The revision of a name; null where it is none of this server's. */
  revisionNamed(name: string | null): number | null {
    const found = /^([0-9a-f]+)-(\d{1,15})$/.exec(name ?? '');
    const revision = Number(found?.[2]);
    return found?.[1] === this.epoch && revision <= this.current ? revision : null;
  }

  list(): RunList {
    return {
      folder: this.served.given,
      revision: this.nameOf(this.current),
      runs: [...this.runs.values()].map(({ row }) => row),
      studies: [...this.studies.values()].map(({ row }) => row),
    };
  }

  /** What is not as it was at a revision. */
  since(revision: number): Changes {
    const isNew = (one: { readonly revision: number }) => one.revision > revision;
    return {
      runs: [...this.runs.values()].filter(isNew).map(({ row }) => row),
      studies: [...this.studies.values()].filter(isNew).map(({ row }) => row),
      gone: [...this.gone].filter(([, at]) => at > revision).map(([id]) => id),
      revision: this.current,
    };
  }

  /** A run as it was when it was last looked at; null where there was none of this id. */
  known(id: string): { readonly row: RunRow; readonly place: Place } | null {
    return this.runs.get(id) ?? null;
  }

  /** A run as it is now; null where there is none of this id. */
  async find(id: string): Promise<{ readonly row: RunRow; readonly place: Place } | null> {
    if (!this.runs.has(id)) await this.refresh();
    const known = this.runs.get(id);
    if (known === undefined) return null;
    const now = this.readRun(known.place, known.row.study);
    this.runs.set(id, now);
    return now;
  }

  private async look(): Promise<void> {
    const found = findPlaces(this.served);
    const runs = new Map<string, KnownRun>();
    for (const { place, study } of found.runs) {
      runs.set(place.id, this.readRun(place, study));
      await yieldToEventLoop();
    }
    for (const { place, reason } of found.refused) runs.set(place.id, this.refused(place, reason));
    const studies = new Map<string, KnownStudy>();
    for (const place of found.studies) studies.set(place.id, this.readStudy(place, runs));
    this.note(runs, studies);
  }

  /** Remembers what is gone. */
  private note(runs: Map<string, KnownRun>, studies: Map<string, KnownStudy>): void {
    const before = [...this.runs.keys(), ...this.studies.keys()];
    for (const id of before) {
      if (runs.has(id) || studies.has(id)) continue;
      this.gone.set(id, ++this.current);
    }
    for (const id of this.gone.keys()) if (runs.has(id) || studies.has(id)) this.gone.delete(id);
    for (const id of this.gone.keys()) if (this.gone.size > mostGone) this.gone.delete(id);
    [this.runs, this.studies] = [runs, studies];
  }

  private readRun(place: Place, study: string | null): KnownRun {
    const holder = holderOf(place);
    const known = this.runs.get(place.id);
    const stamps = watched.map((file) => stampOf(place.enclosure, fileOf(place, file)));
    const stamp = stamps.map(({ text }) => text).join(' ');
    if (known === undefined || known.stamp !== stamp)
      return this.changed(place, { ...this.readRow(place, study, latest(stamps), holder), stamp });
    const { row, written } = known;
    const state = written === null ? row.state : stateOf(holder, written);
    return state === row.state ? known : this.changed(place, { row: { ...row, state }, written, stamp });
  }

  private changed(place: Place, read: ReadRow & { readonly stamp: string }): KnownRun {
    return { ...read, place, revision: ++this.current };
  }

  /** One run that nobody can make sense of keeps nothing of the others from whoever asks. */
  private readRow(place: Place, study: string | null, changed: number, holder: Holder): ReadRow {
    try {
      return readRunRow(place, study, changed, holder);
    } catch (error) {
      return { row: brokenRow(place, `cannot be read: ${(error as Error).message}`), written: null };
    }
  }

  private refused(place: Place, reason: string): KnownRun {
    const known = this.runs.get(place.id);
    if (known?.stamp === reason) return known;
    return this.changed(place, { row: brokenRow(place, reason), written: null, stamp: reason });
  }

  private readStudy(place: Place, runs: ReadonlyMap<string, KnownRun>): KnownStudy {
    const known = this.studies.get(place.id);
    const { served } = this;
    const given = served.only === null ? path.join(served.given, place.relative) : served.given;
    const reader = known?.reader ?? new StudyReader(place, given);
    const trials = [...runs.values()].map(({ row }) => row).filter(({ study }) => study === place.id);
    const row = reader.read(stampOf(place.enclosure, fileOf(place, 'study.json')).text, trials);
    if (known !== undefined && JSON.stringify(row) === JSON.stringify(known.row)) return known;
    return { reader, row, revision: ++this.current };
  }
}

function brokenRow({ id }: Place, reason: string): RunRow {
  const nothing = { study: null, command: null, scenario: null, preset: null, seed: null };
  return { id, state: 'broken', problem: `it ${reason}`, ...nothing, changed: 0, settings: {}, results: {} };
}

const latest = (stamps: readonly Stamp[]): number => Math.max(...stamps.map(({ changed }) => changed));
