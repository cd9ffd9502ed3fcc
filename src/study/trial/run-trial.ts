import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OtherArithmeticError } from '../../run/begin-again';
import { breakLock, lockHolder } from '../../run/directory/run-lock';
import { exitStatusOf } from '../../run/failure';
import { resumeRun } from '../../run/resume-run';
import { type FinishedRun, type RunOptions, runScenario } from '../../run/run-scenario';
import { findScenario } from '../../run/scenario/find-scenario';
import { asOverrides } from '../plan/study-plan';
import { TrialWatch } from '../search/trial-watch';
import { trialFolder } from '../study-directory';
import type { TrialEnd, TrialOrder } from './trial-message';

/** Runs a trial in its folder, or goes on with what is there of it; says how it ended. */
export async function runTrial(order: TrialOrder, signal: AbortSignal): Promise<TrialEnd> {
  try {
    const watch = TrialWatch.of(order);
    if (watch === null) return await runWhole(order, { signal });
    const { afterStep } = watch;
    const either = AbortSignal.any([signal, watch.signal]);
    return watch.before() ?? watch.after(await runWhole(order, { signal: either, afterStep }));
  } catch (error) {
    return endBy(error);
  }
}

type Watched = Pick<RunOptions, 'signal' | 'afterStep'>;

async function runWhole(order: TrialOrder, watched: Watched): Promise<TrialEnd> {
  try {
    const directory = trialFolder(order.study, order.trial.trial);
    if (!(await isFree(directory, watched.signal)))
      return { kind: 'interrupted', note: 'another process works in its folder' };
    return endOf(await beginOrResume(order, directory, watched));
  } catch (error) {
    return endBy(error);
  }
}

function endOf({ failure, note }: FinishedRun & { readonly note?: string }): TrialEnd {
  return failure === undefined ? { kind: 'ended', note } : { kind: 'failed', error: failure };
}

async function beginOrResume(
  order: TrialOrder,
  directory: string,
  watched: Watched,
): Promise<FinishedRun & { readonly note?: string }> {
  // Without a manifest there is nothing that could be gone on with: its process ended before it had written what it runs.
  if (!fs.existsSync(path.join(directory, 'manifest.json'))) return begin(order, directory, watched);
  const warn = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    return await resumeRun(directory, { quiet: true, workers: order.workers, warn, ...watched });
  } catch (error) {
    if (!(error instanceof OtherArithmeticError)) throw error;
    // Another machine had begun it. By two arithmetics it would be neither's result.
    return { ...(await begin(order, directory, watched)), note: `begun anew. ${error.report.what}` };
  }
}

async function begin(
  { plan, trial, workers }: TrialOrder,
  directory: string,
  watched: Watched,
): Promise<FinishedRun> {
  fs.rmSync(directory, { recursive: true, force: true });
  const files = { synapse: plan.synapse?.file, project: plan.project?.file };
  const { preset, engine, blas, rules, checkpointEvery } = plan;
  return runScenario(await findScenario(plan.file ?? plan.scenario, files), {
    preset,
    seed: trial.seed,
    overrides: [...asOverrides(plan.settings), ...asOverrides(trial.settings)],
    engine,
    blas,
    rules,
    workers,
    checkpointEvery: checkpointEvery ?? undefined,
    runs: path.dirname(directory),
    directory,
    quiet: true,
    ...watched,
  });
}

/** How long a process that was there before may take to end, in milliseconds. */
const patience = 30_000;

/**
 * Waits until nobody works in a trial's folder. A process of this machine ends by itself soon, since its worker is gone, or holds the trial by hand. One of
 * another machine cannot be asked; but its lease has expired, and it will not write on.
 */
async function isFree(directory: string, signal: AbortSignal): Promise<boolean> {
  if (!fs.existsSync(directory)) return true;
  const begin = performance.now();
  for (;;) {
    const holder = lockHolder(directory);
    if (holder === 'elsewhere') breakLock(directory);
    if (holder !== 'here') return true;
    if (performance.now() - begin > patience || signal.aborted) return false;
    await wait(100);
  }
}

/** Errors that come again each time the same run is made. */
const comesAgain = [
  'DivergenceError',
  'UnstableNeuronsError',
  'InputError',
  'NoMinimumError',
  'KinkError',
  'NoExactGradientError',
];

function endBy(error: unknown): TrialEnd {
  const message = error instanceof Error ? error.message : String(error);
  const status = exitStatusOf(error);
  if (status === 130) return { kind: 'interrupted' };
  const isSure = status !== null && comesAgain.includes((error as Error).name);
  return { kind: isSure ? 'failed' : 'crashed', error: message };
}
