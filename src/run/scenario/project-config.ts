import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../../core/errors';
import { made } from '../../core/validate';
import { defaultOf, loadFile } from './load-file';
import type { AddedMethod, Scenario } from './scenario';

/** What a project adds to every scenario that it runs. */
export interface ProjectConfig {
  /** Ways to learn, for scenarios that have several to choose from. */
  readonly methods?: readonly AddedMethod[];
}

/** Files that are looked for in the folder that a command is called in, in this order. */
const names = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `metaplast.config.${ending}`);

/** What `defineConfig` makes has this, whichever copy of metaplast has made it. */
export const configMark = Symbol.for('metaplast: project config');

const configSchema = made<ProjectConfig>(
  'a configuration, as defineConfig() makes',
  (value) => typeof value === 'object' && value !== null && configMark in value,
);

/**
 * The configuration's file for a command: the one that is asked for, or the one in this folder, or none.
 * @param asked Its name; false for none.
 */
export function configFile(asked: string | false | undefined): string | null {
  if (asked === false) return null;
  if (asked !== undefined) return resolve(asked);
  return names.map((name) => resolve(name)).find((file) => existsSync(file)) ?? null;
}

/**
 * Loads a configuration.
 * @param given What the user calls the file.
 * @throws InputError where it cannot be loaded, or exports no configuration.
 */
export async function loadConfig(path: string, given: string): Promise<ProjectConfig> {
  const legal = 'a file such as ./metaplast.config.ts whose default export defineConfig() has made';
  const found = defaultOf(await loadFile(path, given, 'The configuration', legal));
  if (!configSchema.safeParse(found).success)
    throw new InputError({ what: 'The file exports no configuration', got: given, legal });
  return found as ProjectConfig;
}

/** A scenario with what the project adds. */
export function withConfig(scenario: Scenario, { methods = [] }: ProjectConfig): Scenario {
  return methods.length === 0 ? scenario : (scenario.withMethods?.(methods) ?? scenario);
}
