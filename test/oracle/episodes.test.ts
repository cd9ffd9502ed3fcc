import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imaml } from '../../src/baselines/imaml';
import { relativeError } from '../../src/baselines/implicit';
import { maml } from '../../src/baselines/maml';
import { DivergenceError, InputError, NoExactGradientError, NoMinimumError } from '../../src/core/errors';
import { norm } from '../../src/core/norm';
import { RandomStream } from '../../src/core/random';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { type EpisodeFile, parseEpisode } from '../../src/run/estimate/episode';
import { type EpisodeMethod, episodeMetaGradient } from '../../src/run/estimate/episode-meta-gradient';
import { Population } from '../../src/synapse/population';

type BySteps = Readonly<Record<string, number[]>>;
interface TorchEpisode {
  readonly name: string;
  readonly episode: EpisodeFile;
  readonly gradients: Readonly<Record<Exclude<EpisodeMethod, 'imaml'>, BySteps> & { imaml: number[] }>;
}

/** Made once by `torch/episodes.py`, which says how to make them again; kept, since it needs PyTorch. */
const file = join(__dirname, 'torch/episodes.json');
const { episodes } = JSON.parse(readFileSync(file, 'utf8')) as { readonly episodes: readonly TorchEpisode[] };

const unrolled = ['maml', 'firstOrderMaml', 'reptile'] as const;
const apart = (own: Float64Array, truth: readonly number[]): number =>
  relativeError(own, Float64Array.from(truth))!;

describe.each(episodes)('$name, beside PyTorch in float64', ({ episode, gradients }) => {
  it.each(unrolled.flatMap((method) => [1, 3].map((steps) => [method, steps] as const)))(
    'has the same %s after %d steps',
    async (method, steps) => {
      const own = await episodeMetaGradient(episode, method, { steps });
      expect(apart(own, gradients[method][steps]!)).toBeLessThan(1e-8);
    },
  );

  it('has the same imaml at the minimum', async () => {
    expect(apart(await episodeMetaGradient(episode, 'imaml'), gradients.imaml)).toBeLessThan(1e-6);
  });
});

describe.each(episodes)('$name, in float32', ({ episode, gradients }) => {
  const engine = simdEngine({ blas: 'wasm' });
  // Measured: 2.4e-6 at the most. A kink that rounding crosses would be worth some percent.
  const tolerance = 1e-5;

  it('has the same gradients as far as single precision goes', async () => {
    for (const method of unrolled) {
      for (const steps of [1, 3]) {
        const own = await episodeMetaGradient(episode, method, { steps, engine });
        expect(apart(own, gradients[method][steps]!)).toBeLessThan(tolerance);
      }
    }
    expect(apart(await episodeMetaGradient(episode, 'imaml', { engine }), gradients.imaml)).toBeLessThan(
      tolerance,
    );
  });
});

/*
 * Without PyTorch: central differences of the held-out loss by omega along random directions, in float64, Richardson's extrapolation of two
 * widths, which leaves h^4 of a fifth derivative and 1e-16 / h of rounding.
 */
describe.each(episodes.filter(({ name }) => /behind convolution|of its own/.test(name)))(
  '$name, beside differences of its held-out loss',
  ({ episode }) => {
    const { network, task, omega, rate, imaml: settings } = parseEpisode(episode);
    const stream = new RandomStream('episodes', 'differences');
    const minimum = { tolerance: 1e-10 };
    const methods = {
      maml: maml({ rate, steps: 3 }),
      imaml: imaml({ ...settings!.inner, minimum, cgSteps: 4 * network.size }),
    };

    it.each(['maml', 'imaml'] as const)('%s is their limit', async (method) => {
      const session = await referenceEngine.open(network);
      const population = new Population(network.synapse, network.topology);
      const lossAt = async (start: Float64Array): Promise<number> => {
        const slow = { omega: start, lambda: settings!.lambda };
        for (const [name, values] of Object.entries(slow)) await session.write(name, values);
        const context = { network, session, population, slow, start, episode: { ...task, index: 0 } };
        return (await methods[method].learn(context)).heldOutLoss;
      };
      const gradient = await episodeMetaGradient(episode, method, { steps: 3 });
      for (let k = 0; k < 3; k++) {
        const direction = omega.map(() => stream.normal());
        const moved = (by: number) => lossAt(omega.map((value, i) => value + by * direction[i]!));
        const central = async (h: number) => ((await moved(h)) - (await moved(-h))) / (2 * h);
        const limit = (4 * (await central(5e-4)) - (await central(1e-3))) / 3;
        const along = gradient.reduce((sum, value, i) => sum + value * direction[i]!, 0);
        const scale = norm(gradient) * norm(direction);
        expect(Math.abs(limit - along)).toBeLessThan(1e-9 * scale);
      }
    });
  },
);

