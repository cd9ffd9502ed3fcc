import { gpujsExecutor } from '../../src/synapse/gpujs-executor';
import { plainExecutor } from '../../src/synapse/plain-executor';
import type { RuleExecutor } from '../../src/synapse/rule-executor';

/** An executor of each kind that every machine has, by name; closed when the tests of the calling file are done. */
export function openExecutors(): Readonly<Record<string, RuleExecutor>> {
  const executors = {
    plain: plainExecutor(),
    'gpujs webasm': gpujsExecutor('webasm'),
    'gpujs cpu': gpujsExecutor('cpu'),
  };
  afterAll(() => {
    for (const executor of Object.values(executors)) executor.close();
  });
  return executors;
}
