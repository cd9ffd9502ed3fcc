import type { JournalEntry } from './journal';
import { drawParallel } from './search/report/parallel-coordinates';
import { rerunCommandOf } from './search/report/rerun-command';
import { searchReport } from './search/report/search-report';
import { type SearchSummary, summariseSearch } from './search/report/search-summary';
import { searchedTrials } from './search/report/searched-trial';
import type { Study } from './study-directory';
import { reportOf, type StudySummary, summarise } from './study-report';

/** What a study, or a search, has come to. */
export interface Conclusion {
  /** For programs; of a search, with the command that runs its best settings with other seeds. */
  readonly summary: StudySummary & Partial<SearchSummary> & { readonly rerun?: string };
  /** For people. */
  report(): string;
  /** Draws the trials of a search, and gives the file; null where there is nothing to draw yet. */
  readonly draw: (() => string) | null;
}

/** The records of a search's trials are read once, for all of it. */
export function concludeStudy(study: Study, settled: ReadonlyMap<number, JournalEntry>): Conclusion {
  const all = summarise(study, settled);
  if (study.plan.search === undefined)
    return { summary: all, report: () => reportOf(study, settled), draw: null };
  const trials = searchedTrials(study, settled);
  const searched = summariseSearch(study, trials);
  const [best] = searched.best;
  const rerun = best === undefined ? {} : { rerun: rerunCommandOf(study.plan, best) };
  return {
    summary: { ...all, ...searched, ...rerun },
    report: () => searchReport(study, all, searched),
    draw: all.left === 0 ? () => drawParallel(study, trials, best?.trial ?? null) : null,
  };
}
