import {
  DivergenceError,
  InputError,
  NoExactGradientError,
  UnstableNeuronsError,
} from '../../src/core/errors';
import type { Work } from '../../src/engine/counted-session';
import type { Session } from '../../src/engine/engine';
import { threadsFor } from '../../src/engine/worker-limit';
import type { PhaseEndEvent } from '../../src/learning/events';
import { adam } from '../../src/learning/optimizers';
import { SingleTaskLearner, type SingleTaskStep } from '../../src/learning/single-task-learner';
import type { Network } from '../../src/network/network';
import { runningStatistics } from '../../src/network/running-statistics';
import type { RunContext } from '../../src/run/run-context';
import { type Judgement, judgeBatch, judgeSlices, statisticsOf } from './evaluate';
import type { VisionMethod } from './methods';
import { type Recorded, recordLearner } from './record';
import type { ResolvedSettings } from './resolve';
import type { Samples } from './samples';
import type { VisionSettings } from './schema';

/** Lambda over all synapses. */
interface LambdaNow {
  readonly mean: number;
  readonly largest: number;
  /** Share of the synapses whose lambda is 0, which are free. */
  readonly zero: number;
}

/** What was seen of a method: one entry a learning, the last one with what the last meta-step left. */
interface MethodHistory {
  readonly train: Judgement[];
  readonly heldOut: Judgement[];
  readonly test: (Judgement & { readonly metaStep: number })[];
  readonly lambda: LambdaNow[];
  /** Norms of the gradient at the ends of phases: of the free one, and of the nudged ones their mean; empty for methods without phases. */
  readonly residual: { readonly free: number; readonly nudged: number }[];
  readonly work: Work;
  /** Why it has come to nothing; null where it has not. */
  failure: string | null;
}

/** One method, learned with some settings. */
export interface MethodPoint {
  /** Its name in progress, metrics and timing; each once in a run. */
  readonly label: string;
  readonly method: VisionMethod;
  readonly settings: ResolvedSettings;
}

export interface MethodRun extends MethodPoint {
  readonly history: MethodHistory;
  /** Of every synapse, after the last meta-step. */
  readonly lambda: Float64Array;
}

export interface MethodRunOptions extends MethodPoint {
  readonly network: Network;
  readonly samples: Samples;
  readonly evaluation: VisionSettings['evaluation'];
  readonly traces: Recorded;
  /** Root seed of what phi begins with. */
  readonly seed: number;
  readonly context: Pick<
    RunContext,
    'engine' | 'rules' | 'workers' | 'signal' | 'repeat' | 'metric' | 'warn' | 'record'
  >;
}

/** Whether it says that a method has come to nothing, not that something is wrong. */
const endsLearning = (error: unknown): error is Error =>
  error instanceof DivergenceError ||
  error instanceof NoExactGradientError ||
  error instanceof UnstableNeuronsError;

