import { InputError } from '../../core/errors';
import type { FoundScenario } from '../../run/scenario/find-scenario';
import { resolveConfig } from '../../run/scenario/scenario';
import { type Axis, parseAxis } from '../plan/axis';
import type { Samples } from '../plan/draw-settings';
import { planStudy, type StudyRequest } from '../plan/plan-study';
import { asOverrides, type StudyPlan } from '../plan/study-plan';
import { metricAsked } from './course/metric-asked';
import type { SearchPlan } from './search-plan';
import type { SearchSpace } from './space/space-file';

/** What a search is asked for, as typed. */
export interface SearchRequest extends Omit<StudyRequest, 'axes' | 'search'> {
  readonly space: SearchSpace | null;
  /** `heldOut`, or `heldOut:min`. */
  readonly metric?: string;
  readonly stop: SearchPlan['stop'];
  readonly grace: number;
  readonly reduction: number;
  /** Seed of the order of the trials, where nothing is drawn. */
  readonly orderSeed: number;
}

/**
 * The plan of a search: that of a study, and by what its trials are compared and stopped. What is set or swept beside a space takes the place of what the
 * space says of that setting.
 * @throws InputError for the first thing that is wrong.
 */
export async function planSearch(found: FoundScenario, asked: SearchRequest): Promise<StudyPlan> {
  const { space, stop, grace, reduction, sweep } = asked;
  const { scenario, file } = found;
  if (space === null && sweep.length === 0)
    throw new InputError({
      what: 'A search needs settings to search over',
      legal: '--space FILE, or --sweep SETTING=VALUES, or both',
    });
  if (space?.scenario !== undefined && space.scenario !== scenario.name)
    throw new InputError({
      what: `The search space ${space.name} (--space) is one of another scenario`,
      got: scenario.name,
      legal: space.scenario,
    });
  const typed = [...asked.overrides, ...sweep].map((text) => text.slice(0, Math.max(0, text.indexOf('='))));
  const axes = (space?.axes ?? []).filter(({ path }) => !typed.includes(path));
  const set = Object.entries(space?.set ?? {}).filter(([path]) => !typed.includes(path));
  const overrides = [...asOverrides(Object.fromEntries(set)), ...asked.overrides];
  const plan = await planStudy(found, {
    ...asked,
    axes,
    samples: asked.samples ?? inRandomOrder([...axes, ...sweep.map(parseAxis)], asked.orderSeed),
    overrides,
    search: {
      ...metricAsked(asked.metric ?? space?.metric, scenario.name, file === null),
      ...{ stop, grace, reduction, space: space?.name ?? null },
    },
  });
  for (const { settings } of plan.trials) {
    checkOneMethod(resolveConfig(scenario, plan.preset, [...overrides, ...asOverrides(settings)]));
  }
  return plan;
}

/** All combinations, one after the other in no order: who came before decides who goes on, and a grid has its worst values in one place. */
function inRandomOrder(axes: readonly Axis[], seed: number): Samples | null {
  if (!axes.every((axis) => 'values' in axis)) return null;
  return { count: axes.reduce((count, { values }) => count * values.length, 1), seed };
}

/** @throws InputError where a trial would run several methods. */
function checkOneMethod(config: unknown): void {
  const { method } = config as { method?: unknown };
  if (typeof method !== 'string' || !(method === 'all' || method.includes(','))) return;
  throw new InputError({
    what: 'A search compares what one method comes to, and each of its trials would run several',
    got: method,
    legal: 'one: --method NAME',
    advice: 'To search over methods, sweep them: --sweep method=NAME,NAME',
  });
}
