import type { Engine } from '../../engine/engine';
import { estimatorNamed } from '../../learning/estimators';
import { nesterov } from '../../learning/optimizers';
import { plainExecutor } from '../../synapse/plain-executor';
import { sweepPhases } from '../../theory/phase-sweep';
import { comparisonOf, joined } from './compare';
import { exactAt } from './exact';
import type { Listener } from './experiment';
import type { Sweep } from './outcome';
import { problemOf } from './problem';
import { checkSettings, type Settings } from './settings';
import { watchedEngine } from './watched-engine';

/** Three nudging strengths a decade. */
const sweptBetas: readonly number[] = Array.from({ length: 16 }, (_, i) =>
  Number((10 ** (-4 + i / 3)).toPrecision(2)),
);

/**
 * The estimator's relative error against the exact meta-gradient, by nudging strength, everything else as set.
 * @throws Interruption where the signal is aborted; DivergenceError where the free phase leaves every bound; InputError where a setting is not legal.
 */
export async function sweepBeta(
  settings: Settings,
  engine: Engine,
  listener: Pick<Listener, 'progress'>,
  signal?: AbortSignal,
): Promise<Sweep> {
  checkSettings(settings);
  const problem = problemOf(settings);
  const { network, task, initial } = problem;
  const sign = Math.sign(settings.beta);
  // Ascending, as the library sweeps.
  const betas = [...sweptBetas].map((beta) => sign * beta).sort((a, b) => a - b);
  const estimator = (beta: number) => estimatorNamed(settings.estimator, beta);
  const planned =
    settings.freeSteps +
    betas.reduce((sum, beta) => sum + estimator(beta).betas.length, 0) * settings.nudgedSteps;
  let done = 0;
  const watched = watchedEngine(
    engine,
    ({ steps }) => {
      done += steps;
      listener.progress({ stage: 'error by beta', share: done / planned });
    },
    signal,
  );
  const { free, estimates, divergedAt } = await sweepPhases({
    ...{ network, task, initial, seed: settings.seed, signal, betas, estimator },
    ...{ engine: watched, rules: plainExecutor() },
    optimizer: nesterov({ rate: settings.nudgedRate }),
    free: settings.freeSteps,
    nudged: [settings.nudgedSteps],
  });
  const exact = await exactAt(problem, free.phi, () => {}, signal);
  if ('refused' in exact) return { points: [], divergedAt, refused: exact.refused };
  const names = network.synapse.meta;
  const points = estimates.map(({ beta, metaGradient }) => ({
    beta,
    relativeErrors: Object.fromEntries(
      names.map((name) => [name, comparisonOf(metaGradient[name]!, exact.metaGradient[name]!).relativeError]),
    ),
    together: comparisonOf(joined(metaGradient, names), joined(exact.metaGradient, names)).relativeError,
  }));
  return { points, divergedAt, refused: null };
}
