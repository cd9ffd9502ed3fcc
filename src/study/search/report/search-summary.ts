import { journalOf, type Study } from '../../study-directory';
import { type Better, compareValues } from '../decisions/verdict';
import type { SearchPlan } from '../search-plan';
import { type SearchImportance, searchImportance } from './search-importance';
import type { SearchedTrial } from './searched-trial';

/** What a search has come to, for programs. */
export interface SearchSummary {
  readonly search: SearchPlan;
  /**
   * The trials that came to their end, the best first. Of several seeds, settings with which more seeds came to their end are before others, then those
   * whose mean is better: values of different seeds are not of the same data.
   */
  readonly best: readonly Omit<SearchedTrial, 'course'>[];
  /** How many were stopped at each rung, the lowest first. */
  readonly stopped: readonly { readonly rung: number; readonly trials: number }[];
  /** How often a trial that was stopped went on after all. */
  readonly promoted: number;
  /** Taken by all trials; what they would have taken to their ends, where one has come there; and what was saved. Failed trials are in none. */
  readonly metaSteps: {
    readonly taken: number;
    readonly toTheEnd: number | null;
    readonly saved: number | null;
  };
  /** What the metric depends on; null where that cannot be told. */
  readonly importance: SearchImportance | null;
}

/** What a search has come to by the records of its trials, and by its journal. */
export function summariseSearch(study: Study, trials: readonly SearchedTrial[]): SearchSummary {
  const search = study.plan.search!;
  const ended = trials.filter(({ outcome }) => outcome === 'ended');
  const stopped = trials.filter(({ outcome }) => outcome === 'stopped');
  const rungs = [...new Set(stopped.map(({ rung }) => rung!))].sort((a, b) => a - b);
  return {
    search,
    best: ranked(ended, search.better).map(({ course: _, ...trial }) => trial),
    stopped: rungs.map((rung) => ({ rung, trials: stopped.filter((trial) => trial.rung === rung).length })),
    promoted: journalOf(study.directory)
      .news()
      .filter(({ event }) => event === 'promoted').length,
    metaSteps: metaStepsOf([...ended, ...stopped], ended),
    importance: searchImportance(study.plan, trials),
  };
}

function ranked(ended: readonly SearchedTrial[], better: Better): SearchedTrial[] {
  const bySettings = new Map<string, SearchedTrial[]>();
  for (const trial of ended) {
    const key = JSON.stringify(trial.settings);
    bySettings.set(key, [...(bySettings.get(key) ?? []), trial]);
  }
  const groups = [...bySettings.values()].map((trials) => ({ trials, mean: meanOf(trials) }));
  groups.sort((a, b) => b.trials.length - a.trials.length || compareValues(a.mean, b.mean, better));
  return groups.flatMap(({ trials }) => trials);
}

/** null where a value is no number. */
function meanOf(trials: readonly SearchedTrial[]): number | null {
  const values = trials.map(({ value }) => value);
  if (values.includes(null)) return null;
  return values.reduce<number>((sum, value) => sum + value!, 0) / values.length;
}

function metaStepsOf(
  trials: readonly SearchedTrial[],
  ended: readonly SearchedTrial[],
): SearchSummary['metaSteps'] {
  const taken = trials.reduce((sum, trial) => sum + trial.taken, 0);
  if (ended.length === 0) return { taken, toTheEnd: null, saved: null };
  // What ended took as long as it was set to; a stopped one is counted by the same number, or by its own where that is swept.
  const whole = Math.max(...ended.map((trial) => trial.taken));
  const planned = ({ settings, taken: own, outcome }: SearchedTrial) =>
    outcome === 'ended' ? own : typeof settings.metaSteps === 'number' ? settings.metaSteps : whole;
  const toTheEnd = trials.reduce((sum, trial) => sum + planned(trial), 0);
  return { taken, toTheEnd, saved: toTheEnd - taken };
}
