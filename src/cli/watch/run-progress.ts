import fs from 'node:fs';
import path from 'node:path';
import { InputError } from '../../core/errors';
import type { RunState } from '../../inspector/protocol/runs';
import { stateOf } from '../../inspector/server/catalog/run-state';
import { parseManifest } from '../../run/directory/manifest';
import { manifestName } from '../../run/directory/run-files';
import { lockHolder } from '../../run/directory/run-lock';
import { parseTraceIndex } from '../../trace/recorder';
import { openRows } from '../../trace/trace-rows';
import { MetricsTail } from './metrics-tail';

/** What a run is doing, as its files and its lock say. `dead`: it says that it runs, and nobody works on it. */
export type Standing = Exclude<RunState, 'elsewhere' | 'broken'> | 'running elsewhere';

/** When the last row of a trace was recorded. */
export interface LastRow {
  readonly rows: number;
  readonly task: number;
  readonly phase: number;
  readonly beta: number;
  readonly step: number;
  readonly residual: number | null;
}

/** How far a run has come. */
export interface RunProgress {
  readonly standing: Standing;
  /** Lines of `metrics.ndjson`. */
  readonly records: number;
  /** The numbers of its last line, by their paths, and how each came there: the last few hundred values. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly traces: Readonly<Record<string, LastRow>>;
}

/** The text of what is a file: a pipe is not waited for. */
function plainText(file: string): string {
  if (fs.statSync(file).isFile()) return fs.readFileSync(file, 'utf8');
  throw new InputError({
    what: `"${file}" is no file`,
    advice: 'Name a run directory that a run has written',
  });
}

/** Looks at a run from its directory alone: what works on it is not asked. */
export class RunWatch {
  private readonly metrics: MetricsTail;

  /** @throws InputError where the path is no run directory. */
  constructor(private readonly directory: string) {
    if (!fs.existsSync(path.join(directory, manifestName))) {
      throw new InputError({
        what: 'There is no run in this folder',
        got: directory,
        legal: 'a run directory, such as runs/2026-01-31-boston-cpu-s1',
      });
    }
    this.metrics = new MetricsTail(path.join(directory, 'metrics.ndjson'));
  }

  look(): RunProgress {
    // What runs is looked at first: a run that ends meanwhile has then written all that is read behind it.
    const standing = this.standing();
    const { records, courses: metrics } = this.metrics.read();
    return { standing, records, metrics, traces: this.traces() };
  }

  private standing(): Standing {
    // Before the manifest: a run that ends between the two has then written that it did.
    const holder = lockHolder(this.directory);
    const file = path.join(this.directory, manifestName);
    const manifest = parseManifest(plainText(file));
    if (typeof manifest !== 'object') {
      throw new InputError({
        what: `"${file}" is not as a run wrote it`,
        got: typeof manifest === 'number' ? `format ${manifest}` : manifest,
        advice: `See what is wrong and have it mended: metaplast resume ${this.directory}`,
      });
    }
    const state = stateOf(holder, manifest.state);
    return state === 'elsewhere' ? 'running elsewhere' : state;
  }

  private traces(): Record<string, LastRow> {
    const folder = path.join(this.directory, 'traces');
    const found: Record<string, LastRow> = {};
    const file = path.join(folder, 'index.json');
    if (!fs.existsSync(file)) return found;
    for (const [name, { when }] of Object.entries(parseTraceIndex(plainText(file), file))) {
      const moments = openRows(path.join(folder, when.file), when.columns.length);
      try {
        const rows = moments.present;
        if (rows === 0) continue;
        const last = [...moments.read(rows - 1, 1)];
        const [task, phase, beta, step] = last as [number, number, number, number];
        const residual = last[when.columns.indexOf('residual')]; // traces of neurons have none
        found[name] = {
          rows,
          task,
          phase,
          beta,
          step,
          residual: Number.isFinite(residual) ? residual! : null,
        };
      } finally {
        moments.close();
      }
    }
    return found;
  }
}
