import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import { madeBy } from '../../core/origin';
import { packageFolder } from '../directory/environment';
import { defaultOf, loadFile } from './load-file';
import { loadSynapse, withSynapse } from './load-synapse';
import { loadConfig, withConfig } from './project-config';
import { checkScenario, type Scenario } from './scenario';

/** A scenario and the file that it came from; null for a built-in one, which is found by name. */
export interface FoundScenario {
  readonly scenario: Scenario;
  readonly file: string | null;
  /** The file of the synapses that it was given. Default: its own synapses. */
  readonly synapse?: string | null;
  /** The file of the project's configuration. Default: there is none. */
  readonly project?: string | null;
}

/** Files of a user's own that stand beside a scenario; null or left out where there are none. */
export interface BesideScenario {
  /** Exports the synapses that it is to have. */
  readonly synapse?: string | null;
  /** Exports what the project adds. */
  readonly project?: string | null;
}

/** The scenarios that come with metaplast: every file of `scenarios/` is one. */
export function builtInScenarios(): string[] {
  const files = readdirSync(scenariosFolder()).filter((file) => /^[a-z0-9-]+\.[jt]s$/.test(file));
  return files.map((file) => file.replace(/\.[jt]s$/, '')).sort();
}

/** Next to this code: compiled scenarios beside compiled code, sources beside sources. */
function scenariosFolder(): string {
  const beside = resolve(__dirname, '../../../scenarios');
  return existsSync(beside) ? beside : join(packageFolder(), 'scenarios');
}

/**
 * A scenario by its name, or from a file of the user's own (`./my-scenario.ts` or `.js`).
 * @throws InputError for an unknown name, with the nearest legal one, or a file that holds no scenario.
 */
export async function findScenario(
  name: string,
  { synapse = null, project = null }: BesideScenario = {},
): Promise<FoundScenario> {
  const config = project === null ? {} : await loadConfig(resolve(project), project);
  const found = await findOne(name);
  const model = synapse === null ? null : await loadSynapse(synapse, synapse);
  const beside = { synapse: synapse && resolve(synapse), project: project && resolve(project) };
  const scenario = withConfig(withSynapse(found.scenario, model), config);
  return { ...found, ...beside, scenario: foundAgain(scenario, found.file ?? name, beside) };
}

/**
 * The scenario alone, as a worker finds it.
 * @public
 */
export async function scenarioFound(name: string, beside: BesideScenario): Promise<Scenario> {
  return (await findScenario(name, beside)).scenario;
}

/** Notes on a scenario that it is found by this name, or in this file, with these beside it. */
export function foundAgain(scenario: Scenario, name: string, beside: BesideScenario): Scenario {
  return madeBy('src/run/scenario/find-scenario', 'scenarioFound', [name, beside], scenario);
}

async function findOne(name: string): Promise<Omit<FoundScenario, 'synapse' | 'project'>> {
  if (/[/\\]|\.[cm]?[jt]s$/.test(name))
    return { scenario: await loadScenario(resolve(name), name), file: resolve(name) };
  const legal = builtInScenarios();
  if (!legal.includes(name)) {
    throw new InputError({
      what: 'There is no such scenario',
      got: name,
      legal: `${legal.join(', ')}, or the path of a file such as ./my-scenario.ts`,
      advice: didYouMean(name, legal),
    });
  }
  const module = await import(join(scenariosFolder(), name));
  return { scenario: scenarioOf(module, name), file: null };
}

/**
 * The scenario of a file.
 * @param given What the user calls it.
 * @throws InputError where the file is missing, cannot be loaded or holds no scenario.
 */
export async function loadScenario(path: string, given: string): Promise<Scenario> {
  const module = await loadFile(path, given, 'The scenario file', builtInScenarios().join(', '));
  return scenarioOf(module, given);
}

function scenarioOf(module: unknown, given: string): Scenario {
  const found = defaultOf(module);
  if (typeof found !== 'object' || found === null || !('run' in found)) {
    throw new InputError({
      what: 'The file holds no scenario',
      got: given,
      legal: 'a default export made by defineScenario',
    });
  }
  checkScenario(found, `the scenario of ${given}`);
  return found;
}
