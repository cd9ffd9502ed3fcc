import { existsSync, readdirSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import { packageFolder } from '../directory/environment';
import { checkScenario, type Scenario } from './scenario';

/** A scenario and the file that it came from; null for a built-in one, which is found by name. */
export interface FoundScenario {
  readonly scenario: Scenario;
  readonly file: string | null;
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
export async function findScenario(name: string): Promise<FoundScenario> {
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
  if (!existsSync(path)) {
    throw new InputError({
      what: 'The scenario file does not exist',
      got: given,
      legal: builtInScenarios().join(', '),
    });
  }
  if (extname(path) === '.ts' && require.extensions['.ts'] === undefined) await registerTypeScript();
  let module: unknown;
  try {
    module = await import(path);
  } catch (error) {
    throw new InputError({
      what: `The scenario file cannot be loaded: ${briefly(error)}`,
      got: given,
      advice: 'Mend it: `npx tsc --noEmit` and `node --check` say more of where',
    });
  }
  return scenarioOf(module, given);
}

/** Of what was thrown, its first lines that say something: a compiler may have thousands, and of a binary file they would be no text. */
function briefly(error: unknown): string {
  const text = error instanceof Error ? error.message : `it threw ${JSON.stringify(error) ?? String(error)}`;
  const lines = text.split('\n').filter((line) => /[a-z]/i.test(line));
  const said = lines
    .slice(0, 3)
    .join(' ')
    .replace(/[\p{Cc}\ufffd]+/gu, ' ');
  return said.length > 300 ? `${said.slice(0, 297)}...` : said.replace(/[.\s]+$/, '');
}

/** Lets Node load TypeScript, so that a user's scenario needs no build step. */
async function registerTypeScript(): Promise<void> {
  const { register } = await import('ts-node');
  register({
    transpileOnly: true,
    skipProject: true,
    // Also where a package.json says that its files are modules: what is compiled here is none.
    moduleTypes: { '**': 'cjs' },
    compilerOptions: {
      module: 'commonjs',
      moduleResolution: 'bundler',
      target: 'ES2022',
      esModuleInterop: true,
    },
  });
}

function scenarioOf(module: unknown, given: string): Scenario {
  let found = (module as { default?: unknown }).default;
  if (typeof found === 'object' && found !== null && 'default' in found) found = found.default;
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
