import type { Manifest } from '../../../run/directory/manifest';
import { isGroup } from '../../../study/compare/leaf-path';
import { recordNumbers } from '../../../study/search/course/record-numbers';
import type { RunRow } from '../../protocol/runs';
import { type Cells, recordCells, resultCells, settingCells } from './cells';
import { isWritten, readJson, readManifest, reasonOf } from './read-manifest';
import { fileOf, type Place } from './run-place';
import { type Holder, stateOf } from './run-state';

/** A row as its files say, and what its manifest says of its state: whether a process works on it is asked each time. */
export interface ReadRow {
  readonly row: RunRow;
  readonly written: Manifest['state'] | null;
}

/** Reads the row of a run: its manifest, settings and results, none of its traces. Whatever is wrong with them, there is a row. */
export function readRunRow(place: Place, study: string | null, changed: number, holder: Holder): ReadRow {
  const { manifest, problem: broken } = readManifest(place);
  const problems = broken === null ? [] : [broken];
  const attempt = <T>(file: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      problems.push(`${file} ${reasonOf(error)}`);
      return otherwise;
    }
  };
  const config = attempt('config.json', () => readJson(place, 'config.json', manifest), null);
  const described = config === null ? nothing : describe(config);
  if (config !== null && described.scenario === null) problems.push('config.json names no scenario');
  const isBroken = manifest === null || described.scenario === null;
  const results = isBroken
    ? {}
    : isWritten('summary.json', manifest)
      ? attempt('summary.json', () => resultsIn(readJson(place, 'summary.json', manifest)), {})
      : attempt('metrics.ndjson', () => lastRecord(place, manifest), {});
  const row: RunRow = {
    id: place.id,
    state: isBroken ? 'broken' : stateOf(holder, manifest.state),
    problem: problems.length === 0 ? null : problems.join('; '),
    ...described,
    study,
    command: manifest?.command || null,
    changed,
    results,
  };
  return { row, written: isBroken ? null : manifest.state };
}

type Described = Pick<RunRow, 'scenario' | 'preset' | 'seed' | 'settings'>;

const nothing: Described = { scenario: null, preset: null, seed: null, settings: {} };

/** What config.json says. */
function describe({ scenario, preset, seed, config, ...rest }: Readonly<Record<string, unknown>>): Described {
  const { engine, blas, rules, checkpointEvery, file, version } = rest;
  const chosen = { engine, blas, rules, checkpointEvery, file, version };
  const given = Object.entries(chosen).filter(([, value]) => value !== null && value !== undefined);
  return {
    scenario: text(scenario),
    preset: text(preset),
    seed: typeof seed === 'number' && Number.isSafeInteger(seed) ? seed : null,
    settings: { ...settingCells(Object.fromEntries(given)), ...settingCells(isGroup(config) ? config : {}) },
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** What is no result: which scenario it was, what it was executed by, what was warned of. */
function resultsIn({
  scenario: _,
  rules: __,
  warnings: ___,
  ...summary
}: Readonly<Record<string, unknown>>): Cells {
  return resultCells(summary);
}

const tail = 64 * 1024;

/** The last whole line of the metrics of a run that goes on. */
function lastRecord(place: Place, manifest: Manifest): Cells {
  if (!isWritten('metrics.ndjson', manifest)) return {};
  const end = place.enclosure.readEnd(fileOf(place, 'metrics.ndjson'), tail).toString('utf8');
  const lines = end.slice(0, end.lastIndexOf('\n') + 1).trimEnd();
  try {
    const record: unknown = JSON.parse(lines.slice(lines.lastIndexOf('\n') + 1));
    if (!isGroup(record)) return {};
    const counters = ['metaStep', 'tasks'].filter((name) => typeof record[name] === 'number');
    return recordCells([...counters.map((name) => [name, record[name]] as const), ...recordNumbers(record)]);
  } catch {
    return {}; // No line is whole yet.
  }
}
