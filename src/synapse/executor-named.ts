import { addressSpace, whyNoMemory } from '../core/address-space';
import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import { plainExecutor } from './plain-executor';
import type { RuleExecutor } from './rule-executor';

/** What `--rules` takes, beside `auto`. */
export const executorNames = ['gpujs', 'plain'] as const;
/** What runs the local rules, as `--rules` names it. */
export type ExecutorName = 'auto' | (typeof executorNames)[number];

/**
 * What an executor may be called: `auto` is GPU.js in the fastest mode that has room here.
 * @throws InputError where there is no executor of that name, with the nearest legal one.
 */
export function checkExecutorName(name: string): asserts name is ExecutorName {
  const legal = ['auto', ...executorNames];
  if (legal.includes(name)) return;
  throw new InputError({
    what: 'There is no such executor of rules',
    got: name,
    legal: legal.join(', '),
    advice: didYouMean(name, legal),
  });
}

/**
 * The executor of a name: `gpujs`, or `plain` for float64. `auto` is GPU.js in the fastest mode that has room here: where addresses
 * are limited, its mode cpu, which its report says. GPU.js is loaded only where it is asked for.
 * @throws InputError where there is none of that name; KernelError where `gpujs` cannot run a rule here, with why.
 */
export async function executorNamed(name: string): Promise<RuleExecutor> {
  checkExecutorName(name);
  if (name === 'plain') return plainExecutor();
  return name === 'gpujs' ? await tried(await gpujs()) : gpujsThatFits();
}

async function gpujs(...options: Parameters<typeof import('./gpujs-executor')['gpujsExecutor']>) {
  return (await import('./gpujs-executor')).gpujsExecutor(...options);
}

/**
 * GPU.js gives each kernel a memory of its own in WebAssembly, so that under a limit the next rule may be one too many in the middle
 * of a run. Hence the limit decides, and not whether there is room for one.
 */
async function gpujsThatFits(): Promise<RuleExecutor> {
  if (addressSpace() < Infinity) return gpujs('cpu', `not in WebAssembly: ${whyNoMemory()}`);
  try {
    return await tried(await gpujs());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return gpujs('cpu', error.message);
  }
}

/** The executor, once it has run a rule: only then it compiles, and asks for memory. */
async function tried(executor: RuleExecutor): Promise<RuleExecutor> {
  const { projectRule } = await import('./rules/constraints');
  try {
    executor.run(projectRule, { value: Float64Array.of(1) });
  } catch (error) {
    executor.close();
    throw error;
  }
  return executor;
}
