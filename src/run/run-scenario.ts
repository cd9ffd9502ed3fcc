import { sha256 } from '../core/checksum';
import { InputError, MetaplastError } from '../core/errors';
import { validate } from '../core/validate';
import { chooseEngine, type EngineOptions } from '../engine/auto';
import type { Engine } from '../engine/engine';
import { OpenedSessions } from '../engine/opened-sessions';
import { checkWorkerCount } from '../engine/worker-limit';
import type { TaskHost } from '../learning/workers/task-host';
import { executorNamed } from '../synapse/executor-named';
import type { RuleExecutor } from '../synapse/rule-executor';
import type { AllTraces } from '../trace/recorder';
import { asBegun } from './directory/arithmetic';
import type { Checkpoint } from './directory/checkpoint';
import { type Environment, environment, packageFile, packageFolder } from './directory/environment';
import { type EnvironmentSince, environmentFile, withProcess } from './directory/environment-history';
import { formatJson } from './directory/format-json';
import { directoryFormat } from './directory/manifest';
import { createRunDirectory, lockRunDirectory, makeRunDirectory } from './directory/run-directory';
import { RunRecord } from './directory/run-record';
import { type EngineChoice, executionDetails, executionLine, workersLine } from './execution-lines';
import { exitStatusOf, located } from './failure';
import { runCommandOf } from './run-command';
import { FileRunContext } from './run-context';
import type { FoundScenario } from './scenario/find-scenario';
import { type Outcome, outcomeSchema, resolveConfig, type Scenario } from './scenario/scenario';
import { builtInSources, scenarioSources } from './scenario/scenario-sources';
import { copiesOf } from './scenario/stored-scenario';
import { type StoredConfig, settingsText } from './stored-config';
import { UncaughtErrors } from './uncaught-errors';

export interface RunOptions {
  readonly preset: string;
  readonly seed: number;
  readonly overrides: readonly string[];
  readonly engine: string;
  /** Who multiplies large matrices, for the engine `simd`. */
  readonly blas: string;
  /** Tasks learned at the same time, by engines that can. Default 1. */
  readonly workers?: number;
  /** Who learns whole tasks in place of this process. Default: nobody. */
  readonly host?: TaskHost;
  readonly rules: string;
  /** The folder for run directories. */
  readonly runs: string;
  readonly name?: string;
  /** The run directory itself, whose folder is there, in place of one of that name in `runs`. */
  readonly directory?: string;
  readonly quiet: boolean;
  /** Whether to say in full what executes the run, and why. Default false. */
  readonly verbose?: boolean;
  /** Steps of the scenario between two checkpoints. Default: by the clock, at most one a second. */
  readonly checkpointEvery?: number;
  readonly signal: AbortSignal;
  /** Called between two steps of a part. Where it aborts the signal, the run is interrupted there, with a checkpoint. */
  readonly afterStep?: () => void;
}

export interface FinishedRun extends Outcome {
  readonly directory: string;
  /** Whether there was nothing left to do. */
  readonly alreadyComplete: boolean;
}

/**
 * Runs a scenario in a new run directory.
 * @throws InputError for anything wrong in the options, before a directory is made; Interruption where the signal
 * was aborted, after a checkpoint was written; DivergenceError and others from the scenario.
 */
export async function runScenario(found: FoundScenario, options: RunOptions): Promise<FinishedRun> {
  const { scenario, file, synapse = null, project = null } = found;
  const { preset, seed, overrides, engine, blas, rules, checkpointEvery = null, workers = 1 } = options;
  checkWorkerCount('workers', workers);
  if (options.host !== undefined) checkShares(scenario, options.host.inWords);
  const config = resolveConfig(scenario, preset, overrides) as Record<string, unknown>;
  scenario.schedule(config);
  scenario.prepare?.(config);
  await checkSurroundings({ engine, blas, rules }, scenario);
  const { sources, contents } =
    file === null
      ? { sources: builtInSources(packageFolder(), scenario.name), contents: {} }
      : scenarioSources(file);
  const ownSynapse = synapse === null ? null : scenarioSources(synapse);
  const ownProject = project === null ? null : scenarioSources(project);
  const settings = {
    format: directoryFormat,
    scenario: scenario.name,
    preset,
    seed,
    version: packageFile().version,
    engine,
    blas,
    rules,
    checkpointEvery,
    file,
    config,
    synapse: ownSynapse && { file: synapse!, sources: ownSynapse.sources },
    project: ownProject && { file: project!, sources: ownProject.sources },
    sources,
  };
  const command = runCommandOf(scenario, settings);
  const stored: StoredConfig = { ...settings, command };
  const directory =
    options.directory === undefined
      ? createRunDirectory({ ...options, scenario: scenario.name })
      : makeRunDirectory(options.directory);
  const unlock = lockRunDirectory(directory);
  try {
    const about = { command, settings: { ...stored }, files: {}, state: 'running' } as const;
    const runRecord = new RunRecord(directory, about);
    runRecord.write({
      'config.json': settingsText(stored),
      ...copiesOf('scenario', contents),
      ...copiesOf('synapse', ownSynapse?.contents ?? {}),
      ...copiesOf('project', ownProject?.contents ?? {}),
    });
    const beginning = { directory, scenario, stored, runRecord, resumed: false } as const;
    const opened = await openSurroundings(stored, scenario, stored);
    return await workIn({ ...beginning, ...opened, checkpoint: null, environments: [], left: {} }, options);
  } finally {
    unlock();
  }
}

