import { norm } from '../core/norm';
import type { Engine } from '../engine/engine';
import type { Credit } from '../network/credit/credit';
import type { ContrastiveRule } from './contrastive';
import type { PhaseEndEvent } from './events';

/** Above this norm of the gradient a phase counts as not converged, where no tolerance was asked for. */
const defaultTolerance = 1e-6;

/** One sentence for each phase whose end is no equilibrium, with its residual: the contrast of such ends is an error. */
export function convergenceWarnings(
  phases: readonly PhaseEndEvent[],
  { free, nudged }: Pick<ContrastiveRule, 'free' | 'nudged'>,
): string[] {
  return phases
    .filter(({ beta, residual }) => {
      const { tolerance } = beta === 0 ? free : nudged;
      return !(residual <= (tolerance || defaultTolerance));
    })
    .map(({ beta, residual, steps }) => {
      const { tolerance, residualAtEnd } = beta === 0 ? free : nudged;
      const where = residualAtEnd || tolerance > 0 ? 'after' : 'before the last of';
      return (
        `the ${beta === 0 ? 'free' : 'nudged'} phase (beta = ${beta}) has not converged: ` +
        `residual ${residual.toExponential(2)} ${where} ${steps} ${steps === 1 ? 'step' : 'steps'}`
      );
    });
}

/**
 * Above this residual neurons count as not settled. Measured on random networks of 2 to 4 layers of weights, 10 each, by equilibrium propagation with weights as
 * drawn and 3 times as large: the gradient's relative error is up to 3 times the residual (of dyadic neurons, less than the residual), so some percent here.
 */
const unsettledAbove = 1e-2;

/**
 * One sentence for each phase at whose end neurons had not settled, which makes its gradients wrong: by how much, and what to change.
 * @param credit where gradients come from
 */
export function neuronWarnings(phases: readonly PhaseEndEvent[], credit: Credit): string[] {
  const { dt = null } = credit as { dt?: number | null };
  const change = `raise the sweeps of the credit${dt === null ? '' : `, or set its dt (${dt}) to null`}`;
  const after =
    credit.sweeps === undefined ? '' : ` after ${credit.sweeps} ${credit.sweeps === 1 ? 'sweep' : 'sweeps'}`;
  return phases.flatMap(({ beta, neuralResidual = 0 }) => {
    if (neuralResidual <= unsettledAbove) return [];
    return [
      `neurons have not settled at the end of the ${beta === 0 ? 'free' : 'nudged'} phase (beta = ${beta}): residual ${neuralResidual.toExponential(1)}${after}, ` +
        `and gradients may be off by ${credit.kind === 'dual' ? 'about' : 'up to 3 times'} as much: ${change}`,
    ];
  });
}

/** Half a unit in the last place of float32, relative: what each phi is rounded by. */
const rounding = 2 ** -24;

/**
 * With fewer decimal digits than this, rounding alone makes an error of some percent. Measured on Boston, phases settled as far as
 * float32 goes: 6.2, 5.2, 4.2, 3.2, 2.2 digits left errors of 6e-6, 1e-4, 1e-3, 1.5e-2, 1e-1.
 */
const fewest = 3;

/**
 * How many decimal digits of a contrast float32 leaves: those by which phi moves between the free and a nudged phase, beyond
 * what it is rounded by. Infinity where it does not move, for then there is nothing to lose.
 */
function contrastDigits(free: Float64Array, nudged: Float64Array): number {
  const moved = norm(free.map((value, i) => nudged[i]! - value));
  if (moved === 0) return Number.POSITIVE_INFINITY;
  return Math.log10(moved / (rounding * norm(free)));
}

/** A sentence for each nudged phase whose contrast float32 leaves too few digits; none for float64. */
export function precisionWarnings(
  equilibria: ReadonlyMap<number, Float64Array>,
  precision: 'float64' | 'float32',
): string[] {
  const free = equilibria.get(0)!;
  if (precision === 'float64') return [];
  return [...equilibria].flatMap(([beta, nudged]) => {
    const digits = beta === 0 ? Number.POSITIVE_INFINITY : contrastDigits(free, nudged);
    if (digits >= fewest) return [];
    return [
      `float32 leaves ${Math.max(0, digits).toFixed(1)} decimal digits of the contrast at beta = ${beta}: ` +
        'take a larger beta, or the engine reference, which is float64',
    ];
  });
}

/** What is read of a task's result. */
interface Ended {
  readonly phases: readonly PhaseEndEvent[];
  readonly equilibria: ReadonlyMap<number, Float64Array>;
}

/** Warns of each kind of weak phase once: free ones, nudged ones, neurons that have not settled, contrasts of too few digits. */
export class PhaseWarner {
  private readonly given = new Set<string>();
  /** Of the engine, once it was asked. */
  private precision: 'float64' | 'float32' | null = null;

  constructor(
    private readonly rule: ContrastiveRule,
    private readonly credit: Credit,
    private readonly warn: (line: string) => void,
  ) {}

  /** @param metaStep Its number, for the sentence. */
  async judge({ phases, equilibria }: Ended, metaStep: number, engine: Engine): Promise<void> {
    const first = (kind: string, lines: readonly string[]) => {
      if (lines.length === 0 || this.given.has(kind)) return;
      this.given.add(kind);
      this.warn(`meta-step ${metaStep}: ${lines[0]}. Later ones of this kind are not reported`);
    };
    const ends = (free: boolean) => phases.filter(({ beta }) => (beta === 0) === free);
    first('free', convergenceWarnings(ends(true), this.rule));
    first('nudged', convergenceWarnings(ends(false), this.rule));
    first('neurons', neuronWarnings(phases, this.credit));
    this.precision ??= await precisionOf(engine);
    first('digits', precisionWarnings(equilibria, this.precision));
  }

  /** The kinds that were warned of. */
  save(): string[] {
    return [...this.given];
  }

  restore(given: readonly string[]): void {
    this.given.clear();
    for (const kind of given) this.given.add(kind);
  }
}

async function precisionOf(engine: Engine): Promise<'float64' | 'float32'> {
  const probe = await engine.probe();
  return probe.available ? probe.precision : 'float64';
}
