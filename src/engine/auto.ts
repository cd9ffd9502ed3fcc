import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import type { Engine } from './engine';
import { referenceEngine } from './reference/reference-engine';
import { simdEngine } from './simd/simd-engine';

/** All engines, the one that `auto` likes best first. A new engine is a folder of its own and a line here. */
const engines: readonly Engine[] = [simdEngine, referenceEngine];

/** What `--engine` takes. */
export const engineNames: readonly string[] = ['auto', ...engines.map(({ name }) => name)];

/**
 * The engine of a name; `auto` is the first one that is available on this machine.
 * @throws InputError where there is none of that name, or it is not available here, with why.
 */
export async function engineNamed(name: string): Promise<Engine> {
  if (!engineNames.includes(name)) {
    throw new InputError({
      what: 'There is no such engine',
      got: name,
      legal: engineNames.join(', '),
      advice: didYouMean(name, engineNames),
    });
  }
  for (const engine of engines) {
    if (name !== 'auto' && name !== engine.name) continue;
    const probe = await engine.probe();
    if (probe.available) return engine;
    if (name !== 'auto') {
      throw new InputError({ what: `Engine "${name}" is not available here: ${probe.why}`, got: name });
    }
  }
  throw new InputError({ what: 'No engine is available on this machine', legal: engineNames.join(', ') });
}
