import type { Expression, SmoothFunction } from './expression';
import { ExpressionPool } from './expression-pool';
import { mayBeInfinite } from './may-be-infinite';

type Absolute = Extract<Expression, { kind: 'absolute-power' }>;

/**
 * Makes the expressions of derivatives, shortened by rules that hold for all real numbers where the energy is finite: no others, since a
 * penalty may be taken at any of them.
 */
export class Algebra {
  readonly zero: Expression;
  readonly one: Expression;

  constructor(readonly pool: ExpressionPool = new ExpressionPool()) {
    this.zero = this.number(0);
    this.one = this.number(1);
  }

  number(value: number): Expression {
    return this.pool.one({ kind: 'number', value: value + 0 });
  }

  variable(name: string): Expression {
    return this.pool.one({ kind: 'variable', name });
  }

  sum(left: Expression, right: Expression): Expression {
    if (left === this.zero) return right;
    if (right === this.zero) return left;
    if (left.kind === 'number' && right.kind === 'number') return this.number(left.value + right.value);
    if (left === right) return this.product(this.number(2), left);
    if (right.kind === 'negation') return this.difference(left, right.of);
    return this.pool.one({ kind: 'sum', left, right });
  }

  difference(left: Expression, right: Expression): Expression {
    if (left === this.zero) return this.negation(right);
    if (right === this.zero) return left;
    if (left === right) return this.zero;
    if (left.kind === 'number' && right.kind === 'number') return this.number(left.value - right.value);
    if (right.kind === 'negation') return this.sum(left, right.of);
    return this.pool.one({ kind: 'difference', left, right });
  }

  negation(of: Expression): Expression {
    if (of.kind === 'number') return this.number(-of.value);
    if (of.kind === 'negation') return of.of;
    if (of.kind === 'product' && of.left.kind === 'number') {
      return this.product(this.number(-of.left.value), of.right);
    }
    return this.pool.one({ kind: 'negation', of });
  }

  /** Numbers come first and become one. 0 times anything is 0: where the other factor were infinite, so would the energy be. */
  product(left: Expression, right: Expression): Expression {
    if (left === this.zero || right === this.zero) return this.zero;
    const [first, restOfLeft] = this.coefficientOf(left);
    const [second, restOfRight] = this.coefficientOf(right);
    const coefficient = first * second;
    if (coefficient === 0 || !Number.isFinite(coefficient)) {
      return this.pool.one({ kind: 'product', left, right, guarded: false }); // out of the range of numbers
    }
    const rest = this.productOfRests(restOfLeft, restOfRight);
    if (coefficient === 1) return rest;
    if (rest === this.one) return this.number(coefficient);
    if (coefficient === -1) return this.negation(rest);
    return this.pool.one({ kind: 'product', left: this.number(coefficient), right: rest, guarded: false });
  }

  quotient(left: Expression, right: Expression): Expression {
    if (left === this.zero || right === this.one) return left;
    if (right.kind === 'number' && right.value !== 0 && Number.isFinite(1 / right.value)) {
      const [coefficient, rest] = this.coefficientOf(left);
      if (coefficient !== 1) return this.product(this.number(coefficient / right.value), rest);
    }
    if (right.kind === 'negation') return this.negation(this.quotient(left, right.of));
    return this.pool.one({ kind: 'quotient', left, right });
  }

  power(base: Expression, exponent: Expression): Expression {
    if (exponent.kind !== 'number') return this.pool.one({ kind: 'power', base, exponent });
    const { value } = exponent;
    if (value === 0) return this.one;
    if (value === 1) return base;
    if (base.kind === 'number' && Number.isFinite(base.value ** value))
      return this.number(base.value ** value);
    return this.ofAbsolute(base, value) ?? this.pool.one({ kind: 'power', base, exponent });
  }

  call(name: SmoothFunction, of: Expression): Expression {
    if (name === 'sqrt') return this.ofAbsolute(of, 0.5) ?? this.pool.one({ kind: 'call', name, of });
    return this.pool.one({ kind: 'call', name, of });
  }

  /** |base|^exponent, or sign(base) |base|^exponent. */
  absolutePower(base: Expression, exponent: number, signed: boolean): Expression {
    // |x|^0 and its like where a derivative has come down to them; even powers, and signed odd ones, need no |.|.
    if (exponent === 0 && !signed) return this.one;
    const whole = Number.isInteger(exponent) && exponent > 0;
    if (whole && (exponent % 2 === 0) !== signed) return this.power(base, this.number(exponent));
    return this.pool.one({ kind: 'absolute-power', base, exponent, signed });
  }

  select(
    left: Expression,
    right: Expression,
    [above, below, equal]: readonly [Expression, Expression, Expression],
  ): Expression {
    if (above === below && below === equal) return above;
    return this.pool.one({ kind: 'select', left, right, above, below, equal });
  }

  /** base^exponent as a power of an absolute value, where it is one: (u^2)^0.5 = |u|, and so for any factor of the base. */
  private ofAbsolute(base: Expression, exponent: number): Expression | undefined {
    const even = asEvenPower(base);
    if (even !== undefined) {
      return this.absolutePower(even.base, even.exponent * exponent, false);
    }
    if (Number.isInteger(exponent)) return undefined;
    if (base.kind !== 'product' && base.kind !== 'quotient') return undefined;
    const { left, right } = base;
    if (asEvenPower(left) === undefined && asEvenPower(right) === undefined) return undefined;
    const ofRight = base.kind === 'product' ? exponent : -exponent;
    return this.product(this.power(left, this.number(exponent)), this.power(right, this.number(ofRight)));
  }

  private productOfRests(left: Expression, right: Expression): Expression {
    if (left === this.one) return right;
    if (right === this.one) return left;
    if (left.kind === 'negation') return this.negation(this.product(left.of, right));
    if (right.kind === 'negation') return this.negation(this.product(left, right.of));
    const guarded = mayBeInfinite(left) || mayBeInfinite(right);
    return this.pool.one({ kind: 'product', left, right, guarded });
  }

  /** An expression as a number times a rest. */
  private coefficientOf(expression: Expression): readonly [number, Expression] {
    if (expression.kind === 'number') return [expression.value, this.one];
    if (expression.kind === 'product' && expression.left.kind === 'number') {
      return [expression.left.value, expression.right];
    }
    if (expression.kind === 'quotient' && expression.right.kind === 'number') {
      const [coefficient, rest] = this.coefficientOf(expression.left);
      if (Number.isFinite(1 / expression.right.value)) return [coefficient / expression.right.value, rest];
    }
    return [1, expression];
  }
}

/** u and an even q, or any q, where the expression is u^q, or |u|^q: never negative, so that (u^q)^p = |u|^(qp). */
function asEvenPower(expression: Expression): Pick<Absolute, 'base' | 'exponent'> | undefined {
  if (expression.kind === 'absolute-power' && !expression.signed) return expression;
  if (expression.kind === 'product' && expression.left === expression.right) {
    return { base: expression.left, exponent: 2 };
  }
  if (expression.kind !== 'power' || expression.exponent.kind !== 'number') return undefined;
  const { value } = expression.exponent;
  return value % 2 === 0 ? { base: expression.base, exponent: value } : undefined;
}
