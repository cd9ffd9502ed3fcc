import fs from 'node:fs';
import path from 'node:path';
import { sha256 } from '../core/checksum';
import { InputError } from '../core/errors';
import { type AllTraces, parseTraceIndex } from '../trace/recorder';
import { arithmeticChanges } from './directory/arithmetic';
import { checkpointsFrom, type NewestCheckpoint, pruneOlderThan } from './directory/checkpoint';
import { resumeCommandOf } from './directory/commands-of';
import { environment } from './directory/environment';
import type { EnvironmentSince } from './directory/environment-history';
import { readListed } from './directory/file-check';
import type { Manifest } from './directory/manifest';
import { mendHeads } from './directory/mend-heads';
import { removeLeftovers } from './directory/run-directory';
import { type Damage, ManifestError, manifestName, RunFiles } from './directory/run-files';
import { RunRecord } from './directory/run-record';
import { usableCheckpoint } from './directory/usable-checkpoint';
import {
  readSettings,
  type StoredScenario,
  type StoredSettings,
  storedScenario,
  storedSettings,
} from './open-stored-run';
import {
  type Beginning,
  openAlike,
  openSurroundings,
  type RunOptions,
  type Surroundings,
} from './run-scenario';
import { isInTurn, type SavedRun } from './saved-run';
import type { Scenario } from './scenario/scenario';
import { wholeCopies } from './scenario/stored-scenario';
import { type StoredConfig, settingsText } from './stored-config';

export interface ResumeOptions
  extends Pick<RunOptions, 'quiet' | 'verbose' | 'signal' | 'workers' | 'host' | 'afterStep'> {
  /** `stored`: go on by the scenario as the run keeps it, whatever became of its file. */
  readonly scenario?: 'stored';
  /** Go on although numbers are worked out otherwise here than where the run began. */
  readonly acceptEnvironment?: boolean;
  /** Called with what of the run is not as it was written, and what becomes of it. */
  readonly warn: (line: string) => void;
}

/** A run cannot be gone on with here, since its numbers would be worked out otherwise than before. */
export class OtherArithmeticError extends InputError {}

/** A run directory as it was found. */
interface Found {
  /** null where the manifest is lost, as `lost` tells. */
  readonly files: RunFiles | null;
  readonly lost: ManifestError | null;
}

/** @throws InputError where the path is no run directory, or one of another format. */
export function openOrLost(directory: string): Found {
  try {
    return { files: RunFiles.open(directory), lost: null };
  } catch (error) {
    if (error instanceof ManifestError) return { files: null, lost: error };
    throw error;
  }
}

/**
 * Makes a run ready to be gone on with, by the holder of its lock. Nothing in the directory is changed before all that the run depends on is
 * found to be as it was; then what is damaged is mended, or left to be made again.
 * @throws InputError or CheckpointError where it is not.
 */
export async function beginAgain(
  directory: string,
  options: ResumeOptions,
): Promise<Beginning & Pick<StoredScenario, 'release'>> {
  const found = openOrLost(directory);
  const { files, lost } = found;
  const settings = files === null ? readSettings(directory) : storedSettings(files);
  const { stored } = settings;
  const checkpoint = usableCheckpoint(directory, files?.manifest ?? null);
  if (lost !== null && checkpoint === null) throw lost;
  if (checkpoint !== null && checkpoint.past.settings !== sha256(settingsText(stored))) {
    throw new InputError({
      what: `"${path.join(directory, 'config.json')}" does not hold the settings that the run's checkpoints were written with`,
      advice: 'Put it back, or start the run anew',
    });
  }
  refuseFolders(directory, files);
  const again = resumeCommandOf(directory);
  const { scenario, release } = await storedScenario(directory, stored, options.scenario, again);
  const environments = (checkpoint?.state as SavedRun | undefined)?.environments ?? [];
  const { accepted, ...surroundings } = await surroundingsAsBegun(
    directory,
    stored,
    environments.at(-1),
    scenario,
    options.acceptEnvironment ?? false,
  );
  const { command } = stored;
  const damages = files?.damages({ growing: files.manifest.state === 'finished' }) ?? [];
  const left = whatIsLeft(files, damages);
  for (const line of warningsOf(directory, found, settings, checkpoint, damages))
    options.warn(`warning: ${line}`);

  const runRecord = listFrom(directory, files?.manifest ?? null, checkpoint, {
    command,
    settings: { ...stored },
  });
  for (const file of mendHeads(directory, checkpoint?.past.files ?? {}))
    options.warn(`warning: the head of "${file}" was not whole, and is written anew`);
  const { synapse, project, sources } = stored;
  const copies = [
    wholeCopies('scenario', directory, sources),
    ...(synapse === null ? [] : [wholeCopies('synapse', directory, synapse.sources)]),
    ...(project === null ? [] : [wholeCopies('project', directory, project.sources)]),
  ];
  for (const { whole } of copies) runRecord.list(whole);
  const mended: Record<string, string> = {};
  if (settings.wrong !== null || lost !== null) mended['config.json'] = settingsText(stored);
  runRecord.write(Object.assign({}, mended, ...copies.map(({ mended }) => mended)));
  const begun = { directory, scenario, stored, runRecord, resumed: true, environments };
  return { ...surroundings, ...begun, checkpoint, accepted, left, release };
}

