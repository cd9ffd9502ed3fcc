import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listingOf } from '../../../src/core/file-listing';
import {
  directoryFormat,
  formatManifest,
  type Manifest,
  type RunState,
} from '../../../src/run/directory/manifest';

/** A run directory to be made without running anything. */
export interface MadeRun {
  readonly scenario?: string;
  readonly seed?: number;
  readonly config?: object;
  /** What its summary holds; null: it has none. */
  readonly summary?: object | null;
  readonly state?: RunState;
  readonly records?: readonly object[];
  /** Further parts of config.json. */
  readonly stored?: object;
}

/** Makes a run directory as a run leaves it, as far as files of settings and numbers go; gives its path. */
export function makeRun(directory: string, run: MadeRun): string {
  const {
    scenario = 'boston',
    seed = 1,
    config = {},
    summary = {},
    state = 'finished',
    records,
    stored,
  } = run;
  const settings = {
    format: directoryFormat,
    scenario,
    preset: 'cpu',
    seed,
    version: '0.1.0',
    config,
    ...stored,
  };
  const files: Record<string, string> = { 'config.json': JSON.stringify(settings) };
  if (summary !== null) files['summary.json'] = JSON.stringify(summary);
  if (records !== undefined) {
    files['metrics.ndjson'] = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  }
  const listings = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, listingOf(text)]));
  const manifest: Manifest = {
    format: directoryFormat,
    state,
    command: '',
    settings: {},
    files: listings,
    writing: {},
  };
  fs.mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), text);
  fs.writeFileSync(path.join(directory, 'manifest.json'), formatManifest(manifest));
  return directory;
}

/** A folder for the runs of one test file. */
export function emptyFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-compare-'));
}
