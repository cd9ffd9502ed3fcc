import { metaWeights } from '../../engine/engine';
import type { FewShotSettings } from '../settings';
import type { Method } from './method';

/** The slow variables that settings let a method learn, of those that it can give a gradient for. */
export function learnedBetweenTasks(
  { network }: Method,
  { lambda }: Pick<FewShotSettings, 'lambda'>,
): readonly string[] {
  if (network === 'modulated') return [metaWeights];
  return lambda.learn ? ['omega', 'lambda'] : ['omega'];
}
