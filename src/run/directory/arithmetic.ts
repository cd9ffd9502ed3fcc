import type { Environment } from './environment';

/** Something that numbers depend on, as it was and as it is. */
export interface ArithmeticChange {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/**
 * What the numbers of a run depend on beside its settings: two processes that agree in all of it give the same bits. The number of
 * cores, the processor's model and Node's minor version are not among it: see docs/decisions.
 */
function arithmeticOf({ code, engine, rules, node, platform }: Environment): Record<string, string | null> {
  const { available, name } = engine;
  const { executor, mode, precision } = rules;
  return {
    "metaplast's code": code,
    engine: available ? `${name}, ${engine.precision}` : name,
    "the engine's arithmetic": available ? (engine.arithmetic ?? engine.device) : null,
    rules: `${executor}, ${mode === null ? '' : `mode ${mode}, `}${precision}`,
    Node: `version ${/^v(\d+)/.exec(node)?.[1] ?? node}`,
    platform,
  };
}

/** Where two environments differ in what numbers depend on; what one of them does not know is no difference. */
export function arithmeticChanges(from: Environment, to: Environment): ArithmeticChange[] {
  const [was, is] = [arithmeticOf(from), arithmeticOf(to)];
  return Object.entries(was).flatMap(([what, before]) => {
    const now = is[what] ?? null;
    return before === null || now === null || before === now ? [] : [{ what, from: before, to: now }];
  });
}

/** What a run's engine and BLAS are called that it began with, where `auto` might choose others by now. */
export function asBegun(asked: { engine: string; blas: string }, { engine }: Environment) {
  const bundled = engine.available && /bundled WebAssembly/.test(engine.arithmetic ?? '');
  return {
    engine: asked.engine === 'auto' ? engine.name : asked.engine,
    blas: asked.blas === 'auto' && bundled ? 'wasm' : asked.blas,
  };
}
