import type { Work } from '../../engine/counted-session';
import { CountedSession } from '../../engine/counted-session';
import type { Engine, Session } from '../../engine/engine';

/** What a trial may cost was spent before it came to an end. */
export class BudgetSpent extends Error {}

/** Sweeps of neurons that count as one gradient. */
const sweepsOfGradient = 64;

/** An engine for one trial: its sessions do no more than so many gradients, and then throw `BudgetSpent`. */
export class LimitedEngine implements Engine {
  readonly name: string;
  readonly credit: Engine['credit'];
  private readonly sessions: CountedSession[] = [];
  /** What gradients count for in each session. */
  private readonly costs = new Map<CountedSession, number>();

  constructor(
    private readonly engine: Engine,
    private readonly gradients: number,
  ) {
    this.name = engine.name;
    this.credit = engine.credit;
  }

  /** What was done so far. */
  get work(): Work {
    const sum = (of: keyof Work) => this.sessions.reduce((total, { work }) => total + work[of], 0);
    return { gradients: sum('gradients'), hessianVectors: sum('hessianVectors') };
  }

  /** The same, in gradients of a backward pass. */
  private get spent(): number {
    return [...this.costs].reduce((sum, [{ work }, cost]) => sum + work.gradients * cost, 0);
  }

  probe(): ReturnType<Engine['probe']> {
    return this.engine.probe();
  }

  async open(network: Parameters<Engine['open']>[0]): Promise<Session> {
    const counted = new CountedSession(await this.engine.open(network));
    this.sessions.push(counted);
    const { sweeps = 1 } = this.credit ?? network.credit;
    // Neurons that take long to settle cost more than a backward pass.
    const cost = Math.max(1, sweeps / sweepsOfGradient);
    this.costs.set(counted, cost);
    const spend = (gradients: number): void => {
      if (this.spent + gradients * cost > this.gradients) throw new BudgetSpent();
    };
    const limited: Session = {
      engine: counted.engine,
      read: (variable) => counted.read(variable),
      write: (variable, values) => counted.write(variable, values),
      evaluate: (batch, options) => counted.evaluate(batch, options),
      close: () => counted.close(),
      async settle(request) {
        spend(request.steps * (request.beta === 0 ? 1 : 2));
        return counted.settle(request);
      },
      async gradient(batch) {
        spend(1);
        return counted.gradient(batch);
      },
      async metaGradient(batch) {
        spend(1);
        return counted.metaGradient(batch);
      },
      relax: counted.relax,
      activity: counted.activity,
      // Bounded by their number in Lanczos.
      hessianVector: (batch, vector) => counted.hessianVector(batch, vector),
    };
    return limited;
  }
}
