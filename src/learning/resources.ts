import { checkEngineName, engineNamed } from '../engine/auto';
import type { CountedSession } from '../engine/counted-session';
import type { Engine, Session } from '../engine/engine';
import { OpenedSessions } from '../engine/opened-sessions';
import type { Network } from '../network/network';
import { GivenExecutor } from '../synapse/given-executor';
import type { Population } from '../synapse/population';
import type { RuleExecutor } from '../synapse/rule-executor';
import { checkWorkers, openSessions, type ShownSession } from './sessions';

export interface ResourcesOptions {
  /** What errors call the learner, such as `The simulation`. */
  readonly who: string;
  readonly network: Network;
  /** The learner's own. */
  readonly population: Population;
  /** An engine, or the name of one. */
  readonly engine: Engine | string;
  /** What executes rules, or its name. */
  readonly rules: RuleExecutor | string;
  readonly workers?: number;
  /** How many things can be learned at the same time: tasks of a meta-batch, or nudged phases of one task. */
  readonly atOnce: number;
}

/** What a learner works with: sessions and an executor of rules, each opened when it is first needed, and closed together. */
export class Resources {
  private opened: Promise<OpenedSessions> | null = null;
  private learning: Promise<readonly ShownSession<CountedSession>[]> | null = null;
  private readonly rules: GivenExecutor;

  /** @throws InputError where there is no engine or executor of that name, or the engine cannot use so many threads. */
  constructor(private readonly options: ResourcesOptions) {
    const { engine, rules, workers } = options;
    this.rules = new GivenExecutor(rules);
    if (typeof engine === 'string') checkEngineName(engine);
    else checkWorkers({ engine, workers });
  }

  /** The sessions to learn in. The first one is where a task begins; the others take what can be learned beside it. */
  sessions(): Promise<readonly ShownSession<CountedSession>[]> {
    const { population } = this.options;
    this.learning ??= this.open().then(({ engine }) => openSessions({ ...this.options, engine }, population));
    return this.learning;
  }

  /** A session of its own. */
  async session(): Promise<Session> {
    return (await this.engine()).open(this.options.network);
  }

  /** What executes the network. */
  async engine(): Promise<Engine> {
    return (await this.open()).engine;
  }

  /** What executes rules. */
  executor(): Promise<RuleExecutor> {
    return this.rules.open();
  }

  async close(): Promise<void> {
    await (await this.opened?.catch(nothing))?.close();
    await this.rules.close();
  }

  private open(): Promise<OpenedSessions> {
    const { engine, who, workers } = this.options;
    const open = async (): Promise<OpenedSessions> => {
      const named = typeof engine === 'string' ? await engineNamed(engine) : engine;
      checkWorkers({ engine: named, workers });
      return new OpenedSessions(named, who);
    };
    this.opened ??= open();
    return this.opened;
  }
}

/** What could not be opened was told to whoever asked for it. */
const nothing = (): null => null;
