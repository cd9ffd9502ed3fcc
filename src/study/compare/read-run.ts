import fs from 'node:fs';
import path from 'node:path';
import { InputError, MetaplastError } from '../../core/errors';
import { codeOf } from '../../core/file-failures';
import { directoryFormat } from '../../run/directory/manifest';
import { RunFiles } from '../../run/directory/run-files';
import { isGroup } from './leaf-path';
import { type Measured, measuredIn } from './metrics';
import { canonical, type Settings, settingsBelow } from './settings';

/** The files of a run directory that are read here. */
type ReadFile = (file: string) => string;

/** What a run was: read from its `config.json`. */
export interface DescribedRun {
  readonly directory: string;
  readonly scenario: string;
  readonly seed: number;
  /** Everything but the seed that its numbers follow from. What is no setting of the scenario is called as on the command line: `--engine`. */
  readonly settings: Settings;
  /** What settings came from, or were made by: the preset, metaplast's version. No number follows from them but by the settings. */
  readonly origin: Settings;
  /** A text that two runs share where they were made by the same code, metaplast's version included, as far as each says. */
  readonly code: string;
}

/** A run whose numbers can be compared. */
export interface ComparedRun extends DescribedRun {
  readonly measured: readonly Measured[];
  /** What is to be said of how it was read, as a sentence; null where there is nothing. */
  readonly note: string | null;
}

/** A run that has no numbers to compare. */
export interface LeftOutRun {
  readonly directory: string;
  readonly state: 'unfinished' | 'failed' | 'damaged';
  /** As a sentence without its full stop. */
  readonly reason: string;
  /** What it was, where that can be read. */
  readonly run: DescribedRun | null;
}

/** Reads config.json, summary.json and the manifest of a run directory, and nothing else. */
export function readRun(directory: string): ComparedRun | LeftOutRun {
  let run: DescribedRun | null = null;
  const leftOut = (state: LeftOutRun['state'], reason: string): LeftOutRun => ({
    directory,
    state,
    reason,
    run,
  });
  try {
    const { read, has, state, note } = filesOf(directory);
    run = describe(directory, objectIn('config.json', read));
    if (state !== 'finished' || !has('summary.json')) {
      return leftOut(
        'unfinished',
        state === 'running' ? 'it is running, or was killed' : 'it has stopped before its end',
      );
    }
    const summary = objectIn('summary.json', read);
    if (typeof summary.failure === 'string') return leftOut('failed', firstSentence(summary.failure));
    return { ...run, measured: measuredIn(summary), note };
  } catch (error) {
    // Anything else would be a fault of this code, not of the run's.
    if (!(error instanceof MetaplastError) && codeOf(error) === '') throw error;
    return leftOut('damaged', firstSentence((error as Error).message));
  }
}

/**
 * A file of a run directory as text.
 * @throws InputError where it is not as the run wrote it.
 */
export function readRunFile(directory: string, file: string): string {
  return filesOf(directory).read(file);
}

/** Whether a run has numbers. */
export const isCompared = (run: ComparedRun | LeftOutRun): run is ComparedRun => 'measured' in run;

interface OpenedRun {
  readonly read: ReadFile;
  readonly has: (file: string) => boolean;
  readonly state: string;
  readonly note: string | null;
}

/** The run's files, held against its manifest; of another format, as they are. */
function filesOf(directory: string): OpenedRun {
  try {
    const files = RunFiles.open(directory);
    const read = (file: string) => files.read(file).toString('utf8');
    return { read, has: (file) => files.has(file), state: files.manifest.state, note: null };
  } catch (error) {
    const other = otherFormat(directory);
    if (other === null) throw error;
    const has = (file: string) => fs.existsSync(path.join(directory, file));
    return {
      read: (file) => fs.readFileSync(path.join(directory, file), 'utf8'),
      has,
      state: other.state ?? (has('summary.json') ? 'finished' : 'stopped'),
      note: `it has format ${other.format}, this metaplast ${directoryFormat}: read as it is, without looking whether it is whole`,
    };
  }
}

/** The format of a run of another version than this one's, and its state, where it says so. */
function otherFormat(directory: string): { readonly format: unknown; readonly state?: string } | null {
  const manifest = jsonOf(directory, 'manifest.json');
  if (typeof manifest?.format === 'number' && manifest.format !== directoryFormat) {
    return {
      format: manifest.format,
      state: typeof manifest.state === 'string' ? manifest.state : undefined,
    };
  }
  if (manifest !== null || fs.existsSync(path.join(directory, 'manifest.json'))) return null;
  const config = jsonOf(directory, 'config.json');
  // Format 1 had no manifest, and did not say its number.
  const { format = 1 } = config ?? { format: directoryFormat };
  return format === directoryFormat ? null : { format };
}

function jsonOf(directory: string, file: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8'));
    return isGroup(value) ? value : null;
  } catch {
    return null;
  }
}

function objectIn(file: string, read: ReadFile): Readonly<Record<string, unknown>> {
  const text = read(file).replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError({ what: `its ${file} is no JSON: ${(error as Error).message}` });
  }
  if (!isGroup(value)) throw new InputError({ what: `its ${file} holds no object` });
  return value;
}

function describe(directory: string, stored: Readonly<Record<string, unknown>>): DescribedRun {
  const { scenario, seed, preset, version, engine, blas, rules, file, synapse, project, sources, config } =
    stored;
  if (typeof scenario !== 'string' || scenario === '')
    throw new InputError({ what: 'its config.json names no scenario' });
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed))
    throw new InputError({ what: 'its config.json names no seed' });
  if (!isGroup(config)) throw new InputError({ what: 'its config.json holds no settings' });
  const chosen = { engine, blas, rules, scenario: file, synapse: fileOf(synapse), config: fileOf(project) };
  const settings = new Map<string, unknown>();
  for (const [name, value] of Object.entries(chosen)) {
    if (value !== undefined && value !== null) settings.set(`--${name}`, value);
  }
  for (const [name, value] of settingsBelow(config)) settings.set(name, value);
  const origin = new Map<string, unknown>([
    ['--preset', preset],
    ['--version', version],
  ]);
  const files = isGroup(sources) ? sources.files : null;
  const code = canonical([version, files, filesOfOwn(synapse), filesOfOwn(project)]);
  return { directory, scenario, seed, settings, origin, code };
}

const fileOf = (own: unknown): unknown => (isGroup(own) ? own.file : null);

const filesOfOwn = (own: unknown): unknown =>
  isGroup(own) && isGroup(own.sources) ? own.sources.files : null;

/** What an error or a failure says first, without its full stop. */
function firstSentence(text: string): string {
  const [first] = text.split(/(?<=[^.])\.(?:\s|$)/);
  return first!.replace(/\s+/g, ' ').replace(/\.$/, '');
}
