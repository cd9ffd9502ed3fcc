import { RandomStreams } from '../../src/core/random';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { forward } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { StreamLearner, type StreamLearnerState } from '../../src/learning/stream-learner';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import type { RunContext } from '../../src/run/run-context';
import type { SynapseModel } from '../../src/synapse/model';
import { TaskStream } from '../../src/tasks/task-stream';
import { patterns } from './patterns';

export interface CascadeSettings {
  readonly synapses: number;
  readonly beta: number;
  readonly steps: number;
  readonly metaRate: number;
}

/** The rule by which memories are written: phases that step at the inverse of the curvature, the same for every synapse. */
export function writingRule({ synapses, beta, steps }: CascadeSettings, strength: number) {
  const phase = { optimizer: sgd({ rate: 1 / (2 / synapses + strength) }), steps, tolerance: 0 };
  return contrastive({ estimator: forward(beta), free: phase, nudged: phase });
}

type Surroundings = Pick<RunContext<CascadeSettings>, 'config' | 'seed' | 'engine' | 'rules' | 'signal'>;

/**
 * The same synapses twice, which live through the same memories; but behind the first one, the second has the opposite of what it left, as if
 * it had been the opposite memory: half of their difference is what the first memory has left, without the noise of the others.
 */
export class Pair {
  readonly first: StreamLearner;
  private readonly second: StreamLearner;
  private readonly pattern: Float64Array;
  private readonly signal: AbortSignal;
  private readonly anchor: string;

  constructor(synapse: SynapseModel, { config, seed, engine, rules, signal }: Surroundings) {
    const { synapses, metaRate } = config;
    const layers = [dense(1, synapses, { bias: false })];
    const network = defineNetwork({ input: [1], layers, loss: mse, synapse });
    const rule = writingRule(config, synapse.declared.g!.initial!);
    const make = () =>
      new StreamLearner({
        network,
        learner: contrastiveLearner({ network, rule, rules }),
        stream: new TaskStream({
          source: patterns(synapses),
          random: new RandomStreams(seed).stream('tasks'),
        }),
        meta: { optimizer: sgd({ rate: metaRate }), learn: [synapse.anchor!] },
        initial: { [synapse.anchor!]: 0 },
        batch: 1,
        engine,
        rules,
        seed,
      });
    this.first = make();
    this.second = make();
    this.signal = signal;
    this.anchor = synapse.anchor!;
    this.pattern = new Float64Array(synapses);
  }

  /** Writes the next memory. Gives what is left of the first one, and the spread of u_1 over synapses. */
  async write(age: number): Promise<{ signal: number; spread: number }> {
    await this.first.metaStep(this.signal);
    if (age === 0) await this.opposite();
    else await this.second.metaStep(this.signal);
    const [a, b] = [this.first, this.second].map((of) => of.population.values(this.anchor)) as [
      Float64Array,
      Float64Array,
    ];
    if (age === 0) this.pattern.set(a.map(Math.sign));
    const { length } = a;
    const signal = a.reduce((sum, value, i) => sum + (this.pattern[i]! * (value - b[i]!)) / 2, 0) / length;
    const mean = a.reduce((sum, value) => sum + value, 0) / length;
    const spread = Math.sqrt(a.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
    return { signal, spread };
  }

  /** Everything began at 0 and is linear, so that the opposite memory would have left the opposite. */
  private async opposite(): Promise<void> {
    const state = this.first.save();
    const { declared } = this.first.population.model;
    for (const [name, values] of Object.entries(state.variables))
      if (declared[name]?.nonNegative === false) state.variables[name] = values.map((value) => -value);
    await this.second.restore(state);
  }

  save() {
    return { first: this.first.save(), second: this.second.save(), pattern: this.pattern.slice() };
  }

  restore(state: { first: StreamLearnerState; second: StreamLearnerState; pattern: Float64Array }): void {
    this.first.restore(state.first);
    this.second.restore(state.second);
    this.pattern.set(state.pattern);
  }

  async close(): Promise<void> {
    await this.first.close();
    await this.second.close();
  }
}