/** What the run's numbers are worked out by, which is what they were worked out by, unless the user accepts that it is not. */
async function surroundingsAsBegun(
  directory: string,
  stored: StoredConfig,
  begun: EnvironmentSince | undefined,
  scenario: Scenario,
  acceptOthers: boolean,
): Promise<Surroundings & { readonly accepted?: readonly string[] }> {
  if (begun === undefined) return openSurroundings(stored, scenario, stored);
  const surroundings = await openAsBegun(stored, begun, scenario, acceptOthers);
  const { engine, choice, rules } = surroundings;
  const changes = arithmeticChanges(begun.environment, await environment(engine, choice, rules.report));
  if (changes.length === 0) return surroundings;
  if (acceptOthers) return { ...surroundings, accepted: changes.map(({ what }) => what) };
  rules.close();
  const told = changes.map(({ what, from, to }) => `${what} was "${from}" and is "${to}"`);
  throw new OtherArithmeticError({
    what: `The numbers of the run in "${directory}" would be worked out otherwise here than before: ${told.join('; ')}`,
    advice: `Go on where it began; or here all the same, which env.json will tell:\n  ${resumeCommandOf(directory)} --accept-environment`,
  });
}

async function openAsBegun(
  stored: StoredConfig,
  { environment: begun }: EnvironmentSince,
  scenario: Scenario,
  acceptOthers: boolean,
): Promise<Surroundings> {
  try {
    return await openAlike(stored, begun, scenario);
  } catch (error) {
    if (!acceptOthers) throw error;
    return openSurroundings({ engine: 'auto', blas: 'auto', rules: 'auto' }, scenario, stored);
  }
}

/** @throws InputError where a folder stands where the run would write a file. */
function refuseFolders(directory: string, files: RunFiles | null): void {
  const written = files?.list(/./) ?? [
    'env.json',
    'report.txt',
    'summary.json',
    'timing.json',
    'traces/index.json',
  ];
  for (const file of new Set([manifestName, 'config.json', ...written])) {
    const at = path.join(directory, file);
    if (!fs.lstatSync(at, { throwIfNoEntry: false })?.isDirectory()) continue;
    throw new InputError({
      what: `"${at}" is a folder, where a file should be`,
      advice: 'Remove it, and resume again',
    });
  }
}

/** What earlier processes left and this one adds to, where it is whole. */
function whatIsLeft(files: RunFiles | null, damages: readonly Damage[]): Beginning['left'] {
  const text = (file: string): string | undefined =>
    files?.has(file) && !damages.some((damage) => damage.file === file)
      ? files.read(file).toString('utf8')
      : undefined;
  const index = text('traces/index.json');
  const traces: AllTraces | undefined =
    index === undefined ? undefined : parseTraceIndex(index, 'traces/index.json');
  return { timing: text('timing.json'), traces };
}

/** What of the run is not as it was written, and what becomes of it. */
function warningsOf(
  directory: string,
  { files, lost }: Found,
  { wrong }: StoredSettings,
  checkpoint: NewestCheckpoint | null,
  damages: readonly Damage[],
): string[] {
  const at = (file: string) => `"${path.join(directory, file)}"`;
  const refused = checkpoint?.refused ?? [];
  const told = ['config.json', ...refused.map(({ file }) => `checkpoints/${file}`)];
  return [
    ...(lost === null
      ? []
      : [`${at('manifest.json')} ${lost.reason}; what the last checkpoint does not vouch for is made again`]),
    ...(wrong === null ? [] : [`${wrong}; it is written anew as it was`]),
    ...refused.map(
      ({ file, reason }) => `checkpoint ${file} was refused, and the one before it is used. ${reason}`,
    ),
    ...damages
      .filter(({ file }) => files !== null && !told.includes(file))
      .map(({ file, reason }) => `${at(file)} ${reason}; ${becomesOf(file)}`),
  ];
}

function becomesOf(file: string): string {
  if (file === 'timing.json') return 'the seconds that earlier processes took are lost';
  return file.startsWith('scenario/')
    ? 'it is copied again, where its source is as it was'
    : 'it is made again';
}

/**
 * Lists what a directory holds once the run has gone back to a checkpoint, then takes away what it no longer holds: killed in between,
 * each file is as listed, or longer, or not listed.
 * @param manifest What it should have held before; null where that is not known.
 */
function listFrom(
  directory: string,
  manifest: Manifest | null,
  checkpoint: NewestCheckpoint | null,
  about: Pick<Manifest, 'command' | 'settings'>,
): RunRecord {
  const folder = path.join(directory, 'checkpoints');
  const stay = checkpoint === null ? {} : checkpointsFrom(folder, checkpoint.position, isInTurn);
  const past = checkpoint?.past.files ?? {};
  const listed = Object.entries(manifest === null ? {} : settled(directory, manifest));
  const files = {
    ...Object.fromEntries(listed.filter(([file, { grows }]) => !grows && !file.startsWith('checkpoints/'))),
    ...past,
    ...Object.fromEntries(Object.entries(stay).map(([name, listing]) => [`checkpoints/${name}`, listing])),
  };
  const runRecord = new RunRecord(directory, { ...about, files, state: 'running' });
  runRecord.commit('running');
  for (const [file, { grows }] of listed)
    if (grows && !Object.hasOwn(past, file))
      fs.rmSync(path.join(directory, file), { force: true, recursive: true });
  if (checkpoint !== null) pruneOlderThan(folder, checkpoint.position, stay);
  removeLeftovers(directory);
  return runRecord;
}

/** The files as listed; of those that a killed process was writing, as they are. */
function settled(directory: string, { files, writing }: Manifest): Manifest['files'] {
  const written = Object.entries(writing).filter(
    ([file, listing]) => typeof readListed(path.join(directory, file), [listing]) !== 'string',
  );
  return { ...files, ...Object.fromEntries(written) };
}
