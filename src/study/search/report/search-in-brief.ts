import { firstTrials } from '../../dry-run-lines';
import type { StudyPlan } from '../../plan/study-plan';
import type { SearchSpace } from '../space/space-file';

/** What a search would run, for people, before anything runs. */
export function searchInBrief(plan: StudyPlan, space: SearchSpace | null): string {
  const { metric, better, stop, grace, reduction } = plan.search!;
  const rungs = [0, 1, 2].map((k) => grace * (stop === 'halving' ? reduction ** k : k + 1)).join(', ');
  const rules = {
    none: 'Every trial runs to its end.',
    median: `At meta-steps ${rungs}, ... a trial stops whose best value is worse than the median of the others' means.`,
    halving: `From meta-steps ${rungs}, ... one of ${reduction} goes on.`,
  };
  return [
    ...(space === null ? [] : [space.title]),
    firstTrials(plan),
    `Searched for the ${better === 'lower' ? 'lowest' : 'highest'} ${metric}. ${rules[stop]}`,
    ...(space?.best === undefined
      ? []
      : [`Found best by those whose space it is: ${JSON.stringify(space.best)}`]),
    ...(space?.notes ?? []).map((note) => `- ${note}`),
  ].join('\n');
}
