import { z } from 'zod';
import { validate } from '../../core/validate';
import type { RuleSetting } from '../../theory/trust/adjustable';

/** Where a scenario's settings stand, by what they do to the contrastive rule: as `--set` takes them, `nudged.steps`. */
export type SettingPaths = Readonly<Partial<Record<RuleSetting, string>>>;

/**
 * Of a scenario that has `estimatorSchema` and two `phaseSchema`s, `free` and `nudged`, below a path: `contrastive.`, or nothing.
 * @throws InputError where the path is no text.
 */
export function rulePaths(above = ''): SettingPaths {
  validate(z.string(), above, 'the path above');
  const phase = (kind: 'free' | 'nudged') => ({
    [`${kind}.rate`]: `${above}${kind}.rate`,
    [`${kind}.momentum`]: `${above}${kind}.momentum`,
    [`${kind}.steps`]: `${above}${kind}.steps`,
    [`${kind}.tolerance`]: `${above}${kind}.tolerance`,
  });
  return { estimator: `${above}estimator`, beta: `${above}beta`, ...phase('free'), ...phase('nudged') };
}
