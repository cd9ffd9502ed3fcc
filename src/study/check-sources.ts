import { InputError } from '../core/errors';
import { packageFolder } from '../run/directory/environment';
import { changedSources } from '../run/scenario/scenario-sources';
import type { Study } from './study-directory';

/** @throws InputError where the scenario, or another file of the user's own that a study is made of, is not as it was when the study began. */
export function checkSources({ directory, plan }: Study): void {
  const own = [plan.synapse, plan.project].filter((file) => file !== null);
  const [changed] = [
    ...changedSources(plan.sources, plan.sources.root ?? packageFolder()),
    ...own.flatMap(({ sources }) => changedSources(sources, sources.root!)),
  ];
  if (changed === undefined) return;
  throw new InputError({
    what: `The scenario of the study in "${directory}" is not as it was when the study began: "${changed.file}" ${changed.how}`,
    advice:
      changed.how === 'is missing'
        ? 'On every machine it has to lie at the same place: put it there, or make the study anew'
        : 'Two experiments do not mix: put it back, or make the study anew',
  });
}
