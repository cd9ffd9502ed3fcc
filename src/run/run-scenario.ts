import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../core/durable-file';
import { InputError } from '../core/errors';
import { chooseEngine, type EngineOptions } from '../engine/auto';
import { OpenedSessions } from '../engine/opened-sessions';
import { checkWorkerCount } from '../engine/worker-limit';
import { executorNamed } from '../synapse/executor-named';
import type { RuleExecutor } from '../synapse/rule-executor';
import { pruneOlderThan, readNewestCheckpoint } from './directory/checkpoint';
import { environment, packageFile } from './directory/environment';
import {
  createRunDirectory,
  lockRunDirectory,
  openRunDirectory,
  removeLeftovers,
  writeJson,
} from './directory/run-directory';
import { type EngineChoice, executionDetails, executionLine } from './execution-lines';
import { located } from './failure';
import { runCommandOf, type StoredRun } from './run-command';
import { FileRunContext, isInTurn } from './run-context';
import { type FoundScenario, findScenario } from './scenario/find-scenario';
import { type Outcome, resolveConfig, type Scenario } from './scenario/scenario';

export interface RunOptions {
  readonly preset: string;
  readonly seed: number;
  readonly overrides: readonly string[];
  readonly engine: string;
  /** Who multiplies large matrices, for the engine `simd`. */
  readonly blas: string;
  /** Tasks learned at the same time, by engines that can. Default 1. */
  readonly workers?: number;
  readonly rules: string;
  /** The folder for run directories. */
  readonly runs: string;
  readonly name?: string;
  readonly quiet: boolean;
  /** Whether to say in full what executes the run, and why. Default false. */
  readonly verbose?: boolean;
  /** Steps of the scenario between two checkpoints. Default: by the clock, at most one a second. */
  readonly checkpointEvery?: number;
  readonly signal: AbortSignal;
}

export interface FinishedRun extends Outcome {
  readonly directory: string;
  /** Whether there was nothing left to do. */
  readonly alreadyComplete: boolean;
}

/** What `config.json` holds: all that `resume` needs to make the same run again. */
export interface StoredConfig extends StoredRun {
  readonly version: string;
  /** null goes by the clock. */
  readonly checkpointEvery: number | null;
}

/**
 * Runs a scenario in a new run directory.
 * @throws InputError for anything wrong in the options, before a directory is made; Interruption where the signal
 * was aborted, after a checkpoint was written; DivergenceError and others from the scenario.
 */
export async function runScenario(found: FoundScenario, options: RunOptions): Promise<FinishedRun> {
  const { scenario, file } = found;
  const { preset, seed, overrides, engine, blas, rules, checkpointEvery = null, workers = 1 } = options;
  checkWorkerCount('workers', workers);
  const config = resolveConfig(scenario, preset, overrides) as Record<string, unknown>;
  scenario.schedule(config);
  await engineFor({ engine, blas }, scenario);
  (await rulesFor(rules, scenario)).close();
  const { version } = packageFile();
  const directory = createRunDirectory({ ...options, scenario: scenario.name });
  const settings = {
    scenario: scenario.name,
    preset,
    seed,
    version,
    engine,
    blas,
    rules,
    checkpointEvery,
    file,
    config,
  };
  const stored: StoredConfig = { ...settings, command: runCommandOf(scenario, settings) };
  writeJson(join(directory, 'config.json'), stored);
  return workIn(directory, found, stored, false, options);
}

/**
 * Goes on with an interrupted run, to the same bytes as if it had never stopped. A finished one is left as it is.
 * @throws InputError where the directory is no run; CheckpointError where no checkpoint of it can be used.
 */
export async function resumeRun(
  directory: string,
  options: Pick<RunOptions, 'quiet' | 'verbose' | 'signal' | 'workers'>,
): Promise<FinishedRun> {
  checkWorkerCount('workers', options.workers ?? 1);
  const { stored, found } = await openStoredRun(directory);
  const summary = join(directory, 'summary.json');
  if (existsSync(summary)) {
    const stored = JSON.parse(readFileSync(summary, 'utf8'));
    return {
      summary: stored,
      failure: stored.failure,
      report: readFileSync(join(directory, 'report.txt'), 'utf8').trimEnd(),
      directory,
      alreadyComplete: true,
    };
  }
  return workIn(directory, found, stored, true, options);
}

/**
 * What a run directory holds, and its scenario.
 * @throws InputError where the directory is no run, or was made by another version, or its scenario is gone.
 */
