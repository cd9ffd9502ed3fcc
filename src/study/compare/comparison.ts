import { InputError } from '../../core/errors';
import { findRuns } from './find-runs';
import { chosenMetrics, likelyMetrics } from './known-metrics';
import { chooseMetrics, matchMetrics } from './match-metrics';
import { conditionFor, meets, splitCondition } from './name-setting';
import { type ComparedRun, isCompared, type LeftOutRun, readRun } from './read-run';
import { byName, compareScenario, type ScenarioComparison } from './scenario-comparison';
import { warningsOf } from './warnings-of';

/** What is compared, and how. */
export interface CompareOptions {
  /** Run directories, studies, folders of runs. */
  readonly paths: readonly string[];
  /** Patterns of `matchMetrics`; what matters of each scenario where there is none. */
  readonly metrics?: readonly string[];
  /** Conditions that all must hold, as `conditionFor` takes them. */
  readonly where?: readonly string[];
  /** Settings by which runs are grouped; all that differ, where left out. */
  readonly groupBy?: readonly string[];
  /** Whether a pattern may name something else than a metric of the summaries: what is recorded by meta-step. Default false. */
  readonly ofCourses?: boolean;
}

/** What some paths came to. */
export interface Comparison {
  readonly scenarios: readonly ScenarioComparison[];
  readonly leftOut: readonly LeftOutRun[];
  /** What a reader of the numbers must know, each as a sentence without its full stop. */
  readonly warnings: readonly string[];
}

/**
 * Compares runs.
 * @throws InputError where a path holds no run, none of the runs has numbers, or a name in the options is unknown.
 */
export function compareRuns({
  paths,
  metrics = [],
  where = [],
  groupBy,
  ofCourses = false,
}: CompareOptions): Comparison {
  const { directories, notes } = findRuns(paths);
  const read = directories.map(readRun);
  const { kept, method } = keep(read, where);
  const runs = kept.filter(isCompared);
  const leftOut = kept.filter((run): run is LeftOutRun => !isCompared(run));
  if (runs.length === 0) throw nothingLeft(leftOut, where);
  const names = [...new Set(kept.map(scenarioOf))].filter((name) => name !== null).sort();
  const scenarios = names.map((scenario) => {
    const ofScenario = <R extends ComparedRun | LeftOutRun>(all: readonly R[]) =>
      all.filter((run) => scenarioOf(run) === scenario);
    return compareScenario(scenario, ofScenario(runs), ofScenario(leftOut), { groupBy, method });
  });
  const shown = withMetrics(scenarios, metrics, ofCourses);
  return { scenarios: shown, leftOut, warnings: [...notes, ...warningsOf(shown, leftOut, runs)] };
}

/** The scenario of a run, where that is known. */
const scenarioOf = (run: ComparedRun | LeftOutRun): string | null =>
  isCompared(run) ? run.scenario : (run.run?.scenario ?? null);

type Read = ComparedRun | LeftOutRun;

/** Keeps the runs that meet all conditions, and of them the rows of the method that one of the conditions names. */
function keep(read: readonly Read[], where: readonly string[]) {
  const described = (run: Read) => (isCompared(run) ? run : run.run);
  const known = read.map(described).filter((run) => run !== null);
  const methods = new Set(read.filter(isCompared).flatMap((run) => run.measured.map(({ method }) => method)));
  methods.delete(null);
  const asked = where.map((text) => ({ text, ...splitCondition(text) }));
  const ofMethod = asked.filter(({ name }) => name === 'method' && methods.size > 0);
  const ofScenario = asked.filter(({ name }) => name === 'scenario');
  const conditions = asked
    .filter((one) => !ofMethod.includes(one) && !ofScenario.includes(one))
    .map(({ text }) => conditionFor(text, known));
  for (const { value } of ofMethod) checkAmong('No run has such a method', value, [...methods]);
  const scenarios = new Set(known.map(({ scenario }) => scenario));
  for (const { value } of ofScenario) checkAmong('No run is of this scenario', value, [...scenarios]);
  const agrees = (all: typeof asked, name: string) =>
    all.every(({ value, isNot }) => (value === name) !== isNot);
  const kept = read.filter((run) => {
    const about = described(run);
    // What cannot be read may have been meant; it is named.
    if (about === null) return true;
    return agrees(ofScenario, about.scenario) && conditions.every((condition) => meets(about, condition));
  });
  return { kept, method: (name: string | null) => name === null || agrees(ofMethod, name) };
}

function checkAmong(what: string, got: string, legal: readonly (string | null)[]): void {
  if (!legal.includes(got)) throw new InputError({ what, got, legal: legal.join(', ') });
}

/** Says which metrics are shown: what was asked for, of those that a scenario has, or else what matters of it. */
function withMetrics(
  all: readonly ScenarioComparison[],
  patterns: readonly string[],
  ofCourses: boolean,
): ScenarioComparison[] {
  const every = [...new Set(all.flatMap(({ allMetrics }) => allMetrics))].sort(byName);
  const asked = ofCourses ? patterns.filter((pattern) => matchMetrics(pattern, every).length > 0) : patterns;
  const chosen = chooseMetrics(asked, every);
  return all.map((one) => {
    const { scenario, allMetrics } = one;
    if (asked.length > 0) return { ...one, metrics: chosen.filter((metric) => allMetrics.includes(metric)) };
    const found = chosenMetrics(scenario)?.flatMap((pattern) => matchMetrics(pattern, allMetrics)) ?? [];
    return { ...one, metrics: found.length > 0 ? [...new Set(found)] : likelyMetrics(scenario, allMetrics) };
  });
}

function nothingLeft(leftOut: readonly LeftOutRun[], where: readonly string[]): InputError {
  if (leftOut.length === 0) {
    return new InputError({
      what: 'No run meets all conditions',
      got: where.map((one) => `--where ${one}`).join(' '),
    });
  }
  const told = leftOut
    .slice(0, 3)
    .map(({ directory, state, reason }) => `"${directory}" is ${state}: ${reason}`);
  const more = leftOut.length - told.length;
  return new InputError({
    what: `None of the runs has numbers to compare: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    advice: 'Go on with an unfinished or damaged one by: metaplast resume <run-directory>',
  });
}
