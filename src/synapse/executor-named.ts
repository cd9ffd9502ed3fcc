import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import { plainExecutor } from './plain-executor';
import type { RuleExecutor } from './rule-executor';

/** What `--rules` takes. */
export const executorNames = ['gpujs', 'plain'] as const;
export type ExecutorName = (typeof executorNames)[number];

/** @throws InputError where there is no executor of that name, with the nearest legal one. */
export function checkExecutorName(name: string): asserts name is ExecutorName {
  if (executorNames.includes(name as ExecutorName)) return;
  throw new InputError({
    what: 'There is no such executor of rules',
    got: name,
    legal: executorNames.join(', '),
    advice: didYouMean(name, executorNames),
  });
}

/**
 * The executor of a name: `gpujs`, or `plain` for float64. GPU.js is loaded only where it is asked for.
 * @throws InputError where there is none of that name.
 */
export async function executorNamed(name: string): Promise<RuleExecutor> {
  checkExecutorName(name);
  return name === 'plain' ? plainExecutor() : (await import('./gpujs-executor')).gpujsExecutor();
}
