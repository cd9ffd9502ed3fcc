import type { FewShotSettings } from '../../src/few-shot/settings';

interface TestSteps {
  readonly testSteps: Readonly<Record<string, number | null>>;
}

/** A quarter of the steps of a method, half of them and all, and none: so that curves show how a task is learned. */
export function stepsOf(method: string, settings: FewShotSettings & TestSteps): readonly number[] {
  const steps = settings.testSteps[method] ?? learnedBy(settings[method]);
  return [...new Set([0, Math.ceil(steps / 4), Math.ceil(steps / 2), steps])];
}

/** Inner steps by which a method learns a task, by its own settings. */
function learnedBy(own: unknown): number {
  const { free, steps } = own as { readonly free?: { readonly steps: number }; readonly steps?: number };
  return free?.steps ?? steps ?? 5;
}
