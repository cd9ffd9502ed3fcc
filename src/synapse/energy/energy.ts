import { Algebra } from './algebra';
import { degreeIn, variablesOf } from './degree';
import { differentiate } from './differentiate';
import type { Expression } from './expression';
import { parsePenalty } from './parse-penalty';
import { renameVariable } from './rename-variable';
import { type WrittenExpressions, writeExpressions } from './write-kernel';

/** How an energy is to stand in a kernel. */
export interface Spelling {
  /** What to write for each variable. */
  readonly spell: (variable: string) => string;
  /** Names that no local may take. */
  readonly taken: readonly string[];
}

/**
 * An expression in a synapse's own variables, with exact partial derivatives. Wherever the value of its text is finite, so is it, to
 * rounding; and its partials are those of that function, of any order. At a kink the partial lies between those of its two sides: 0 where 0
 * is a subgradient. An infinite one is infinite.
 */
export class Energy {
  private constructor(
    private readonly algebra: Algebra,
    private readonly expression: Expression,
  ) {}

  /**
   * Reads a penalty such as `lambda * (phi - omega)^2 / 2`.
   * @throws InputError where it cannot be parsed, or uses an unknown name or function.
   */
  static parse(penalty: string, variables: readonly string[]): Energy {
    const algebra = new Algebra();
    return new Energy(algebra, parsePenalty(penalty, variables, algebra.pool));
  }

  /** The variables that it reads. */
  get reads(): ReadonlySet<string> {
    return variablesOf(this.expression);
  }

  /** The partial derivative by one variable. */
  partial(variable: string): Energy {
    return new Energy(this.algebra, differentiate(this.algebra, this.expression, variable));
  }

  /** Whether it is written, in this variable, as a polynomial of at most this degree. */
  isPolynomial(variable: string, degree: number): boolean {
    return degreeIn(this.expression, variable) <= degree;
  }

  /** The same function of a variable of another name. */
  renamed(from: string, to: string): Energy {
    return new Energy(this.algebra, renameVariable(this.algebra.pool, this.expression, from, to));
  }

  /** Kernel source of energies that come from one parsed penalty, with what they have in common computed once. */
  static write(energies: readonly Energy[], spelling: Spelling): WrittenExpressions {
    const { pool } = energies[0]!.algebra;
    return writeExpressions(
      energies.map(({ expression }) => expression),
      { pool, ...spelling },
    );
  }
}
