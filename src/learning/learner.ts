import type { Observable } from 'rxjs';
import { allFinite, ofLength } from '../core/checks';
import type { Neuron } from '../network/neuron';
import { flowOnce } from '../synapse/flow';
import type { Population } from '../synapse/population';
import type { Quantities, RuleExecutor } from '../synapse/rule-executor';
import { learnedByLogarithm } from '../synapse/slow-variable';
import type { ContrastTerm } from './estimators';
import type { SimulationEvent } from './events';
import type { LearnedVariables } from './learned-variables';
import { Listeners } from './listeners';
import { contrastInWords, type MetaMove, type MetaMoves, type MetaRule } from './meta-rule';
import { type MetaState, MetaUpdate } from './meta-update';
import { Resources, type ResourcesOptions } from './resources';
import { outsideTurns, Turns } from './turns';

/** What every learner needs to go on as if it had never stopped. */
export interface LearnerState {
  metaSteps: number;
  variables: Record<string, Float64Array>;
  start: Float64Array;
  meta: MetaState;
}

interface LearnerParts extends Omit<ResourcesOptions, 'population'> {
  readonly learned: LearnedVariables;
  readonly meta: ConstructorParameters<typeof MetaUpdate>[2];
}

/**
 * What a simulation and a learner on a stream have in common: variables that learn, events, turns, and what is to be closed. What is
 * asked of it while it learns waits its turn, so that the numbers are those of one after the other.
 */
export abstract class Learner<State extends LearnerState> {
  protected readonly learned: LearnedVariables;
  protected readonly metaUpdate: MetaUpdate;
  protected readonly resources: Resources;
  protected readonly turns: Turns;
  protected readonly events = new Listeners();
  protected start: Float64Array;
  protected metaSteps = 0;

  constructor({ learned, meta, ...options }: LearnerParts) {
    this.learned = learned;
    this.start = learned.fast.slice();
    const { nonNegative, declared } = options.network.synapse;
    this.metaUpdate = new MetaUpdate(learned.slow, nonNegative, {
      logarithmic: learnedByLogarithm(declared),
      ...meta,
    });
    this.resources = new Resources({ ...options, population: learned.population });
    this.turns = new Turns(options.who);
  }

  /** All synapses. */
  get population(): Population {
    return this.learned.population;
  }

  /** Whole weights that learn between tasks only, in the network's flat order of them; empty where it has none. */
  get theta(): Float64Array {
    return this.learned.theta;
  }

  /** Live views on the neurons whose gain and threshold learn, layer after layer; empty where the network has none. */
  get neurons(): readonly Neuron[] {
    return this.learned.neurons;
  }

  /** What happens, as it happens. Hot: listen before learning. Completes with `close`. */
  get events$(): Observable<SimulationEvent> {
    return this.events.for(null);
  }

  /**
   * The same, for somebody who looks at no other synapses of the population when an event comes than those of these indices: of other ones, phi need not be
   * as it was then. What tasks report that are learned in other threads, or on other machines, is so much smaller.
   */
  eventsFor(synapses: readonly number[]): Observable<SimulationEvent> {
    return this.events.for(synapses);
  }

  /** How many meta-steps have been taken; each counts from its meta-update on. */
  get metaStepsTaken(): number {
    return this.metaSteps;
  }

  /** How slow variables move between tasks, as text; for whoever records what moved them. */
  get metaRule(): MetaRule {
    const { model } = this.population;
    const learned = Object.entries(this.metaUpdate.inWords).filter(([name]) => model.meta.includes(name));
    return { ...contrastInWords(model, this.terms), learned: Object.fromEntries(learned) };
  }

  /** Which ends of phases are contrasted; null where the meta-gradient is no contrast. */
  protected abstract get terms(): readonly ContrastTerm[] | null;

  /** The state behind the last whole meta-step, also while a further one is going on. */
  abstract save(): State;

  /**
   * Goes on from a saved state: at once, or, where something is being learned, in its turn, which the promise tells.
   * @throws InputError at once, where it is no state of such a learner; ClosedError after `close`. Then nothing has changed.
   */
  restore(state: State): Promise<void> {
    this.turns.checkOpen('restore');
    this.check(state);
    const saved = structuredClone(state);
    if (this.turns.busy) return this.turns.take('restore', async () => this.goOnFrom(saved));
    this.goOnFrom(saved);
    return Promise.resolve();
  }

  /**
   * Interrupts what is being learned, waits for it, and gives back what the learner holds. What it has learned can still be read.
   * A second time it does nothing.
   */
  close(): Promise<void> {
    return this.turns.close(async () => {
      outsideTurns(() => this.events.complete());
      await this.resources.close();
    });
  }

  /** @throws InputError where it is no state of such a learner. */
  protected check({ start, meta }: State): void {
    ofLength('start', start, this.start.length);
    allFinite('start', start);
    this.metaUpdate.check(meta);
  }

  protected goOnFrom({ variables, start, metaSteps, meta }: State): void {
    this.learned.set(variables);
    this.start = Float64Array.from(start);
    this.metaSteps = metaSteps;
    this.metaUpdate.restore(meta);
  }

  protected emit(event: SimulationEvent): void {
    outsideTurns(() => this.events.next(event));
  }

  /**
   * Moves the slow variables from where they were when the task began: by the meta-gradient, then by what they do themselves.
   * @returns what moved each of them
   */
  protected move(slow: Quantities, metaGradient: Quantities, rules: RuleExecutor): MetaMoves {
    const { flow } = this.population.model;
    const before = flow === null ? null : this.metaUpdate.save();
    const moves: Record<string, MetaMove> = { ...this.metaUpdate.apply(slow, metaGradient, rules) };
    for (const variable of flow?.variables ?? []) {
      const stepped = slow[variable]!.slice();
      moves[variable] = { ...(moves[variable] ?? flowsOnly(stepped)), stepped };
    }
    try {
      if (flow !== null) flowOnce(flow, slow, rules);
    } catch (error) {
      this.metaUpdate.restore(before!);
      throw error;
    }
    const moved = new Set([...this.metaUpdate.learned, ...(flow?.variables ?? [])]);
    for (const variable of moved) this.learned.slow[variable]!.set(slow[variable]!);
    return moves;
  }
}

/** Of a variable that does not learn. */
const flowsOnly = (value: Float64Array): Omit<MetaMove, 'stepped'> => ({
  value,
  gradient: null,
  buffers: {},
  scalars: {},
});
