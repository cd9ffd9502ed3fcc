import { resolve } from 'node:path';
import { InputError } from '../../core/errors';
import { type SynapseModel, synapseModelSchema } from '../../synapse/model';
import { defaultOf, loadFile } from './load-file';
import type { Scenario } from './scenario';

const legal = 'a file such as ./my-synapse.ts that exports what defineSynapse() makes';

/**
 * The synapse models that a file exports, by name.
 * @param given What the user calls the file.
 * @throws InputError where it cannot be loaded.
 */
export async function synapsesOf(path: string, given: string): Promise<(readonly [string, SynapseModel])[]> {
  const module = await loadFile(resolve(path), given, 'The synapse file', legal);
  const exported = Object.entries(module as Record<string, unknown>).map(
    ([name, value]) => [name, name === 'default' ? defaultOf(module) : value] as const,
  );
  return exported.filter((entry): entry is [string, SynapseModel] => isModel(entry[1]));
}

/**
 * The synapse model that a file exports: its default export, or the only one.
 * @param given What the user calls the file.
 * @throws InputError where it cannot be loaded, or does not export one synapse model.
 */
export async function loadSynapse(path: string, given: string): Promise<SynapseModel> {
  const models = await synapsesOf(path, given);
  const standard = models.find(([name]) => name === 'default');
  const distinct = new Set(models.map(([, model]) => model));
  if (standard !== undefined) return standard[1];
  if (distinct.size === 1) return models[0]![1];
  const names = models.map(([name]) => name).join(', ');
  throw new InputError({
    what:
      distinct.size === 0
        ? 'The file exports no synapse model'
        : 'The file exports several synapse models, and none as its default',
    got: distinct.size === 0 ? given : names,
    legal,
  });
}

const isModel = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && synapseModelSchema.safeParse(value).success;

/** @throws InputError where the scenario takes no other synapses. */
export function withSynapse(scenario: Scenario, synapse: SynapseModel | null): Scenario {
  if (synapse === null) return scenario;
  if (scenario.withSynapse === undefined) {
    throw new InputError({
      what: `Scenario "${scenario.name}" takes no other synapses: what it measures is about its own`,
      got: synapse.penalty,
      advice: 'Leave out --synapse, or take a scenario over a stream of tasks, such as sinusoid',
    });
  }
  return scenario.withSynapse(synapse);
}
