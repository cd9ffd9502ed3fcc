import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import { madeBy, originOf } from '../core/origin';
import { Registry } from '../core/registry';
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

/** The engines that come with metaplast, the one that `auto` likes best first; others are registered. */
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

/** Those that come with metaplast. */
export const engineNames: readonly EngineName[] = ['auto', ...(Object.keys(choices) as EngineName[])];

const registered = new Registry<() => Promise<Engine> | Engine>('an engine', () => engineNames);

/**
 * Adds an engine of a user's own, so that it can be had by its name: `--engine NAME`, `simulate({ engine: 'NAME' })`. `auto` does not take it.
 * @param load Makes it when it is first asked for; its `name` must be this one.
 * @throws InputError where the name is not legal, or one of the built-in engines'.
 */
export function registerEngine(name: string, load: () => Promise<Engine> | Engine): void {
  if (typeof load !== 'function')
    throw new InputError({ what: 'What makes the engine is none', got: load, legal: 'a function' });
  registered.add(name, load);
}

/** @throws InputError where there is no engine of that name, with the nearest legal one. */
export function checkEngineName(name: string): asserts name is EngineName {
  const names = [...engineNames, ...registered.names];
  if (names.includes(name)) return;
  throw new InputError({
    what: 'There is no such engine',
    got: name,
    legal: names.join(', '),
    advice: didYouMean(name, names),
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
  const own = registered.get(name);
  const engine = own === undefined ? await choices[name].load(options) : await loaded(name, own);
  const probe = await engine.probe();
  if (probe.available) return engine;
  throw new InputError({
    what: `Engine "${name}" is not available here: ${withoutFullStop(probe.why)}`,
    got: name,
  });
}

async function loaded(name: string, load: () => Promise<Engine> | Engine): Promise<Engine> {
  // Loaded here, not above: commands that start no engine do without.
  const { validate } = await import('../core/validate');
  const { engineSchema } = await import('./engine-schema');
  const engine = validate(engineSchema, await load(), `the engine registered as "${name}"`);
  if (engine.name === name) {
    return originOf(engine) === undefined ? madeBy('src/engine/auto', 'engineNamed', [name], engine) : engine;
  }
  throw new InputError({
    what: 'An engine has another name than it was registered by',
    got: engine.name,
    legal: name,
  });
}

/** For the middle of a sentence. */
const withoutFullStop = (text: string): string => text.replace(/\.$/, '');
