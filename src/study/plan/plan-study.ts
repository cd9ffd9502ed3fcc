import { within } from '../../core/checks';
import { InputError } from '../../core/errors';
import { packageFile, packageFolder } from '../../run/directory/environment';
import { checkSurroundings } from '../../run/run-scenario';
import type { FoundScenario } from '../../run/scenario/find-scenario';
import { parseValue, resolveConfig, type Scenario } from '../../run/scenario/scenario';
import { builtInSources, scenarioSources } from '../../run/scenario/scenario-sources';
import type { SearchPlan } from '../search/search-plan';
import { type Axis, parseAxis } from './axis';
import { checkCount, drawSettings, type Samples, type SweptSettings } from './draw-settings';
import { parseSeeds } from './parse-seeds';
import { asOverrides, type StudyPlan, studyFormat } from './study-plan';

/** What a study is asked for, as typed. */
export interface StudyRequest {
  readonly seeds: string;
  /** `beta=0.03,0.1`, ... */
  readonly sweep: readonly string[];
  /** What else is swept. */
  readonly axes?: readonly Axis[];
  readonly search?: SearchPlan;
  readonly samples: Samples | null;
  readonly preset: string;
  /** What `--set` is given: for all trials. */
  readonly overrides: readonly string[];
  readonly engine: string;
  readonly blas: string;
  readonly rules: string;
  readonly checkpointEvery?: number;
  readonly lease: number;
}

/**
 * The plan of a study, each trial of it checked as `run` would check it; nothing is written.
 * @throws InputError for the first thing that is wrong.
 */
export async function planStudy(found: FoundScenario, asked: StudyRequest): Promise<StudyPlan> {
  const { scenario, file, synapse = null, project = null } = found;
  const { preset, engine, blas, rules, samples } = asked;
  within('The lease in seconds (--lease)', asked.lease, 1, 86_400);
  const seeds = parseSeeds(asked.seeds);
  const axes = [...(asked.axes ?? []), ...asked.sweep.map(parseAxis)];
  checkPaths(axes, asked.overrides);
  if (samples !== null && axes.length === 0)
    throw new InputError({
      what: '--samples draws from what is swept, and nothing is',
      legal: '--sweep SETTING=... beside it',
    });
  resolveConfig(scenario, preset, asked.overrides);
  const cells = drawSettings(axes, samples).map((cell) => withTied(axes, cell));
  checkCount(cells.length * seeds.length);
  for (const cell of cells) checkCell(scenario, preset, [...asked.overrides, ...asOverrides(cell)]);
  await checkSurroundings({ engine, blas, rules }, scenario);
  const own = (path: string | null) => path && { file: path, sources: scenarioSources(path).sources };
  const trials = seeds.flatMap((seed) => cells.map((settings) => ({ seed, settings })));
  return {
    format: studyFormat,
    scenario: scenario.name,
    file,
    preset,
    version: packageFile().version,
    settings: fixedSettings(asked.overrides),
    seeds,
    space: Object.fromEntries(axes.map(({ path, ...swept }) => [path, swept])),
    samples,
    engine,
    blas,
    rules,
    checkpointEvery: asked.checkpointEvery ?? null,
    lease: asked.lease,
    synapse: own(synapse) || null,
    project: own(project) || null,
    ...(asked.search === undefined ? {} : { search: asked.search }),
    sources: file === null ? builtInSources(packageFolder(), scenario.name) : scenarioSources(file).sources,
    trials: trials.map((trial, i) => ({ trial: i + 1, ...trial })),
  };
}

/** A cell with the settings that take the value of another. */
function withTied(axes: readonly Axis[], cell: SweptSettings): SweptSettings {
  const entries = axes.flatMap(({ path, with: tied = [] }) =>
    [path, ...tied].map((each) => [each, cell[path]]),
  );
  return Object.fromEntries(entries);
}

function checkCell(scenario: Scenario, preset: string, overrides: readonly string[]): void {
  const config = resolveConfig(scenario, preset, overrides);
  scenario.schedule(config);
  scenario.prepare?.(config);
}

/** What `--set` is given, by path; of what is given twice the last. */
function fixedSettings(overrides: readonly string[]): SweptSettings {
  const entries = overrides.map((override): [string, unknown] => {
    const equals = override.indexOf('=');
    return [override.slice(0, equals), parseValue(override.slice(equals + 1))];
  });
  return Object.fromEntries(entries);
}

/** @throws InputError where a setting is swept twice, or swept and set, itself or as a part of another. */
function checkPaths(axes: readonly Axis[], overrides: readonly string[]): void {
  const holds = (a: string, b: string) => a === b || b.startsWith(`${a}.`);
  const named = axes.flatMap(({ path, with: tied = [], as }) =>
    [path, ...tied].map((each) => ({ path: each, as })),
  );
  named.forEach(({ path, as }, i) => {
    if (path === 'seed' || path === 'seeds')
      throw new InputError({ what: 'Seeds are no setting', got: path, legal: `--seeds ${as}` });
    const other = named.slice(0, i).find((axis) => holds(axis.path, path) || holds(path, axis.path));
    if (other !== undefined)
      throw new InputError({
        what:
          other.path === path
            ? `${path} is swept twice (--sweep)`
            : `${other.path} and ${path} are swept (--sweep), and one is a part of the other`,
        legal: 'each setting once, with all its values in one list',
      });
    const set = overrides.map((override) => override.slice(0, Math.max(0, override.indexOf('='))));
    const fixed = set.find((name) => holds(name, path) || holds(path, name));
    if (fixed !== undefined)
      throw new InputError({
        what: `${path} is swept (--sweep), and ${fixed === path ? 'it' : fixed} is set too`,
        legal: 'one of the two',
      });
  });
}
