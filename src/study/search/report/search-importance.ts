import { type SettingImportance, settingImportance } from '../../importance/setting-importance';
import type { StudyPlan } from '../../plan/study-plan';
import type { SearchedTrial } from './searched-trial';

/** What the metric depends on, at a meta-step. */
export type SearchImportance = SettingImportance & { readonly metaStep: number };

/**
 * What the metric of a search depends on, by its values at the last meta-step that every trial has come to, stopped ones included: later ones are of the good
 * alone. Trials that failed are the worst.
 * @returns null where that cannot be told.
 */
export function searchImportance(
  { space, search }: Pick<StudyPlan, 'space' | 'search'>,
  trials: readonly SearchedTrial[],
): SearchImportance | null {
  const settled = trials.filter(({ outcome }) => outcome !== null);
  const whole = settled.filter(({ outcome, metaStep }) => outcome !== 'failed' && metaStep !== null);
  if (whole.length === 0) return null;
  const metaStep = Math.min(...whole.map((trial) => trial.metaStep!));
  const tried = settled.map(({ seed, settings, course, outcome }) => ({
    ...{ seed, settings },
    value: outcome === 'failed' ? null : course.upTo(metaStep),
  }));
  const importance = settingImportance(tried, Object.keys(space), search!.better);
  return importance && { ...importance, metaStep };
}
