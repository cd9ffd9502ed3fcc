import { DivergenceError } from '../../core/errors';
import { checkNotInterrupted } from '../../core/interruption';
import type { Engine, EngineProbe } from '../../engine/engine';
import { sgd } from '../../learning/optimizers';
import { simulate } from '../../learning/simulator';
import { plainExecutor } from '../../synapse/plain-executor';
import { connectionInWords } from '../../synapse/topology';
import { gatherEvidence } from '../../theory/trust/gather-evidence';
import { judgeTrust } from '../../theory/trust/trust';
import { compareWithExact, firstSlow } from './exact';
import type { Course, Estimated, Exact, Judged, Look, Progress } from './outcome';
import { type Problem, problemOf, ruleOf } from './problem';
import { checkSettings, type Settings } from './settings';
import { watchedEngine } from './watched-engine';

/** Hears of an experiment as it goes on. */
export interface Listener {
  progress(progress: Progress): void;
  /** How far the phases went before one of them left every bound. */
  broke(course: Course): void;
  estimated(estimated: Estimated): void;
  compared(exact: Exact): void;
  judged(judged: Judged): void;
}

/** Looks at each phase that its curves are drawn from, about. */
const looksPerPhase = 120;

/** The phases alone, and what they give. */
export async function estimate(
  settings: Settings,
  problem: Problem,
  engine: Engine,
  listener: Pick<Listener, 'progress'> & Partial<Pick<Listener, 'broke'>>,
  signal?: AbortSignal,
): Promise<Estimated> {
  const rule = ruleOf(settings);
  const began = performance.now();
  const warnings: string[] = [];
  const stride = Math.max(1, Math.ceil(Math.max(settings.freeSteps, settings.nudgedSteps) / looksPerPhase));
  const simulation = simulate({
    network: problem.network,
    task: problem.task,
    rule,
    // Nothing is learned from it: the strengths stay where the sliders have them.
    meta: { optimizer: sgd({ rate: 1 }), learn: [] },
    initial: problem.initial,
    seed: settings.seed,
    ...{ engine, stride, rules: plainExecutor() },
    warn: (line) => warnings.push(line),
  });
  const { population, network } = simulation;
  const betas = [0, ...rule.estimator.betas];
  const planned = settings.freeSteps + rule.estimator.betas.length * settings.nudgedSteps;
  const connections = Array.from({ length: network.size }, (_, i) => {
    const connection = network.topology.connection(i);
    return `layer ${connection.layer}, ${connectionInWords(connection)}`;
  });
  const looks: Look[] = [];
  let done = 0;
  const look = (phase: number, step: number, residual: number): void => {
    looks.push({ phase, step, residual, phi: Float32Array.from(population.values(network.synapse.fast)) });
  };
  simulation.events$.subscribe((event) => {
    if (event.kind === 'phase-start') look(event.phase, 0, Number.NaN);
    if (event.kind !== 'step') return;
    look(event.phase, event.first + event.count, event.residual);
    done += event.count;
    listener.progress({ stage: phaseInWords(betas[event.phase]!), share: done / planned });
  });
  try {
    const { loss, equilibria, phases, metaGradient } = await simulation.estimate(signal);
    const probe = await engine.probe();
    return {
      ...{ looks, loss, equilibria, metaGradient, warnings },
      connections,
      phases: phases.map(({ beta, steps, residual }) => ({ beta, steps, residual })),
      device: probe.available ? probe.device : engine.name,
      report: reportOf(probe),
      milliseconds: performance.now() - began,
    };
  } catch (error) {
    if (error instanceof DivergenceError)
      listener.broke?.({ looks, phases: phasesOf(looks, betas), connections });
    throw error;
  } finally {
    await simulation.close();
  }
}

/** What an engine has to report, without what it has nothing to say of. */
function reportOf(probe: EngineProbe): Record<string, string> {
  const report = probe.available ? (probe.report ?? {}) : {};
  const reported = Object.entries(report).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(reported.map(([name, value]) => [name, String(value)]));
}

/** The phases of these looks, as far as they went. */
function phasesOf(looks: readonly Look[], betas: readonly number[]): Course['phases'] {
  const last = new Map(looks.map((look) => [look.phase, look]));
  return [...last.values()].map(({ phase, step, residual }) => ({
    beta: betas[phase]!,
    steps: step,
    residual,
  }));
}

const phaseInWords = (beta: number): string =>
  beta === 0 ? 'free phase' : `nudged phase, beta = ${Number(beta.toPrecision(3))}`;

/**
 * All that the page shows of one set of settings: the phases and their estimate, the exact meta-gradient beside it, the library's verdict.
 * @throws Interruption where the signal is aborted; DivergenceError where a phase leaves every bound, after the verdict; InputError where a setting is
 * not legal.
 */
export async function runExperiment(
  settings: Settings,
  engine: Engine,
  listener: Listener,
  signal?: AbortSignal,
): Promise<void> {
  checkSettings(settings);
  const problem = problemOf(settings);
  let failure: unknown = null;
  try {
    const estimated = await estimate(settings, problem, engine, listener, signal);
    listener.estimated(estimated);
    let products = 0;
    const hear = (by: { readonly products: number }): void => {
      products += by.products;
      listener.progress({ stage: 'exact meta-gradient', share: products / problem.network.size });
    };
    const phi = estimated.equilibria.get(0)!;
    listener.compared(await compareWithExact(problem, phi, estimated.metaGradient, hear, signal));
  } catch (error) {
    checkNotInterrupted(signal);
    failure = error;
  }
  listener.judged(await judgementOf(settings, problem, engine, listener, signal));
  if (failure !== null) throw failure;
}

/** The library's verdict, from evidence that needs no exact gradient: phases of its own, and a smaller nudge. */
async function judgementOf(
  settings: Settings,
  problem: Problem,
  engine: Engine,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Judged> {
  const rule = ruleOf(settings);
  const { network, task } = problem;
  const planned = 2 * (settings.freeSteps + rule.estimator.betas.length * settings.nudgedSteps);
  let done = 0;
  const watched = watchedEngine(
    engine,
    ({ steps }) => {
      done += steps;
      listener.progress({ stage: 'verdict', share: done / planned });
    },
    signal,
  );
  const evidence = await gatherEvidence({
    ...{ network, task, rule, signal },
    slow: firstSlow(problem),
    start: firstPhi(settings, problem),
    engine: watched,
    rules: plainExecutor(),
    seed: settings.seed,
  });
  const { verdict, because } = judgeTrust(evidence);
  return { verdict, because };
}

/** phi where the free phase begins. */
function firstPhi(settings: Settings, { network, task, initial }: Problem): Float64Array {
  const simulation = simulate({
    ...{ network, task, initial, seed: settings.seed },
    rule: ruleOf(settings),
    meta: { optimizer: sgd({ rate: 1 }), learn: [] },
    rules: plainExecutor(),
  });
  return simulation.population.values(network.synapse.fast).slice();
}