export async function openStoredRun(
  directory: string,
): Promise<{ readonly stored: StoredConfig; readonly found: FoundScenario }> {
  const stored = openRunDirectory(directory) as unknown as StoredConfig;
  const { version } = packageFile();
  if (stored.version !== version) {
    throw new InputError({
      what: 'The run was made by another version of metaplast, whose numbers may differ',
      got: stored.version,
      legal: version,
      advice: 'Install that version to go on with it, or start the run anew',
    });
  }
  return { stored, found: await findScenario(stored.file ?? stored.scenario) };
}

async function workIn(
  directory: string,
  { scenario }: FoundScenario,
  stored: StoredConfig,
  resumed: boolean,
  { quiet, verbose, signal, workers = 1 }: Pick<RunOptions, 'quiet' | 'verbose' | 'signal' | 'workers'>,
): Promise<FinishedRun> {
  const unlock = lockRunDirectory(directory);
  let rules: RuleExecutor | null = null;
  let opened: OpenedSessions | null = null;
  try {
    const checkpoint = resumed ? readNewestCheckpoint(join(directory, 'checkpoints')) : null;
    const { engine, passedOver } = await engineFor(stored, scenario);
    opened = new OpenedSessions(engine, 'The run');
    const choice: EngineChoice = { chosenBy: whoChose(stored.engine, scenario), passedOver };
    rules = await rulesFor(stored.rules, scenario);
    const { config, seed, checkpointEvery } = stored;
    const schedule = scenario.schedule(config);
    const context = new FileRunContext({
      ...{ schedule, config, seed, rules, signal, directory, quiet, checkpointEvery },
      engine: opened.engine,
      ...{ checkpoint, resumed, command: stored.command ?? runCommandOf(scenario, stored) },
      workers: engine.openSideBySide === undefined ? 1 : workers,
    });
    if (resumed) removeLeftovers(directory);
    if (checkpoint !== null) pruneOlderThan(join(directory, 'checkpoints'), checkpoint.position, isInTurn);
    const known = await environment(engine, choice, rules.report);
    context.say(`${stored.scenario}, preset ${stored.preset}, seed ${seed}, in ${directory}`);
    const probe = await engine.probe();
    context.say(executionLine(engine.name, probe, rules.report));
    for (const line of verbose ? executionDetails(choice, probe) : []) context.say(line);
    for (const { file, reason } of checkpoint?.refused ?? []) {
      context.say(`warning: checkpoint ${file} was refused, and the one before it is used. ${reason}`);
    }
    if (resumed) context.say(`going on after step ${checkpoint?.position ?? 0}`);
    try {
      writeJson(join(directory, 'env.json'), known);
      const outcome = await scenario.run(context);
      const { report, failure } = outcome;
      const failed = failure === undefined ? {} : { failure };
      const summary = { ...outcome.summary, ...failed, warnings: context.warnings };
      context.close();
      // Again, since rules are compiled when they first run, and only then tell of a fallback.
      writeJson(join(directory, 'env.json'), await environment(engine, choice, rules.report));
      writeDurably(join(directory, 'report.txt'), `${report}\n`);
      writeJson(join(directory, 'summary.json'), summary);
      return { summary, report, failure, directory, alreadyComplete: false };
    } catch (error) {
      context.saveLastWhole();
      context.close();
      throw located(error, scenario.name, directory);
    }
  } finally {
    try {
      await opened?.close(); // also what the scenario has left open
    } finally {
      rules?.close();
      unlock();
    }
  }
}

/** The engine asked for; where that is `auto`, the one that the scenario needs, or the first that is there. */
export function engineFor(asked: { engine: string; blas: string }, { engine }: Scenario) {
  const name = asked.engine === 'auto' && engine !== undefined ? engine : asked.engine;
  return chooseEngine(name, { blas: asked.blas as EngineOptions['blas'] });
}

/** The executor of rules asked for; where that is `auto`, the one that the scenario needs, or GPU.js as it fits this machine. */
export function rulesFor(asked: string, { rules = 'auto' }: Scenario): Promise<RuleExecutor> {
  return executorNamed(asked === 'auto' ? rules : asked);
}

function whoChose(asked: string, { engine }: Scenario): EngineChoice['chosenBy'] {
  if (asked !== 'auto') return 'name';
  return engine === undefined ? 'auto' : 'scenario';
}