describe('an episode', () => {
  const { episode } = episodes[0]!;
  const dense = { type: 'dense', inputs: 1, outputs: 1, activation: 'relu' } as const;
  const small: EpisodeFile = {
    model: { layers: [dense] },
    loss: 'mse',
    support: { x: [[1]], y: [[-1]] },
    query: { x: [[2]], y: [[1]] },
    omega: [0.5, 0],
    inner: { learningRate: 0.1, steps: 2 },
    imaml: { lambda: 1, inner: { learningRate: 0.05, momentum: 0.9, steps: 500 } },
  };

  it('needs no steps where it names one number, nor for iMAML', async () => {
    const asked = await episodeMetaGradient(small, 'reptile', { steps: 2 });
    expect(await episodeMetaGradient(small, 'reptile')).toEqual(asked);
    const imamlOf = (options: object) => episodeMetaGradient(episode, 'imaml', options);
    expect(await imamlOf({ steps: 3 })).toEqual(await imamlOf({}));
  });

  it('is as it was after it has been learned', async () => {
    const before = JSON.stringify(episode);
    await episodeMetaGradient(episode, 'maml', { steps: 3 });
    expect(JSON.stringify(episode)).toBe(before);
  });

  it('whose minimum lies on a kink is refused by iMAML, which says so', async () => {
    const refused = episodeMetaGradient(small, 'imaml');
    await expect(refused).rejects.toThrow(NoExactGradientError);
    await expect(refused).rejects.toThrow(/does not vanish.*on a kink of relu/);
  });

  it('that nothing holds, with labels that can be told apart ever better, has no minimum', async () => {
    const unheld: EpisodeFile = { ...episode, imaml: { ...episode.imaml!, lambda: 0 } };
    await expect(episodeMetaGradient(unheld, 'imaml')).rejects.toThrow(NoExactGradientError);
  });

  it('whose minimum is a valley has none that is strict', async () => {
    // One sample and two numbers, weight and bias: nothing says which of them learns it.
    const linear = { type: 'dense', inputs: 1, outputs: 1 } as const;
    const valley = { ...small, model: { layers: [linear] }, imaml: { ...small.imaml!, lambda: 0 } };
    await expect(episodeMetaGradient(valley, 'imaml')).rejects.toThrow(NoMinimumError);
  });

  it('of too large a rate diverges, and says what to change', async () => {
    const wild: EpisodeFile = { ...episode, loss: 'mse', inner: { learningRate: 1e9, steps: 50 } };
    const vectors = (count: number) => Array.from({ length: count }, () => [1, 0, 0]);
    const given = {
      ...wild,
      support: { ...episode.support, y: vectors(3) },
      query: { ...episode.query, y: vectors(6) },
    };
    await expect(episodeMetaGradient(given, 'maml')).rejects.toThrow(DivergenceError);
  });

  it.each<[string, unknown, unknown, unknown, RegExp]>([
    [
      'an unknown method',
      episode,
      'mamll',
      { steps: 1 },
      /method of episodeMetaGradient.*maml, firstOrderMaml, reptile, imaml.*Did you mean "maml"/,
    ],
    [
      'steps that it does not name',
      episode,
      'maml',
      { steps: 2 },
      /no such number of inner steps\. Got 2\. Legal: 1, 3/,
    ],
    ['no steps where it names several', episode, 'maml', {}, /several numbers of inner steps/],
    ['an unknown option', episode, 'maml', { step: 1 }, /no setting "step".*Did you mean "steps"/],
    [
      'an unknown engine',
      episode,
      'maml',
      { steps: 1, engine: 'simdd' },
      /no such engine.*Did you mean "simd"/,
    ],
    [
      'iMAML without its part',
      { ...episode, imaml: undefined },
      'imaml',
      {},
      /imaml in the episode is missing/,
    ],
    [
      'omega of another length',
      { ...episode, omega: [1, 2] },
      'maml',
      { steps: 1 },
      /omega in the episode has the wrong length\. Got 2\. Legal: \d+ numbers/,
    ],
    [
      'an omega that is no number',
      { ...episode, omega: [Number.NaN] },
      'maml',
      { steps: 1 },
      /omega\[0\] in the episode/,
    ],
    [
      'a sample of another length',
      { ...episode, query: { ...episode.query, x: episode.query.x.map((row, i) => (i === 1 ? [1] : row)) } },
      'maml',
      { steps: 1 },
      /query\.x\[1\] has the wrong length/,
    ],
    [
      'a class that there is not',
      { ...episode, support: { ...episode.support, y: [0, 1, 3] } },
      'maml',
      { steps: 1 },
      /class/,
    ],
    [
      'a layer that there is not',
      { ...episode, model: { ...episode.model, layers: [{ type: 'conv3d' }] } },
      'maml',
      { steps: 1 },
      /conv2d/,
    ],
    [
      'an unknown part',
      { ...episode, lambda: 1 },
      'maml',
      { steps: 1 },
      /no setting "lambda" in the episode/,
    ],
    [
      'steps that come twice',
      { ...episode, inner: { learningRate: 1, steps: [1, 1] } },
      'maml',
      { steps: 1 },
      /inner\.steps in the episode names a number twice/,
    ],
    [
      'whole weights that it does not have',
      { ...episode, theta: [1] },
      'maml',
      { steps: 1 },
      /theta in the episode has the wrong length/,
    ],
    ['nothing', undefined, 'maml', { steps: 1 }, /the episode/],
  ])('of which %s is asked or given is refused', async (_, given, method, options, message) => {
    const refused = episodeMetaGradient(given as never, method as never, options as never);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(message);
  });
});