/** Lets a method learn the task again and again, and judges what phi has come to before any nudge: by training, held-out and test images. */
export async function runMethod(options: MethodRunOptions): Promise<MethodRun> {
  const { label, method, settings, network, samples, context } = options;
  const { metaSteps } = settings;
  const statistics = statisticsOf(network, options.evaluation.statistics);
  const learner = learnerOf(options, statistics === 'running');
  recordLearner(context, learner, { label, which: options.traces });
  let history: MethodHistory = {
    ...{ train: [], heldOut: [], test: [], lambda: [], residual: [] },
    work: { gradients: 0, hessianVectors: 0 },
    failure: null,
  };
  /** Where phi is judged, once it has been opened. */
  const judging: Session[] = [];

  const judge = async (learned: SingleTaskStep, index: number, before: LambdaNow): Promise<string> => {
    if (judging.length === 0) judging.push(await learner.open());
    const [session] = judging as [Session];
    await session.write(network.synapse.fast, learned.phi!);
    if (statistics === 'running') await session.write(runningStatistics, learned.runningStatistics!);
    const { slice, every } = options.evaluation;
    const by = { session, statistics, slice };
    const train = await judgeBatch(by, samples.train);
    const heldOut = await judgeBatch(by, samples.heldOut);
    const looks = index % every === 0 || index === metaSteps;
    const test = looks ? await judgeSlices(by, samples.testSlices(slice)) : null;
    const residual = residualsOf(learned.phases);
    history.train.push(train);
    history.heldOut.push(heldOut);
    history.lambda.push(before);
    if (test !== null) history.test.push({ metaStep: index, ...test });
    if (residual !== null) history.residual.push(residual);
    history.work.gradients += learned.work.gradients;
    history.work.hessianVectors += learned.work.hessianVectors;
    context.metric({ method: label, metaStep: index, train, heldOut, test, residual, lambda: before });
    const last = history.test.at(-1)!;
    return `held out ${percent(heldOut.accuracy)}, test ${percent(last.accuracy)}`;
  };

  try {
    await context.repeat({
      label,
      total: metaSteps + 1,
      async step(index) {
        if (history.failure !== null) return 'failed';
        const before = lambdaNow(learner.population.values(strength));
        try {
          // Once more in the end, to see what the last meta-step was worth.
          const learned =
            index === metaSteps
              ? await learner.estimate(context.signal)
              : await learner.metaStep(context.signal);
          return await judge(learned, index, before);
        } catch (error) {
          if (!endsLearning(error)) throw error;
          history.failure = `meta-step ${index}: ${error.message}`;
          context.warn(`${label}: ${history.failure}`);
          return 'failed';
        }
      },
      save: () => ({ learner: learner.save(), history, images: samples.checksum }),
      restore(state) {
        const saved = state as { learner: never; history: MethodHistory; images: string };
        if (saved.images !== samples.checksum) throw changedImages(samples.names);
        learner.restore(saved.learner);
        history = saved.history;
      },
    });
    return { label, method, settings, history, lambda: learner.population.values(strength).slice() };
  } finally {
    for (const session of judging) await session.close();
    await learner.close();
  }
}

const changedImages = ({ train, test }: Samples['names']): InputError =>
  new InputError({
    what: `The images are not those that the run began with: ${train}, ${test}`,
    advice: 'Put the files back as they were, or start the run anew',
  });

/** The slow variable that is learned. */
const strength = 'lambda';

function learnerOf(
  { method, settings, network, samples, seed, context }: MethodRunOptions,
  statistics: boolean,
): SingleTaskLearner {
  const { engine, rules } = context;
  const workers = threadsFor(engine, context.workers);
  const { lambda, methods } = settings;
  return new SingleTaskLearner({
    ...{ network, engine, rules, workers, seed, statistics },
    task: (learning) => samples.task(learning),
    learner: method.make(settings, { network, rules }),
    meta: {
      optimizer: adam({ rate: methods[method.name].metaRate }),
      learn: [strength],
      logarithmic: lambda.by === 'logarithm' ? [strength] : [],
    },
    initial: { omega: 0, lambda: lambda.start },
    atOnce: Math.max(1, Math.min(workers, method.nudges(settings))),
  });
}

function lambdaNow(values: Float64Array): LambdaNow {
  let [sum, largest, zero] = [0, 0, 0];
  for (const value of values) {
    sum += value;
    largest = Math.max(largest, value);
    if (value === 0) zero++;
  }
  return { mean: sum / values.length, largest, zero: zero / values.length };
}

function residualsOf(phases: readonly PhaseEndEvent[] | undefined): MethodHistory['residual'][number] | null {
  if (phases === undefined) return null;
  const nudged = phases.filter(({ beta }) => beta !== 0);
  return {
    free: phases[0]!.residual,
    nudged: nudged.reduce((sum, { residual }) => sum + residual, 0) / nudged.length,
  };
}

/** As reports and progress say it. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
