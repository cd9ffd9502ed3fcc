import type { ComparedRun, LeftOutRun } from './read-run';
import type { ScenarioComparison } from './scenario-comparison';
import { canonical } from './settings';

/** What a reader of the numbers must know beside them. */
export function warningsOf(
  scenarios: readonly Pick<ScenarioComparison, 'scenario' | 'groups' | 'runs'>[],
  leftOut: readonly LeftOutRun[],
  runs: readonly ComparedRun[],
): string[] {
  return [
    ...leftOut.map(({ directory, state, reason }) => `left out "${directory}", ${state}: ${reason}`),
    ...runs.flatMap(({ directory, note }) => (note === null ? [] : [`"${directory}": ${note}`])),
    ...runs.flatMap(({ directory, measured }) =>
      measured.flatMap(({ method, failure }) =>
        failure === null ? [] : [`left out method ${method} of "${directory}", failed: ${failure}`],
      ),
    ),
    ...scenarios.flatMap((one) => [...repeated(one), ...mixedCode(one)]),
  ];
}

/** Runs with one seed and one configuration. */
function repeated({ scenario, runs }: Pick<ScenarioComparison, 'scenario' | 'runs'>): string[] {
  const same = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const key = canonical([run.seed, Object.fromEntries(run.settings)]);
    same.set(key, [...(same.get(key) ?? []), run]);
  }
  const again = [...same.values()].filter((all) => all.length > 1);
  if (again.length === 0) return [];
  const numbersOf = ({ measured }: ComparedRun) =>
    canonical(measured.map(({ method, metrics }) => [method, Object.fromEntries(metrics)]));
  const [differ, agree] = [true, false].map((wanted) =>
    again.filter((all) => all.some((run) => numbersOf(run) !== numbersOf(all[0]!)) === wanted),
  );
  const count = (all: readonly ComparedRun[][]) => all.reduce((sum, { length }) => sum + length - 1, 0);
  const names = (all: readonly ComparedRun[][]) =>
    all[0]!.map(({ directory }) => `"${directory}"`).join(' and ');
  return [
    ...(agree!.length === 0
      ? []
      : [
          `${scenario}: ${count(agree!)} runs repeat another one's settings, seed and numbers, such as ${names(agree!)}; each seed counts once`,
        ]),
    ...(differ!.length === 0
      ? []
      : [
          `${scenario}: runs of the same settings and seed have other numbers, such as ${names(differ!)}: made by other code or on another machine; of each seed, the mean counts once`,
        ]),
  ];
}

/** Rows in which runs of several states of the code are taken for the same experiment. */
function mixedCode({ scenario, groups }: Pick<ScenarioComparison, 'scenario' | 'groups'>): string[] {
  const mixed = groups.filter((group) => new Set(group.runs.map(({ code }) => code)).size > 1);
  if (mixed.length === 0) return [];
  const versions = [
    ...new Set(mixed.flatMap(({ runs }) => runs.map(({ origin }) => String(origin.get('--version'))))),
  ];
  const of = versions.length > 1 ? ` (metaplast ${versions.sort().join(', ')})` : '';
  return [`${scenario}: ${mixed.length} of ${groups.length} rows hold runs made by different code${of}`];
}