/** @throws InputError where tasks are to be learned elsewhere, of a scenario that shares none. */
export function checkShares({ name, sharesTasks = false }: Scenario, whose: string): void {
  if (sharesTasks) return;
  throw new InputError({
    what: `Scenario "${name}" shares no tasks: ${whose} would have nothing to do`,
    legal:
      'scenarios over a stream of tasks, such as sinusoid and omniglot, and those of your own that say `sharesTasks: true`',
    advice:
      'Leave out --queue; --workers shares out the phases of a single task among threads. For many runs on many machines: metaplast sweep',
  });
}

/** @throws InputError where an engine, a BLAS or an executor of rules that is asked for is not there. */
export async function checkSurroundings({ rules, ...engine }: Asked, scenario: Scenario): Promise<void> {
  await engineFor(engine, scenario);
  (await rulesFor(rules, scenario)).close();
}

/** What an engine is chosen by. */
interface Asked {
  readonly engine: string;
  readonly blas: string;
  readonly rules: string;
}

/** What a run's numbers are worked out by. */
export interface Surroundings {
  readonly engine: Engine;
  readonly choice: EngineChoice;
  /** To be closed. */
  readonly rules: RuleExecutor;
}

export async function openSurroundings(
  asked: Asked,
  scenario: Scenario,
  run: Pick<StoredConfig, 'config' | 'seed'>,
): Promise<Surroundings> {
  const { engine: plain, passedOver } = await engineFor(asked, scenario);
  const engine = await withRunsCredit(plain, scenario, run);
  const choice = { chosenBy: whoChose(asked.engine, scenario), passedOver };
  return { engine, choice, rules: await rulesFor(asked.rules, scenario) };
}

/** The same as an earlier process of the run had, by the names that it chose. */
export async function openAlike(
  stored: StoredConfig,
  begun: Environment,
  scenario: Scenario,
): Promise<Surroundings> {
  const asked = { ...asBegun(stored, begun), rules: begun.rules.executor };
  const { chosenBy, passedOver } = begun.engine;
  return { ...(await openSurroundings(asked, scenario, stored)), choice: { chosenBy, passedOver } };
}

/** A run that a process begins to work on, the first or one that goes on with it, holding the directory's lock. */
export interface Beginning extends Surroundings {
  readonly directory: string;
  readonly scenario: Scenario;
  readonly stored: StoredConfig;
  readonly runRecord: RunRecord;
  readonly resumed: boolean;
  /** Where to go on; null at the start. */
  readonly checkpoint: Checkpoint | null;
  /** What the processes before ran on, up to there. */
  readonly environments: readonly EnvironmentSince[];
  /** What this one's environment was accepted to differ in. */
  readonly accepted?: readonly string[];
  readonly left: { readonly timing?: string; readonly traces?: AllTraces };
}

