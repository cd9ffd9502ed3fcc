import { InputError } from '../core/errors';
import { describe, madeBy, originOf } from '../core/origin';
import type { MetaLearner } from '../learning/meta-learner';
import type { Network } from '../network/network';
import type { Scenario } from '../run/scenario/scenario';
import type { MethodSurroundings } from './methods/method';
import type { FewShotSettings } from './settings';

/** What a scenario over a stream of tasks makes for one of its methods. */
export interface ScenarioParts {
  network(method: string, settings: FewShotSettings): Network;
  learner(method: string, settings: FewShotSettings, surroundings: MethodSurroundings): MetaLearner;
}

/** On the scenario itself, so that another copy of metaplast finds them as well. */
const key = Symbol.for('metaplast: parts of a few-shot scenario');

export function withParts(scenario: Scenario, parts: ScenarioParts): Scenario {
  return Object.defineProperty(scenario, key, { value: parts });
}

function partsOf(scenario: Scenario): ScenarioParts {
  const parts = (scenario as { [key]?: ScenarioParts })[key];
  if (parts !== undefined) return parts;
  throw new InputError({ what: `Scenario "${scenario.name}" is none over a stream of tasks` });
}

/**
 * The network of a scenario's method, for workers.
 * @public
 */
export function networkOf(scenario: Scenario, method: string, settings: FewShotSettings): Network {
  return partsOf(scenario).network(method, settings);
}

/**
 * The learner of a scenario's method, for workers.
 * @public
 */
export function learnerOf(
  scenario: Scenario,
  method: string,
  settings: FewShotSettings,
  surroundings: MethodSurroundings,
): MetaLearner {
  return partsOf(scenario).learner(method, settings, surroundings);
}

/**
 * Notes on what a scenario's functions have made that it is made again by that scenario, where nothing is known of how else.
 * @param name the function of this file that makes it
 */
export function madeByScenario<Value extends object>(
  value: Value,
  name: 'networkOf' | 'learnerOf',
  [scenario, ...given]: readonly [Scenario, ...unknown[]],
): Value {
  if (originOf(scenario) === undefined || canBeDescribed(value)) return value;
  return madeBy('src/few-shot/scenario-parts', name, [scenario, ...given], value);
}

function canBeDescribed(value: unknown): boolean {
  try {
    describe(value, 'it');
    return true;
  } catch {
    return false;
  }
}

/** The files that a scenario came from, the project's configuration first: they register what its parts are made of. */
export function filesOf(scenario: Scenario): readonly string[] {
  const [name, beside] = (originOf(scenario)?.given ?? []) as Parameters<
    typeof import('../run/scenario/find-scenario').scenarioFound
  >;
  const isFile = name !== undefined && /[/\\]/.test(name);
  return [beside?.project, beside?.synapse, isFile ? name : null].filter((file) => file != null);
}
