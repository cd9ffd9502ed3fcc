import type { JournalEntry } from './journal';
import { rerunCommandOf } from './search/report/rerun-command';
import { searchReport } from './search/report/search-report';
import { type SearchSummary, summariseSearch } from './search/report/search-summary';
import type { Study } from './study-directory';
import { reportOf as reportOfAll, type StudySummary, summarise } from './study-report';

/** What a study, or a search, has come to, for people. */
export function reportOf(study: Study, settled: ReadonlyMap<number, JournalEntry>): string {
  return study.plan.search === undefined ? reportOfAll(study, settled) : searchReport(study, settled);
}

/** The same for programs; of a search, with the command that runs its best settings with other seeds. */
export function summaryOf(
  study: Study,
  settled: ReadonlyMap<number, JournalEntry>,
): StudySummary & Partial<SearchSummary> & { readonly rerun?: string } {
  const summary = summarise(study, settled);
  if (study.plan.search === undefined) return summary;
  const searched = summariseSearch(study, settled);
  const [best] = searched.best;
  return {
    ...summary,
    ...searched,
    ...(best === undefined ? {} : { rerun: rerunCommandOf(study.plan, best) }),
  };
}