/** Works on a run to its end, or until it is interrupted or fails. */
export async function workIn(
  beginning: Beginning,
  {
    quiet,
    verbose,
    signal,
    workers = 1,
    host,
    afterStep,
  }: Pick<RunOptions, 'quiet' | 'verbose' | 'signal' | 'workers' | 'host' | 'afterStep'>,
): Promise<FinishedRun> {
  const { directory, scenario, stored, runRecord, checkpoint, resumed, left } = beginning;
  const { engine, choice, rules, accepted } = beginning;
  const opened = new OpenedSessions(engine, 'The run');
  const uncaught = new UncaughtErrors(signal);
  try {
    const { config, seed, checkpointEvery, command } = stored;
    const here = await environment(engine, choice, rules.report);
    const fromStep = checkpoint?.position ?? 0;
    const environments = withProcess(beginning.environments, { fromStep, accepted, environment: here });
    const context = new FileRunContext({
      config,
      seed,
      engine: opened.engine,
      workers,
      host,
      rules,
      signal: uncaught.signal,
      directory,
      runRecord,
      environments,
      settings: sha256(settingsText(stored)),
      left,
      command,
      schedule: scenario.schedule(config),
      quiet,
      checkpointEvery,
      checkpoint,
      resumed,
      afterStep,
    });
    context.say(`${stored.scenario}, preset ${stored.preset}, seed ${seed}, in ${directory}`);
    const probe = await engine.probe();
    context.say(executionLine(engine, probe, rules.report));
    const shared = workersLine(engine, workers);
    if (shared !== null) context.say(shared);
    if (host !== undefined) context.say(`tasks are learned by ${host.inWords}`);
    for (const line of verbose ? executionDetails(choice, probe) : []) context.say(line);
    if (resumed) context.say(`going on after step ${fromStep}`);
    const env = (now: typeof here) => ({
      'env.json': formatJson('env.json', environmentFile(environments, now)),
    });
    try {
      runRecord.write(env(here));
      const outcome = validate(
        outcomeSchema,
        await scenario.run(context),
        `what scenario "${scenario.name}" returned`,
      );
      const thrown = await uncaught.caught();
      if (thrown !== null) throw thrown.error;
      const { report, failure } = outcome;
      const failed = failure === undefined ? {} : { failure };
      const summary = { ...outcome.summary, ...failed, warnings: context.warnings };
      context.finish();
      context.close();
      runRecord.write({
        // Again, since rules are compiled when they first run, and only then tell of a fallback.
        ...env(await environment(engine, choice, rules.report)),
        'report.txt': `${report}\n`,
        'summary.json': formatJson('summary.json', summary),
      });
      runRecord.commit('finished');
      return { summary, report, failure, directory, alreadyComplete: false };
    } catch (error) {
      // What nobody could catch has ended the run, whatever that was taken for.
      const cause = (await uncaught.caught())?.error ?? error;
      throw located(stopped(context, runRecord, cause), scenario.name, directory);
    }
  } finally {
    uncaught.close();
    try {
      await opened.close(); // also what the scenario has left open
    } finally {
      rules.close();
    }
  }
}

/** Brings what is safe to disk, and gives the error that is told: why the run stopped, and what went wrong beside it. */
function stopped(context: FileRunContext<unknown>, runRecord: RunRecord, error: unknown): unknown {
  try {
    context.saveLastWhole();
    context.close();
    runRecord.commit('stopped');
    return error;
  } catch (failure) {
    try {
      context.close();
    } catch {} // It says the same again.
    const { message } = failure as Error;
    if (exitStatusOf(error) === 130) {
      const what = `The run was interrupted, and its last checkpoint could not be written: ${message}`;
      return new MetaplastError({ what: what.replace(/\.$/, '') });
    }
    // What fills the disk fails twice, and is told once.
    if (error instanceof Error && error.message !== message)
      error.message += ` Nor could its last checkpoint be written: ${message}`;
    return error;
  }
}

/** The engine asked for; where that is `auto`, the one that the scenario needs, or the first that is there. */
function engineFor(asked: { engine: string; blas: string }, { engine }: Scenario) {
  const name = asked.engine === 'auto' && engine !== undefined ? engine : asked.engine;
  return chooseEngine(name, { blas: asked.blas as EngineOptions['blas'] });
}

/** The engine with the source of credit that the run's settings name, where the scenario takes any. */
async function withRunsCredit(
  engine: Engine,
  { takesCredit = false }: Scenario,
  { config, seed }: Pick<StoredConfig, 'config' | 'seed'>,
): Promise<Engine> {
  const { credit } = config;
  if (!takesCredit || typeof credit !== 'string' || credit === 'backprop') return engine;
  const { creditNamed } = await import('../network/credit/credits');
  const { creditedEngine } = await import('../engine/credited-engine');
  return creditedEngine(engine, creditNamed(credit, seed));
}

/** The executor of rules asked for; where that is `auto`, the one that the scenario needs, or GPU.js as it fits this machine. */
function rulesFor(asked: string, { rules = 'auto' }: Scenario): Promise<RuleExecutor> {
  return executorNamed(asked === 'auto' ? rules : asked);
}

function whoChose(asked: string, { engine }: Scenario): EngineChoice['chosenBy'] {
  if (asked !== 'auto') return 'name';
  return engine === undefined ? 'auto' : 'scenario';
}
