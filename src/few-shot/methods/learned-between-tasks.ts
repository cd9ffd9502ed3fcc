import { metaWeights } from '../../engine/engine';
import { gradientsOf, type MetaLearner } from '../../learning/meta-learner';
import type { Network } from '../../network/network';
import { namesIn } from '../../run/scenario/synapse-settings';
import type { FewShotSettings } from '../settings';
import type { Method } from './method';

/** The slow variables that settings let a method learn, of those that it gives a gradient for. */
export function learnedBetweenTasks(
  { network: kind }: Method,
  learner: Pick<MetaLearner, 'learns'>,
  network: Network,
  { learn }: Pick<FewShotSettings, 'learn'>,
): readonly string[] {
  const given = gradientsOf(learner, network);
  const asked = kind === 'modulated' ? [metaWeights] : namesIn(learn);
  return asked.filter((name) => given.includes(name));
}
