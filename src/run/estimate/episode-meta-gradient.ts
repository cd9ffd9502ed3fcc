import { z } from 'zod';
import { imaml } from '../../baselines/imaml';
import { firstOrderMaml, maml } from '../../baselines/maml';
import { reptile } from '../../baselines/reptile';
import { InputError } from '../../core/errors';
import { anAbortSignal, validate } from '../../core/validate';
import { type EngineName, engineNamed } from '../../engine/auto';
import { type Engine, metaWeights } from '../../engine/engine';
import { engineOrNameSchema } from '../../engine/engine-schema';
import type { MetaLearner } from '../../learning/meta-learner';
import { Population } from '../../synapse/population';
import { type EpisodeFile, type ParsedEpisode, parseEpisode } from './episode';

/** The methods that an episode can be learned by. */
export type EpisodeMethod = 'maml' | 'firstOrderMaml' | 'reptile' | 'imaml';

const methodSchema = z.enum(['maml', 'firstOrderMaml', 'reptile', 'imaml'] satisfies EpisodeMethod[]);

/** How an episode is learned. */
export interface EpisodeMetaGradientOptions {
  /** Inner steps: one of the episode's `inner.steps`, which may be left out where that has one. iMAML takes no notice of it. */
  readonly steps?: number;
  /** An engine, or the name of one. Default `reference`, in float64. */
  readonly engine?: Engine | EngineName;
  readonly signal?: AbortSignal;
}

const optionsSchema = z.strictObject({
  steps: z.int().min(1).optional(),
  engine: engineOrNameSchema.default('reference'),
  signal: anAbortSignal.optional(),
});

/** How nearly the gradient of L + R must vanish at iMAML's minimum, as a part of that of L; Newton's method goes on to rounding. */
const tolerances = { float64: 1e-10, float32: 1e-4 };

/**
 * The meta-gradient of one episode by a method to compare with, by omega, where phi starts. With
 * phi_0 = omega, phi_k+1 = phi_k - rate dL(support)/dphi:
 *
 * - `maml`: dL(query)(phi_K)/domega, through all K steps, exactly;
 * - `firstOrderMaml`: dL(query)/dphi at phi_K;
 * - `reptile`: omega - phi_K, divided by nothing;
 * - `imaml`: lambda (H + lambda I)^-1 dL(query)/dphi at the minimum of L(support) + lambda/2 |phi - omega|^2 that `imaml.inner` leads to and
 *   Newton's method ends at; H is the Hessian of L(support) there.
 *
 * Each is what the learner of that name gives on a stream of tasks.
 * @returns One number for each number of `omega`.
 * @throws InputError where a part of the episode or an option is not legal; DivergenceError where learning leaves every bound;
 * NoMinimumError or NoExactGradientError where iMAML finds no strict minimum; Interruption where the signal is aborted.
 */
export async function episodeMetaGradient(
  episode: EpisodeFile,
  method: EpisodeMethod,
  options: EpisodeMetaGradientOptions = {},
): Promise<Float64Array> {
  const parsed = parseEpisode(episode);
  const asked = validate(methodSchema, method, 'the method of episodeMetaGradient');
  const given = validate(optionsSchema, options, 'the options of episodeMetaGradient');
  const steps = stepsOf(parsed, asked, given.steps);
  const engine = typeof given.engine === 'string' ? await engineNamed(given.engine) : given.engine;
  const learner = await learnerOf(parsed, asked, steps, engine);
  const { network, task, omega, theta } = parsed;
  const lambda = parsed.imaml?.lambda ?? new Float64Array(network.size);
  const population = new Population(network.synapse, network.topology);
  const slow = { omega, lambda };
  const session = await engine.open(network);
  try {
    for (const [name, values] of Object.entries(slow)) {
      population.set(name, values);
      await session.write(name, values);
    }
    if (network.meta.size > 0) await session.write(metaWeights, theta);
    const { metaGradient } = await learner.learn({
      ...{ network, session, population, slow, start: omega.slice(), signal: given.signal },
      episode: { ...task, index: 0 },
    });
    return metaGradient.omega!;
  } finally {
    await session.close();
  }
}

/** @throws InputError where the episode has no such number of steps, or more than one and none is asked for. */
function stepsOf({ steps }: ParsedEpisode, method: EpisodeMethod, asked: number | undefined): number {
  if (asked === undefined && (steps.length === 1 || method === 'imaml')) return steps[0]!;
  if (asked !== undefined && steps.includes(asked)) return asked;
  throw new InputError({
    what:
      asked === undefined
        ? 'The episode names several numbers of inner steps, and `steps` says not which'
        : 'The episode has no such number of inner steps',
    got: asked,
    legal: steps.join(', '),
    advice: 'Add it to `inner.steps` of the episode, or ask for one of these: { steps: 1 }',
  });
}

async function learnerOf(
  { network, rate, imaml: settings }: ParsedEpisode,
  method: EpisodeMethod,
  steps: number,
  engine: Engine,
): Promise<MetaLearner> {
  if (method === 'maml') return maml({ rate, steps });
  if (method === 'firstOrderMaml') return firstOrderMaml({ rate, steps });
  if (method === 'reptile') return reptile({ rate, steps, samples: 'training', gradient: 'whole' });
  if (settings === null) {
    throw new InputError({
      what: 'imaml in the episode is missing',
      legal: '{ lambda, inner: { learningRate, steps } }',
    });
  }
  const probe = await engine.probe();
  const tolerance = tolerances[probe.available ? probe.precision : 'float64'];
  return imaml({ ...settings.inner, minimum: { tolerance }, cgSteps: 4 * network.size });
}
