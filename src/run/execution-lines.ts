import type { Engine, EngineProbe } from '../engine/engine';
import { threadsFor } from '../engine/worker-limit';
import { creditWords } from '../network/credit/credit-words';
import type { ExecutorReport } from '../synapse/rule-executor';

/** How a run came to its engine. */
export interface EngineChoice {
  readonly chosenBy: 'name' | 'scenario' | 'auto';
  /** Engines that `auto` would rather have taken, each with why it could not: `gpujs: ...`. */
  readonly passedOver: readonly string[];
}

/**
 * What executes a run, in one short line: `engine simd (float32, OpenBLAS 0.3.21); rules gpujs (webasm, float32)`; and why the rules
 * are not executed as they should be, where they are not.
 */
export function executionLine({ name, credit }: Engine, probe: EngineProbe, rules: ExecutorReport): string {
  const network = probe.available ? [probe.precision, probe.brief] : [];
  const by = [rules.mode, rules.precision, rules.fallbackReason];
  const from = credit === undefined ? '' : `; credit ${creditWords(credit) ?? credit.kind}`;
  return `engine ${name}${bracketed(network)}${from}; rules ${rules.executor}${bracketed(by)}`;
}

/** What becomes of workers where the engine works in one thread; null where nothing needs to be said. */
export function workersLine(engine: Engine, workers: number): string | null {
  if (threadsFor(engine, workers) === workers) return null;
  return `engine ${engine.name} works in one thread: only whole tasks of a meta-batch are shared out to the ${workers} workers`;
}

function bracketed(words: readonly (string | null | undefined)[]): string {
  const told = words.filter(Boolean);
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

/** The rest of it, for `--verbose`: the device in full, who chose it, and what was passed over, with why. */
export function executionDetails({ chosenBy, passedOver }: EngineChoice, probe: EngineProbe): string[] {
  const by = { name: '--engine', scenario: 'the scenario', auto: 'auto' }[chosenBy];
  const device = probe.available ? `: ${[probe.device, probe.remark].filter(Boolean).join(', ')}` : '';
  return [`  engine chosen by ${by}${device}`, ...passedOver.map((engine) => `  passed over ${engine}`)];
}
