import fs from 'node:fs';
import path from 'node:path';
import { InputError } from '../core/errors';
import { packageFile, packageFolder } from './directory/environment';
import type { RunFiles } from './directory/run-files';
import { findScenario, foundAgain, loadScenario } from './scenario/find-scenario';
import { loadSynapse, withSynapse } from './scenario/load-synapse';
import { loadConfig, withConfig } from './scenario/project-config';
import type { Scenario } from './scenario/scenario';
import { changedSources, type ScenarioSources } from './scenario/scenario-sources';
import { type CopiesOf, type LaidOut, layOut } from './scenario/stored-scenario';
import { checkStored, type StoredConfig, settingsEdit, settingsRefusal, settingsText } from './stored-config';

/** The settings of a run, and what is to be said of the file that should hold them, where that does not. */
export interface StoredSettings {
  readonly stored: StoredConfig;
  readonly wrong: string | null;
}

/**
 * The settings that a run began with.
 * @throws InputError where `config.json` was edited since, naming what was changed from what to what; or the run was made by another
 * version of metaplast.
 */
export function storedSettings(files: RunFiles): StoredSettings {
  const { settings, command } = files.manifest;
  const file = path.join(files.directory, 'config.json');
  const stored = checkStored(settings, 'the settings in manifest.json');
  checkVersion(stored);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    return { stored, wrong: `"${file}" cannot be read: ${(error as Error).message}` };
  }
  if (text === settingsText(stored)) return { stored, wrong: null };
  const edit = settingsEdit(text, settings);
  if (edit.kind !== 'layout') throw settingsRefusal(file, edit, command);
  return { stored, wrong: `"${file}" holds the run's settings in another layout` };
}

/**
 * The same from `config.json` alone, where the manifest is lost.
 * @throws InputError where it cannot be read, or is none.
 */
export function readSettings(directory: string): StoredSettings {
  const file = path.join(directory, 'config.json');
  let value: unknown;
  try {
    value = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError({
      what: `Neither manifest.json nor config.json of "${directory}" can be read: ${(error as Error).message}`,
      advice: 'Start the run anew',
    });
  }
  const stored = checkStored(value, file);
  checkVersion(stored);
  return { stored, wrong: null };
}

/** @throws InputError where a run was made by another version of metaplast. */
function checkVersion({ version: made }: StoredConfig): void {
  const { version } = packageFile();
  if (made === version) return;
  throw new InputError({
    what: 'The run was made by another version of metaplast, whose numbers may differ',
    got: made,
    legal: version,
    advice: 'Install that version to go on with it, or start the run anew',
  });
}

/** A run's scenario. */
export interface StoredScenario {
  readonly scenario: Scenario;
  /** To be called when it has run. */
  release(): void;
}

/**
 * The scenario of a run.
 * @param which `stored` for the copy that the run directory keeps; else the scenario's own file, which must be as it was.
 * @param command What was asked for, as it can be asked for again.
 * @throws InputError where the scenario was changed or is gone, naming the file; or no copy of it is kept, or that is not whole.
 */
export async function storedScenario(
  directory: string,
  { scenario, file, sources, synapse, project }: StoredConfig,
  which: 'stored' | undefined,
  command: string,
): Promise<StoredScenario> {
  const beside = [synapse, project].filter((own) => own !== null);
  const ownChanges = changedSources(sources, sources.root ?? packageFolder());
  if (which === 'stored' && (file !== null || (beside.length > 0 && ownChanges.length === 0))) {
    const laidOut: LaidOut[] = [];
    const stored = (of: CopiesOf, kept: ScenarioSources): string => {
      laidOut.push(layOut(of, directory, kept));
      return laidOut.at(-1)!.entry;
    };
    const entries = {
      project: project && stored('project', project.sources),
      scenario: file && stored('scenario', sources),
      synapse: synapse && stored('synapse', synapse.sources),
    };
    // First, since what it registers may be what the scenario asks for.
    const config =
      entries.project === null
        ? {}
        : await loadConfig(entries.project, `the stored copy of ${project!.file}`);
    const own =
      entries.scenario === null
        ? (await findScenario(scenario)).scenario
        : await loadScenario(entries.scenario, `the stored copy of ${file}`);
    const model =
      entries.synapse === null
        ? null
        : await loadSynapse(entries.synapse, `the stored copy of ${synapse!.file}`);
    const release = () => {
      for (const { remove } of laidOut) remove();
    };
    const whole = withConfig(withSynapse(own, model), config);
    return { scenario: foundAgain(whole, entries.scenario ?? scenario, entries), release };
  }
  if (which === 'stored' && beside.length === 0) {
    throw new InputError({
      what: `Scenario "${scenario}" comes with metaplast, and the run keeps no copy of it`,
      advice: 'Leave out --scenario',
    });
  }
  const [changed, ...more] = [
    ...ownChanges,
    ...beside.flatMap((own) => changedSources(own.sources, own.sources.root!)),
  ];
  if (changed === undefined) {
    const files = { synapse: synapse?.file, project: project?.file };
    return { ...(await findScenario(file ?? scenario, files)), release() {} };
  }
  const others = more.length === 0 ? '' : `, and ${more.length} more of its files`;
  const hasCopy = file !== null || ownChanges.length === 0;
  throw new InputError({
    what: `The run's scenario is not as it was when the run began: "${changed.file}" ${changed.how}${others}`,
    advice: hasCopy
      ? `Two experiments do not mix. Put it back, or go on by the copy that the run keeps:\n  ${command} --scenario stored`
      : 'Two experiments do not mix: take the metaplast that the run began with, or start it anew',
  });
}
