import type { StudyPlan } from './plan/study-plan';
import { SearchOutcomes } from './search/search-outcomes';
import { TrialOutcomes } from './trial-outcomes';

/** What will be known of a study's trials, once its journal is added. */
export function outcomesOf({ trials, search }: StudyPlan): TrialOutcomes {
  return search === undefined ? new TrialOutcomes() : new SearchOutcomes(trials, search);
}
