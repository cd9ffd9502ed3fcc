import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import type { Engine } from './engine';
import { whyNoHardware } from './gpujs/renderer';
import type { SimdOptions } from './simd/simd-options';

/** What some engines can be told. */
export type EngineOptions = SimdOptions;

/** An engine that can be had: what is not asked for is not loaded. */
interface Choice {
  load(options: EngineOptions): Promise<Engine>;
  /** Why `auto` passes it over, where that is known without loading it. */
  whyNot?(): string | undefined;
}

/** All engines, the one that `auto` likes best first. A new engine is a folder of its own and a line here. */
const choices = {
  gpujs: {
    load: async () => (await import('./gpujs/gpujs-engine')).gpujsEngine(),
    whyNot: whyNoHardware,
  },
  simd: { load: async (options) => (await import('./simd/simd-engine')).simdEngine(options) },
  reference: { load: async () => (await import('./reference/reference-engine')).referenceEngine },
} satisfies Readonly<Record<string, Choice>>;

/** What `--engine` takes, and an option `engine` of the library besides an engine itself. */
export type EngineName = 'auto' | keyof typeof choices;

/** All of them. */
export const engineNames: readonly EngineName[] = ['auto', ...(Object.keys(choices) as EngineName[])];

/** @throws InputError where there is no engine of that name, with the nearest legal one. */
export function checkEngineName(name: string): asserts name is EngineName {
  if (engineNames.includes(name as EngineName)) return;
  throw new InputError({
    what: 'There is no such engine',
    got: name,
    legal: engineNames.join(', '),
    advice: didYouMean(name, engineNames),
  });
}

/**
 * The engine of a name; `auto` is the first one that is available on this machine and need not be asked for by name.
 * @throws InputError where there is none of that name, or it is not available here, with why.
 */
export async function engineNamed(name: string, options: EngineOptions = {}): Promise<Engine> {
  return (await chooseEngine(name, options)).engine;
}

/**
 * The same engine, and why `auto` passed others over, one by one; nothing for any other name.
 * @throws InputError as `engineNamed` does.
 */
export async function chooseEngine(
  name: string,
  options: EngineOptions = {},
): Promise<{ readonly engine: Engine; readonly passedOver: readonly string[] }> {
  checkEngineName(name);
  const { checkSimdOptions } = await import('./simd/simd-options');
  checkSimdOptions(options);
  if (name !== 'auto') return { engine: await availableEngine(name, options), passedOver: [] };
  const passedOver: string[] = [];
  for (const [candidate, { load, whyNot }] of Object.entries<Choice>(choices)) {
    let why = whyNot?.();
    if (why === undefined) {
      const engine = await load(options);
      const probe = await engine.probe();
      why = probe.available ? probe.byNameOnly : withoutFullStop(probe.why);
      if (why === undefined) return { engine, passedOver };
    }
    passedOver.push(`${candidate}: ${why}`);
  }
  throw new InputError({ what: 'No engine is available on this machine', legal: engineNames.join(', ') });
}

async function availableEngine(name: keyof typeof choices, options: EngineOptions): Promise<Engine> {
  const engine = await choices[name].load(options);
  const probe = await engine.probe();
  if (probe.available) return engine;
  throw new InputError({
    what: `Engine "${name}" is not available here: ${withoutFullStop(probe.why)}`,
    got: name,
  });
}

/** For the middle of a sentence. */
const withoutFullStop = (text: string): string => text.replace(/\.$/, '');
