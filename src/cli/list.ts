import { Command } from 'commander';
import { type ConfigurationFlags, filesBeside, withConfigFile } from './options';
import { printJson, type Terminal } from './terminal';

interface ListFlags extends Pick<ConfigurationFlags, 'synapse' | 'config'> {
  readonly json?: boolean;
}

/** `metaplast list [scenario]` */
export function listCommand(terminal: Terminal): Command {
  const command = new Command('list')
    .description('list the scenarios, or the settings of one')
    .argument('[scenario]', 'show its presets and settings')
    .option('--synapse <file>', 'the settings that it has with synapses of your own: ./my-synapse.ts')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExamples:\n  metaplast list\n  metaplast list boston')
    .action((name: string | undefined, { json = false, ...files }: ListFlags) =>
      name === undefined ? listAll(terminal, json) : listOne(terminal, name, json, files),
    );
  return withConfigFile(command);
}

async function listAll(terminal: Terminal, json: boolean): Promise<void> {
  const { builtInScenarios, findScenario } = await import('../run/scenario/find-scenario');
  const scenarios = [];
  for (const name of builtInScenarios()) {
    const { question } = (await findScenario(name)).scenario;
    scenarios.push({ name, question });
  }
  if (json) return printJson(terminal, scenarios);
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  for (const { name, question } of scenarios) terminal.out(`${name.padEnd(width)}  ${question}\n`);
}

async function listOne(terminal: Terminal, name: string, json: boolean, files: ListFlags): Promise<void> {
  const { findScenario } = await import('../run/scenario/find-scenario');
  const { describeConfig, presetOf, presetsOf, resolveConfig } = await import('../run/scenario/scenario');
  const { scenario } = await findScenario(name, await filesBeside(files));
  const names = presetsOf(scenario);
  const presets = names.map((preset) => [preset, resolveConfig(scenario, preset, [])]);
  if (json) {
    const { name, question } = scenario;
    const settings = describeConfig(scenario);
    return printJson(terminal, { name, question, settings, presets: Object.fromEntries(presets) });
  }
  terminal.out(
    `${scenario.name}: ${scenario.question}\n\nSettings, with their defaults (change one with --set):\n`,
  );
  for (const { path, standard, choices, description } of describeConfig(scenario)) {
    const among = choices === null ? '' : ` (${choices.join(' | ')})`;
    terminal.out(`  ${path} = ${JSON.stringify(standard)}${among}: ${description}\n`);
  }
  const longest = Math.max(...names.map(({ length }) => length)) + 1;
  terminal.out('\nPresets change these:\n');
  for (const preset of names) {
    const changes = settingsOf(presetOf(scenario, preset)).join(' ') || '(nothing: the defaults)';
    terminal.out(`  ${preset.padEnd(longest)} ${changes}\n`);
  }
}

/** Nested settings as `--set` takes them: `free.steps=20000`. */
function settingsOf(config: object, path = ''): string[] {
  return Object.entries(config).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? settingsOf(value, `${path}${key}.`)
      : [`${path}${key}=${JSON.stringify(value)}`],
  );
}
