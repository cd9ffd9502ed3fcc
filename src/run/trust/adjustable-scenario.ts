import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import { referenceEngine } from '../../engine/reference/reference-engine';
import type { Quantities } from '../../synapse/rule-executor';
import type { Task } from '../../tasks/task';
import type { Adjustable, Change, RuleSetting } from '../../theory/trust/adjustable';
import { type TrustProblem, withOwnCredit } from '../../theory/trust/trust-problem';
import { creditPresent, withCreditOf } from './adjustable-credit';
import type { RuleSettings } from './rule-settings';

/** How far meta-learning has come, from where. */
export interface Course {
  readonly begin: Pick<TrustProblem, 'slow' | 'start'>;
  /** Meta-steps taken, and those of the whole run. */
  readonly taken: number;
  readonly total: number;
  /** Variables that are learned by their logarithm. */
  readonly logarithmic: readonly string[];
}

/**
 * A judged problem of a scenario, as its settings change it.
 * @throws InputError where a path names no setting.
 */
export function adjustableScenario<Config>(
  given: TrustProblem,
  { schema, config, paths, rule, startOf }: RuleSettings<Config>,
  course: Course | null,
  others: readonly Task[] = [],
): Adjustable {
  const problem = withOwnCredit(given);
  const pathOf = new Map(Object.entries(paths) as [RuleSetting, string][]);
  const present: Record<string, number | string> = {
    engine: problem.engine.name,
    ...creditPresent(problem),
  };
  for (const [setting, path] of pathOf) present[setting] = valueAt(config, path);
  const at = (slow: Quantities) => ({ ...problem, slow, start: startOf?.(slow) ?? problem.start });
  const begin = course !== null && course.taken > 0 ? { ...problem, ...course.begin } : null;
  return {
    ...{ problem, present, begin, at, others },
    change(change) {
      const { engine, credit, ...settings } = change;
      const changed = structuredClone(config);
      const words: string[] = [];
      for (const [path, value] of byPath(settings, pathOf)) {
        setAt(changed, path, value);
        words.push(`--set ${path}=${value}`);
      }
      const parsed = schema.safeParse(changed);
      if (!parsed.success) return null;
      if (credit !== undefined) words.push(`--credit ${credit}`);
      if (engine !== undefined) words.push(`--engine ${engine}`);
      return {
        words: words.join(' '),
        problem: {
          ...withCreditOf(change, at(movedSlow(problem, change, present, course))),
          rule: rule(parsed.data),
          ...(engine === 'reference' ? { engine: referenceEngine } : {}),
        },
      };
    },
  };
}

/** Settings that stand at one path are changed together: fewer steps and higher rates of the two are left aside. */
function byPath(change: Change, pathOf: ReadonlyMap<string, string>): Map<string, number | string> {
  const values = new Map<string, number | string>();
  for (const [setting, value] of Object.entries(change)) {
    const path = pathOf.get(setting)!;
    const other = values.get(path);
    const both = typeof other === 'number' && typeof value === 'number';
    values.set(
      path,
      both ? (setting.endsWith('steps') ? Math.max(other, value) : Math.min(other, value)) : value!,
    );
  }
  return values;
}

/** On the way that another meta-rate takes, gradients are others: what it is tried at lies so many times as far. */
const farther = 2;

/**
 * Where the slow variables would stand: a strength is scaled as its first value is; and a meta-optimiser's steps go with its
 * rate, so that a run at another rate would have gone that much of the way, to first order, and will to its end. Since it is to first order,
 * the change is tried farther out than that.
 */
function movedSlow(
  { network, slow }: TrustProblem,
  { strength, metaRate }: Change,
  present: Change,
  course: Course | null,
): Quantities {
  const moved: Record<string, Float64Array> = { ...slow };
  if (metaRate !== undefined && course !== null) {
    const way = farther * (Number(metaRate) / Number(present.metaRate)) * (course.total / course.taken);
    for (const [name, now] of Object.entries(slow)) {
      const before = course.begin.slow[name]!;
      const least = network.synapse.nonNegative.includes(name) ? 0 : Number.NEGATIVE_INFINITY;
      moved[name] = course.logarithmic.includes(name)
        ? now.map((value, i) => before[i]! * (value / before[i]!) ** way)
        : now.map((value, i) => Math.max(least, before[i]! + way * (value - before[i]!)));
    }
  }
  if (strength !== undefined) {
    const [from, to] = [Number(present.strength), Number(strength)];
    for (const name of network.synapse.nonNegative) {
      moved[name] = moved[name]!.map((value) => (from > 0 ? value * (to / from) : value + to));
    }
  }
  return moved;
}

function valueAt(config: unknown, path: string): number | string {
  let part: unknown = config;
  for (const key of path.split('.')) {
    const keys = typeof part === 'object' && part !== null ? Object.keys(part) : [];
    if (!keys.includes(key)) {
      throw new InputError({
        what: 'What a scenario says of its settings names one that is not there',
        got: path,
        legal: keys.join(', '),
        advice: didYouMean(key, keys),
      });
    }
    part = (part as Record<string, unknown>)[key];
  }
  return part as number | string;
}

function setAt(config: unknown, path: string, value: number | string): void {
  const keys = path.split('.');
  const last = keys.pop()!;
  const part = keys.reduce(
    (inner, key) => inner[key] as Record<string, unknown>,
    config as Record<string, unknown>,
  );
  part[last] = value;
}
