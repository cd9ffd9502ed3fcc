import { InputError } from '../../../core/errors';
import { didYouMean } from '../../../core/nearest';
import { betterOf } from '../../compare/known-metrics';
import { matchMetrics } from '../../compare/match-metrics';
import type { SearchPlan } from '../search-plan';
import { knownCourses, searchable } from './known-courses';

/**
 * The metric that `--metric heldOut:min` names, in full, and which way it is better.
 * @param isBuiltIn Whether the scenario comes with metaplast, so that it is known what it records.
 * @throws InputError where it names none or several, or it is not known which way it is better.
 */
export function metricAsked(
  asked: string | undefined,
  scenario: string,
  isBuiltIn: boolean,
): Pick<SearchPlan, 'metric' | 'better'> {
  const courses = isBuiltIn ? knownCourses(scenario) : null;
  const names = courses === null ? [] : Object.keys(courses);
  if (courses !== null && names.length === 0)
    throw new InputError({
      what: `Scenario "${scenario}" records nothing by meta-step, so that its trials cannot be compared while they run`,
      legal: searchable().join(', '),
      advice: 'metaplast sweep runs all of them to the end',
    });
  const text = asked ?? names[0];
  if (text === undefined)
    throw new InputError({
      what: 'A search needs what it goes by',
      legal: '--metric NAME:min or --metric NAME:max, a number that the scenario records by metaStep',
    });
  const [, path, direction] = /^(.*?)(?::(min|max))?$/.exec(text.trim())!;
  const metric = courses === null ? path! : oneOf(path!, names);
  const standard = courses === null ? betterOf(scenario, metric) : courses[generic(metric)]!;
  const better = direction === undefined ? standard : direction === 'min' ? 'lower' : 'higher';
  if (better !== null) return { metric, better };
  throw new InputError({
    what: 'It is not known which way the metric (--metric) is better',
    got: metric,
    legal: `${metric}:min or ${metric}:max`,
  });
}

/** The known metric that a name, or the beginning of one, stands for. */
function oneOf(path: string, names: readonly string[]): string {
  const found = matchMetrics(generic(path), names).filter(
    (name) => !name.includes('[steps=N]') || generic(path) !== path,
  );
  const [one, ...more] = found;
  if (one !== undefined && more.length === 0) {
    const [steps] = /\[steps=\d+\]/.exec(path) ?? [];
    return steps === undefined ? one : one.replace('[steps=N]', steps);
  }
  throw new InputError({
    what:
      one === undefined
        ? 'The scenario records no such metric (--metric) by meta-step'
        : 'The metric (--metric) stands for several',
    got: path,
    legal: (one === undefined ? names : found).join(', '),
    advice: one === undefined ? didYouMean(path, names) : undefined,
  });
}

const generic = (path: string): string => path.replace(/\[steps=\d+\]/, '[steps=N]');
