import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import type { Engine } from './engine';
import { gpujsEngine } from './gpujs/gpujs-engine';
import { referenceEngine } from './reference/reference-engine';
import { type SimdOptions, simdEngine } from './simd/simd-engine';
import { blasChoices } from './simd/system-blas';

/** What some engines can be told. */
export type EngineOptions = SimdOptions;

/** All engines, the one that `auto` likes best first. A new engine is a folder of its own and a line here. */
const enginesWith = (options: EngineOptions): readonly Engine[] => [
  gpujsEngine(),
  simdEngine(options),
  referenceEngine,
];

/** What `--engine` takes. */
export const engineNames: readonly string[] = ['auto', ...enginesWith({}).map(({ name }) => name)];

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
  if (!engineNames.includes(name)) {
    throw new InputError({
      what: 'There is no such engine',
      got: name,
      legal: engineNames.join(', '),
      advice: didYouMean(name, engineNames),
    });
  }
  const { blas = 'auto' } = options;
  if (!blasChoices.includes(blas)) {
    throw new InputError({
      what: 'There is no such choice of a BLAS library',
      got: blas,
      legal: blasChoices.join(', '),
      advice: didYouMean(blas, blasChoices),
    });
  }
  const passedOver: string[] = [];
  for (const engine of enginesWith(options)) {
    if (name !== 'auto' && name !== engine.name) continue;
    const probe = await engine.probe();
    const why = probe.available ? probe.byNameOnly : probe.why;
    if (probe.available && (name !== 'auto' || why === undefined)) return { engine, passedOver };
    passedOver.push(`${engine.name}: ${why}`);
    if (name !== 'auto') {
      throw new InputError({ what: `Engine "${name}" is not available here: ${why}`, got: name });
    }
  }
  throw new InputError({ what: 'No engine is available on this machine', legal: engineNames.join(', ') });
}
